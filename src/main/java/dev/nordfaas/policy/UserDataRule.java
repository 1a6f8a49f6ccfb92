package dev.nordfaas.policy;

import dev.nordfaas.config.StackConfig;
import dev.nordfaas.config.check.Problems;
import dev.nordfaas.config.model.KeyPath;
import dev.nordfaas.host.HostSpec;
import dev.nordfaas.host.IpAddress;
import dev.nordfaas.host.UserData;
import dev.nordfaas.plan.Plan;

/** A host's user-data is no larger than every provider accepts. */
final class UserDataRule implements Rule {
  private static final KeyPath KEYS = KeyPath.of("host", "authorizedKeys");

  @Override
  public void check(StackConfig config, Plan plan, Problems problems) {
    plan.hosts().stream()
        .filter(UserDataRule::canBeRendered)
        .mapToInt(host -> UserData.size(UserData.render(host)))
        .max()
        .ifPresent(size -> check(size, config.host().authorizedKeys().size(), problems));
  }

  /** The firewall cannot use names of other nodes; another rule refuses them. */
  private static boolean canBeRendered(HostSpec host) {
    return host.peers().stream().allMatch(IpAddress::isLiteral);
  }

  private static void check(int size, int keys, Problems problems) {
    if (size > UserData.MAX_BYTES) {
      problems.add(
          KEYS,
          "with %d of them user-data has %d bytes, but not every provider accepts more than %d"
              .formatted(keys, size, UserData.MAX_BYTES),
          "remove some");
    }
  }
}
