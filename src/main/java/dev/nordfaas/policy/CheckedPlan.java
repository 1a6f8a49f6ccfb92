package dev.nordfaas.policy;

import dev.nordfaas.config.StackConfig;
import dev.nordfaas.config.check.Problems.Problem;
import dev.nordfaas.plan.Plan;
import java.util.List;

/**
 * A plan that satisfies all rules.
 *
 * @param warnings what works, but not as well as the config suggests
 */
public record CheckedPlan(Plan plan, List<Problem> warnings) {
  public CheckedPlan {
    warnings = List.copyOf(warnings);
  }

  public StackConfig config() {
    return plan.config();
  }
}
