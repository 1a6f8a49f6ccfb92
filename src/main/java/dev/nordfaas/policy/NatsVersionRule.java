package dev.nordfaas.policy;

import dev.nordfaas.config.ImageVersion;
import dev.nordfaas.config.StackConfig;
import dev.nordfaas.config.check.Problems;
import dev.nordfaas.config.model.KeyPath;
import dev.nordfaas.plan.Plan;

/**
 * Before 2.14.5 and 2.12.15 nats-server could recreate a stream, and lose its messages, when asked
 * to create one that exists (nats-server #8449), which is what `pulumi up` does.
 */
final class NatsVersionRule implements Rule {

  @Override
  public void check(StackConfig config, Plan plan, Problems problems) {
    ImageVersion.of(config.nats().image())
        .filter(NatsVersionRule::losesStreams)
        .ifPresent(
            version ->
                problems.add(
                    KeyPath.of("nats", "image"),
                    "nats-server %s can lose a stream that is created twice".formatted(version),
                    "use 2.14.5 or newer, or 2.12 from 2.12.15 on"));
  }

  private static boolean losesStreams(ImageVersion version) {
    var isFixed212 = version.major() == 2 && version.minor() == 12 && !version.isBelow(2, 12, 15);
    return version.isBelow(2, 14, 5) && !isFixed212;
  }
}
