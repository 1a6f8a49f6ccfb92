package dev.nordfaas.policy;

import dev.nordfaas.config.StackConfig;
import dev.nordfaas.config.check.Problems;
import dev.nordfaas.config.model.KeyPath;
import dev.nordfaas.manifest.Requests;
import dev.nordfaas.plan.Plan;
import dev.nordfaas.plan.Pods;
import dev.nordfaas.plan.Pods.Pinned;
import dev.nordfaas.plan.Room;
import dev.nordfaas.plan.Turns;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongFunction;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Everything that runs at the start fits on the nodes, in total and pod by pod: what always runs,
 * the Jobs that {@code up} waits for, a backup, a scheduled call, and K3s' own pods.
 *
 * <p>Replicas beyond scale.min need not fit: those that do not fit stay pending. The plan warns
 * about them, because the config then seems to expect more load than the nodes can carry. The
 * priority classes make sure that the platform runs regardless.
 *
 * <p>While one version of a workload replaces another, both exist; the rule counts one.
 */
final class CapacityRule implements Rule {
  private static final KeyPath NODES = KeyPath.of("nodes");

  private static final Resource MEMORY =
      new Resource("memory", true, Requests::bytes, Amounts::size);

  private static final Resource CPU = new Resource("cpu", true, Requests::millicores, Amounts::cpu);

  /** It follows from logs and scratch volumes; {@code StorageRule} adds the other volumes. */
  private static final Resource DISK =
      new Resource(Requests.DISK, false, Requests::disk, Amounts::size);

  @Override
  public void check(StackConfig config, Plan plan, Problems problems) {
    var workloads = plan.pods();
    var offers = Room.offers(config);
    if (offers.isEmpty()) {
      return;
    }
    var fits = MEMORY.check(workloads, offers, problems);
    fits &= CPU.check(workloads, offers, problems);
    fits &= DISK.check(workloads, offers, problems);
    if (fits) {
      warnOfScale(workloads, offers, problems);
    }
  }

  private static void warnOfScale(
      List<Pods> workloads, Map<String, Requests> offers, Problems problems) {
    var room = new Room(offers);
    Turns.atStart(workloads).forEach(workload -> room.place(workload, workload.replicas()));
    var scaled = workloads.stream().filter(it -> it.most() > it.replicas()).toList();
    var tooMany = scaled.stream().filter(it -> most(it, room) < it.most()).toList();
    tooMany.forEach(
        workload ->
            problems.warn(
                workload.scalePath().key("max"),
                "%d replicas of %s cpu and %s memory, of which %d fit while everything else is at scale.min"
                    .formatted(
                        workload.most(),
                        Amounts.cpu(workload.pod().millicores()),
                        Amounts.size(workload.pod().bytes()),
                        most(workload, room)),
                "lower it or the requests, or add nodes: what does not fit stays pending",
                related(workloads)));
    if (tooMany.isEmpty() && !fitTogether(room, scaled)) {
      problems.warn(
          NODES,
          "not all workloads fit at scale.max at once: they need %s cpu and %s memory more than at scale.min, but the nodes have %s and %s left"
              .formatted(
                  Amounts.cpu(sumOfMore(scaled).millicores()),
                  Amounts.size(sumOfMore(scaled).bytes()),
                  Amounts.cpu(room.left().millicores()),
                  Amounts.size(room.left().bytes())),
          "add nodes, or lower scale.max or the requests of %s: what does not fit stays pending"
              .formatted(scaled.stream().map(Pods::name).collect(Collectors.joining(", "))),
          related(workloads));
    }
  }

  /** How many replicas fit while everything else is at its minimum. */
  private static int most(Pods workload, Room room) {
    return workload.replicas() + room.more(workload);
  }

  private static boolean fitTogether(Room room, List<Pods> scaled) {
    var rest = room.copy();
    return scaled.stream()
        .allMatch(it -> rest.place(it, it.most() - it.replicas()) == it.most() - it.replicas());
  }

  private static Requests sumOfMore(List<Pods> scaled) {
    return scaled.stream()
        .map(it -> it.pod().times(it.most() - it.replicas()))
        .reduce(Requests.NONE, Requests::plus);
  }

  private static KeyPath[] related(List<Pods> workloads) {
    return workloads.stream()
        .flatMap(it -> Stream.concat(it.paths().stream(), it.replicasPath().stream()))
        .toArray(KeyPath[]::new);
  }

