package dev.nordfaas.plan;

import dev.nordfaas.manifest.Requests;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/** Which pods run at once, where some take turns. */
public final class Turns {
  private Turns() {}

  /** What always runs and, of those that take turns, the one that requests most. */
  public static List<Pods> atOnce(List<Pods> workloads, ToLongFunction<Requests> amount) {
    var largest = new HashMap<String, Pods>();
    for (var workload : workloads) {
      workload
          .turn()
          .ifPresent(
              turn -> largest.merge(turn, workload, (one, other) -> larger(one, other, amount)));
    }
    return workloads.stream()
        .filter(it -> it.turn().isEmpty() || largest.containsValue(it))
        .toList();
  }

  private static Pods larger(Pods one, Pods other, ToLongFunction<Requests> amount) {
    return amount.applyAsLong(other.pod()) > amount.applyAsLong(one.pod()) ? other : one;
  }

  /**
   * What is there at the start, in the order in which it is placed: those that only a few nodes may
   * run come first, as they would in the end.
   */
  public static List<Pods> atStart(List<Pods> workloads) {
    return Stream.<ToLongFunction<Requests>>of(Requests::bytes, Requests::millicores)
        .flatMap(amount -> atOnce(workloads, amount).stream())
        .distinct()
        .sorted(Comparator.comparing(workload -> workload.pinned().isEmpty()))
        .toList();
  }
}
