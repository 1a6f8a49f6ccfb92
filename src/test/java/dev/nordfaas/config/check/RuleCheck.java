package dev.nordfaas.config.check;

import dev.nordfaas.plan.Plan;
import dev.nordfaas.policy.Rule;
import java.util.List;

/** Runs one rule on a variant of a stack, {@code oslo} unless it is named. */
public final class RuleCheck {
  private RuleCheck() {}

  /** The lines of the problems, without {@code nordfaas:}. */
  public static List<String> problems(Rule rule, String patch) {
    return problems(rule, "oslo", patch);
  }

  /** The lines of the problems of a stack's variant, without {@code nordfaas:}. */
  public static List<String> problems(Rule rule, String stack, String patch) {
    try {
      ConfigLoader.load(
          StackFile.parse(stack, BadConfigs.patched(stack, patch)),
          (config, found) -> {
            rule.check(config, Plan.of(config), found);
            return config;
          });
      return List.of();
    } catch (InvalidStackConfigException e) {
      return e.problems().stream()
          .map(problem -> problem.toString().replaceFirst("nordfaas:", ""))
          .toList();
    }
  }

  /** The lines of the warnings, without {@code nordfaas:}. */
  public static List<String> warnings(Rule rule, String patch) {
    return ConfigLoader.load(
            StackFile.parse("oslo", BadConfigs.oslo(patch)),
            (config, found) -> {
              rule.check(config, Plan.of(config), found);
              return found;
            })
        .warnings()
        .stream()
        .map(problem -> problem.toString().replaceFirst("nordfaas:", ""))
        .toList();
  }
}