  /**
   * What the rule adds up.
   *
   * @param inConfig whether the config has a key for it, with this name
   */
  private record Resource(
      String key, boolean inConfig, ToLongFunction<Requests> amount, LongFunction<String> text) {

    /** Adds a problem if something does not fit; returns whether everything does. */
    boolean check(List<Pods> workloads, Map<String, Requests> offers, Problems problems) {
      for (var workload : workloads) {
        var largest =
            offers.entrySet().stream()
                .filter(it -> workload.mayRunOn(it.getKey()))
                .mapToLong(it -> amount.applyAsLong(it.getValue()))
                .max();
        // Another rule reports a selector that no node satisfies.
        if (largest.isPresent() && amount.applyAsLong(workload.pod()) > largest.getAsLong()) {
          reportTooLarge(workload, largest.getAsLong(), problems);
          return false;
        }
      }
      return checkSum(workloads, sum(offers, offers.keySet()), problems)
          && workloads.stream()
              .flatMap(workload -> workload.pinned().stream())
              // Another rule reports nodes that there are not.
              .filter(pinned -> offers.keySet().containsAll(pinned.nodes()))
              .filter(distinctNodes())
              .allMatch(pinned -> checkPinned(pinned, workloads, offers, problems));
    }

    private static Predicate<Pinned> distinctNodes() {
      var seen = new HashSet<Set<String>>();
      return pinned -> !pinned.nodes().isEmpty() && seen.add(pinned.nodes());
    }

    private long sum(Map<String, Requests> offers, Set<String> nodes) {
      return nodes.stream().mapToLong(node -> amount.applyAsLong(offers.get(node))).sum();
    }

    /** What may run nowhere else fits on those nodes, if they had nothing else to run. */
    private boolean checkPinned(
        Pinned pinned, List<Pods> workloads, Map<String, Requests> offers, Problems problems) {
      var counted =
          workloads.stream()
              .filter(
                  it ->
                      it.pinned().filter(on -> pinned.nodes().containsAll(on.nodes())).isPresent())
              .toList();
      var requested = requested(counted);
      var offered = sum(offers, pinned.nodes());
      if (requested <= offered) {
        return true;
      }
      problems.add(
          pinned.path(),
          "requests of %s %s exceed the %s that %s %s left for pods: %s"
              .formatted(
                  text.apply(requested),
                  key,
                  text.apply(offered),
                  String.join(", ", pinned.nodes()),
                  pinned.nodes().size() == 1 ? "has" : "have",
                  sum(counted)),
          "add nodes with these labels or lower requests",
          related(counted, NODES));
      return false;
    }

    private long requested(List<Pods> counted) {
      return counted.stream()
          .mapToLong(workload -> workload.replicas() * amount.applyAsLong(workload.pod()))
          .sum();
    }

    private KeyPath[] related(List<Pods> counted, KeyPath... more) {
      return Stream.concat(
              counted.stream()
                  .flatMap(
                      workload ->
                          Stream.concat(
                              workload.paths().stream()
                                  .filter(path -> inConfig)
                                  .map(path -> path.key("requests").key(key)),
                              workload.replicasPath().stream())),
              Stream.of(more))
          .toArray(KeyPath[]::new);
    }

    private void reportTooLarge(Pods workload, long largest, Problems problems) {
      var main = workload.containers().stream().findFirst();
      var own =
          main.filter(it -> inConfig).map(it -> Requests.of(it.resources())).orElse(workload.pod());
      problems.add(
          main.filter(it -> inConfig)
              .map(it -> it.path().key("requests").key(key))
              .or(workload::replicasPath)
              .orElse(NODES),
          "%s%s%s on no node%s: the largest has %s left for pods"
              .formatted(
                  text.apply(amount.applyAsLong(own)),
                  inConfig ? "" : " of " + key,
                  amount.applyAsLong(own) == amount.applyAsLong(workload.pod())
                      ? " fits"
                      : ", %s with the pod's other containers, fits"
                          .formatted(text.apply(amount.applyAsLong(workload.pod()))),
                  workload.pinned().map(it -> " that its nodeSelector allows").orElse(""),
                  text.apply(largest)),
          "lower it or use a larger VPS",
          Stream.concat(Stream.of(NODES), workload.pinned().map(Pinned::path).stream())
              .toArray(KeyPath[]::new));
    }

    private boolean checkSum(List<Pods> workloads, long offered, Problems problems) {
      var counted = Turns.atOnce(workloads, amount);
      var requested = requested(counted);
      if (requested <= offered) {
        return true;
      }
      problems.add(
          NODES,
          "requests of %s %s exceed the %s that the nodes have left for pods: %s"
              .formatted(text.apply(requested), key, text.apply(offered), sum(counted)),
          inConfig ? "add nodes or lower requests" : "add nodes or use larger disks",
          related(counted));
      return false;
    }

    private String sum(List<Pods> workloads) {
      return workloads.stream()
          .filter(workload -> amount.applyAsLong(workload.pod()) > 0)
          .map(
              workload ->
                  "%s %d × %s"
                      .formatted(
                          workload.name(),
                          workload.replicas(),
                          text.apply(amount.applyAsLong(workload.pod()))))
          .collect(Collectors.joining(" + "));
    }
  }
}
