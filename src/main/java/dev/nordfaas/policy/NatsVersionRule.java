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
    check(config.nats().image(), KeyPath.of("nats", "image"), problems);
    config
        .openfaas()
        .jetstream()
        .ifPresent(
            jetstream ->
                check(
                    jetstream.natsImage(),
                    KeyPath.of("openfaas", "jetstream", "natsImage"),
                    problems));
  }

  private static void check(String image, KeyPath key, Problems problems) {
    ImageVersion.of(image)
        .filter(NatsVersionRule::losesStreams)
        .ifPresent(
            version ->
                problems.add(
                    key,
                    "nats-server %s can lose a stream that is created twice".formatted(version),
                    "use 2.14.5 or newer, or 2.12 from 2.12.15 on"));
  }

  private static boolean losesStreams(ImageVersion version) {
    var isFixed212 = version.major() == 2 && version.minor() == 12 && !version.isBelow(2, 12, 15);
    return version.isBelow(2, 14, 5) && !isFixed212;
  }
}
