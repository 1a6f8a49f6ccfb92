package dev.nordfaas.policy;

import dev.nordfaas.config.StackConfig;
import dev.nordfaas.config.check.Problems;
import dev.nordfaas.config.model.KeyPath;
import dev.nordfaas.plan.Plan;

/**
 * PostgreSQL's pod has the QoS class Guaranteed, with limits equal to requests, so that the kernel
 * kills other pods first when a node runs out of memory.
 */
final class GuaranteedRule implements Rule {
  private static final KeyPath RESOURCES = KeyPath.of("postgres", "resources");

  @Override
  public void check(StackConfig config, Plan plan, Problems problems) {
    var requests = config.postgres().resources().requests();
    var limits = config.postgres().resources().limits();
    check(
        "memory",
        requests.memory(),
        limits.memory(),
        requests.memory().bytes() < limits.memory().bytes(),
        problems);
    limits
        .cpu()
        .ifPresent(
            limit ->
                check("cpu", requests.cpu(), limit, requests.cpu().compareTo(limit) < 0, problems));
  }

  /** A limit below the request is reported by another rule. */
  private static void check(
      String key, Object request, Object limit, boolean above, Problems problems) {
    if (above) {
      problems.add(
          RESOURCES.key("limits").key(key),
          "%s is above the request of %s, so PostgreSQL would be killed before pods that stay within theirs"
              .formatted(limit, request),
          "use the same value for both",
          RESOURCES.key("requests").key(key));
    }
  }
}
