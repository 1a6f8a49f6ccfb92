package dev.nordfaas.policy;

import dev.nordfaas.config.Durations;
import dev.nordfaas.config.ScaleConfig.Behavior;
import dev.nordfaas.config.StackConfig;
import dev.nordfaas.config.check.Problems;
import dev.nordfaas.config.model.KeyPath;
import dev.nordfaas.plan.Plan;
import java.time.Duration;

/** A workload's scale.max is not below its scale.min, and its autoscaler accepts the times. */
final class ScaleRule implements Rule {
  private static final String WINDOW = "stabilizationWindow";
  private static final String PERIOD = "period";

  @Override
  public void check(StackConfig config, Plan plan, Problems problems) {
    for (var workload : plan.pods()) {
      workload
          .scale()
          .filter(scale -> scale.max() < scale.min())
          .ifPresent(
              scale ->
                  problems.add(
                      workload.scalePath().key("max"),
                      "%d is below min %d".formatted(scale.max(), scale.min()),
                      "use %d or more".formatted(scale.min()),
                      workload.scalePath().key("min")));
      workload
          .scale()
          .ifPresent(scale -> checkBehavior(scale.behavior(), workload.scalePath(), problems));
    }
  }

  private static void checkBehavior(Behavior behavior, KeyPath scale, Problems problems) {
    var up = scale.key("behavior").key("scaleUp");
    var down = scale.key("behavior").key("scaleDown");
    checkTime(behavior.scaleUp().stabilizationWindow(), 0, 3600, up.key(WINDOW), problems);
    checkTime(behavior.scaleUp().period(), 1, 1800, up.key(PERIOD), problems);
    checkTime(behavior.scaleDown().stabilizationWindow(), 0, 3600, down.key(WINDOW), problems);
    checkTime(behavior.scaleDown().period(), 1, 1800, down.key(PERIOD), problems);
  }

  private static void checkTime(Duration time, int min, int max, KeyPath path, Problems problems) {
    if (time.toMillis() % 1000 != 0 || time.toSeconds() < min || time.toSeconds() > max) {
      problems.add(
          path,
          "the autoscaler does not accept " + Durations.format(time),
          "use whole seconds from %s to %s"
              .formatted(
                  Durations.format(Duration.ofSeconds(min)),
                  Durations.format(Duration.ofSeconds(max))));
    }
  }
}
