package dev.nordfaas.policy;

import dev.nordfaas.config.Problems;
import dev.nordfaas.config.StackConfig;
import dev.nordfaas.plan.Plan;
import java.util.HashSet;

/** Kubernetes refuses a pod whose limit is below its request. */
final class LimitsRule implements Rule {

  @Override
  public void check(StackConfig config, Plan plan, Problems problems) {
    var seen = new HashSet<>();
    Workload.of(config).stream()
        .filter(workload -> seen.add(workload.path()))
        .forEach(workload -> checkLimits(workload, problems));
  }

  private static void checkLimits(Workload workload, Problems problems) {
    var requests = workload.resources().requests();
    var limits = workload.resources().limits();
    if (limits.memory().compareTo(requests.memory()) < 0) {
      add(workload, "memory", limits.memory(), requests.memory(), problems);
    }
    limits
        .cpu()
        .filter(limit -> limit.compareTo(requests.cpu()) < 0)
        .ifPresent(limit -> add(workload, "cpu", limit, requests.cpu(), problems));
  }

  private static void add(
      Workload workload, String key, Object limit, Object request, Problems problems) {
    problems.add(
        workload.path().key("limits").key(key),
        "%s is below the request of %s".formatted(limit, request),
        "use %s or more, or lower the request".formatted(request),
        workload.path().key("requests").key(key));
  }
}
