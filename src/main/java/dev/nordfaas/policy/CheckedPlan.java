package dev.nordfaas.policy;

import dev.nordfaas.config.StackConfig;
import dev.nordfaas.config.check.Problems.Problem;
import dev.nordfaas.plan.Plan;
import java.util.List;

/**
 * A plan that keeps to all rules.
 *
 * @param warnings what works, but not as well as the config seems to say
 */
public record CheckedPlan(Plan plan, List<Problem> warnings) {
  /** Copies the warnings. */
  public CheckedPlan {
    warnings = List.copyOf(warnings);
  }

  /** The config that was planned. */
  public StackConfig config() {
    return plan.config();
  }
}
