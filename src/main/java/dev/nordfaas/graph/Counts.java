package dev.nordfaas.graph;

import dev.nordfaas.plan.Pods;
import java.util.Collection;

/** How many pods there are, in words. */
final class Counts {
  private Counts() {}

  /** Such as {@code 2–5 pods}: at the start, and under load. */
  static String of(Pods pods) {
    return of(pods.replicas(), pods.most());
  }

  static String of(Collection<Pods> pods) {
    return of(
        pods.stream().mapToInt(Pods::replicas).sum(), pods.stream().mapToInt(Pods::most).sum());
  }

  /** Such as {@code ×2–5}; nothing for one. */
  static String times(Pods pods) {
    return pods.most() == 1 ? "" : " ×" + range(pods.replicas(), pods.most());
  }

  /** Such as {@code 1 more} of one that is not shown. */
  static String more(int number) {
    return "and %d more".formatted(number);
  }

  private static String of(int least, int most) {
    return range(least, most) + (most == 1 ? " pod" : " pods");
  }

  private static String range(int least, int most) {
    return least == most ? String.valueOf(least) : least + "–" + most;
  }
}
