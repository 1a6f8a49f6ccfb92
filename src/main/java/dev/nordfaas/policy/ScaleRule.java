package dev.nordfaas.policy;

import dev.nordfaas.config.Problems;
import dev.nordfaas.config.Rule;
import dev.nordfaas.config.StackConfig;

/** A workload never has to run more replicas than it may. */
final class ScaleRule implements Rule {

  @Override
  public void check(StackConfig config, Problems problems) {
    for (var workload : Workload.of(config)) {
      workload
          .scale()
          .filter(scale -> scale.max() < scale.min())
          .ifPresent(
              scale ->
                  problems.add(
                      workload.replicasPath().key("max"),
                      "%d is below min %d".formatted(scale.max(), scale.min()),
                      "use %d or more".formatted(scale.min()),
                      workload.replicasPath().key("min")));
    }
  }
}
