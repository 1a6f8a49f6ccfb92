package dev.nordfaas.policy;

import dev.nordfaas.config.KeyPath;
import dev.nordfaas.config.Problems;
import dev.nordfaas.config.Rule;
import dev.nordfaas.config.StackConfig;
import dev.nordfaas.host.HostSpec;
import dev.nordfaas.host.UserData;
import java.util.List;

/** A host's user-data is no larger than what every provider takes. */
final class UserDataRule implements Rule {
  private static final KeyPath KEYS = KeyPath.of("host", "authorizedKeys");

  @Override
  public void check(StackConfig config, Problems problems) {
    config.nodes().entrySet().stream()
        .mapToInt(
            node ->
                UserData.size(
                    UserData.render(
                        new HostSpec(
                            node.getKey(),
                            node.getValue(),
                            config.host(),
                            config.ssh(),
                            ListenedPorts.of(config),
                            List.of(config.k3s().clusterCidr(), config.k3s().serviceCidr()),
                            List.of()))))
        .max()
        .ifPresent(size -> check(size, config.host().authorizedKeys().size(), problems));
  }

  private static void check(int size, int keys, Problems problems) {
    if (size > UserData.MAX_BYTES) {
      problems.add(
          KEYS,
          "with %d of them user-data has %d bytes, and not every provider takes more than %d"
              .formatted(keys, size, UserData.MAX_BYTES),
          "leave some out");
    }
  }
}
