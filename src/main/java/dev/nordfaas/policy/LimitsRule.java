package dev.nordfaas.policy;

import dev.nordfaas.config.StackConfig;
import dev.nordfaas.config.check.Problems;
import dev.nordfaas.plan.Plan;
import dev.nordfaas.plan.Pods.Sized;
import java.util.HashSet;

/** Kubernetes refuses a pod whose limit is below its request. */
final class LimitsRule implements Rule {

  @Override
  public void check(StackConfig config, Plan plan, Problems problems) {
    var seen = new HashSet<>();
    plan.pods().stream()
        .flatMap(workload -> workload.containers().stream())
        .filter(container -> seen.add(container.path()))
        .forEach(container -> checkLimits(container, problems));
  }

  private static void checkLimits(Sized container, Problems problems) {
    var requests = container.resources().requests();
    var limits = container.resources().limits();
    if (limits.memory().compareTo(requests.memory()) < 0) {
      add(container, "memory", limits.memory(), requests.memory(), problems);
    }
    limits
        .cpu()
        .filter(limit -> limit.compareTo(requests.cpu()) < 0)
        .ifPresent(limit -> add(container, "cpu", limit, requests.cpu(), problems));
  }

  private static void add(
      Sized container, String key, Object limit, Object request, Problems problems) {
    problems.add(
        container.path().key("limits").key(key),
        "%s is below the request of %s".formatted(limit, request),
        "use %s or more, or lower the request".formatted(request),
        container.path().key("requests").key(key));
  }
}
