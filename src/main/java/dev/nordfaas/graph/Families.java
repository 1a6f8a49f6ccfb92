package dev.nordfaas.graph;

import dev.nordfaas.config.StackConfig;
import dev.nordfaas.function.CronTriggers;
import dev.nordfaas.function.Workloads;
import dev.nordfaas.manifest.Namespaces;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Which workloads there are once for every function: itself, its worker, its schedules. */
final class Families {
  /** The kinds, with what several of them are called. */
  enum Family {
    FUNCTIONS("functions"),
    WORKERS("workers"),
    SCHEDULES("schedules");

    private final String label;

    Family(String label) {
      this.label = label;
    }

    String label() {
      return label;
    }
  }

  /** A workload of a function. */
  record Member(Family family, String function) {}

  private final Map<String, Member> members = new TreeMap<>();

  Families(StackConfig config) {
    config
        .functions()
        .forEach(
            (name, function) -> {
              members.put(workload(name), new Member(Family.FUNCTIONS, name));
              function
                  .queue()
                  .ifPresent(
                      queue ->
                          members.put(
                              workload(Workloads.workerName(name)),
                              new Member(Family.WORKERS, name)));
              if (!function.cron().isEmpty()) {
                members.put(
                    workload(name + CronTriggers.ENDING), new Member(Family.SCHEDULES, name));
              }
            });
  }

  /** As flows name a workload of the functions' namespace. */
  static String workload(String name) {
    return Namespaces.FUNCTIONS + "/" + name;
  }

  /** Of which function a workload is, if it is of one. */
  Optional<Member> of(String workload) {
    return Optional.ofNullable(members.get(workload));
  }

  /** Whether two workloads are different ones of the same function. */
  boolean areOfOneFunction(String one, String other) {
    return !one.equals(other)
        && of(one)
            .flatMap(member -> of(other).filter(it -> it.function().equals(member.function())))
            .isPresent();
  }
}
