package dev.nordfaas.policy;

import dev.nordfaas.config.HostConfig;
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

  private static final KeyPath FILES = KeyPath.of("host", "files");

  @Override
  public void check(StackConfig config, Plan plan, Problems problems) {
    plan.hosts().stream()
        .filter(UserDataRule::canBeRendered)
        .mapToInt(host -> UserData.size(UserData.render(host)))
        .max()
        .ifPresent(size -> check(size, config.host(), problems));
  }

  /** The firewall cannot use names of other nodes; another rule refuses them. */
  private static boolean canBeRendered(HostSpec host) {
    return host.peers().stream().allMatch(IpAddress::isLiteral);
  }

  private static void check(int size, HostConfig host, Problems problems) {
    if (size <= UserData.MAX_BYTES) {
      return;
    }
    var keys = host.authorizedKeys().size();
    if (host.files().isEmpty()) {
      problems.add(
          KEYS,
          "with %d of them user-data has %d bytes, but not every provider accepts more than %d"
              .formatted(keys, size, UserData.MAX_BYTES),
          "remove some");
    } else {
      problems.add(
          FILES,
          "with them user-data has %d bytes, but not every provider accepts more than %d"
              .formatted(size, UserData.MAX_BYTES),
          "make them smaller, or let a smaller one fetch them");
    }
  }
}
