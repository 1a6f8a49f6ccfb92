package dev.nordfaas.config.check;

import dev.nordfaas.plan.Plan;
import dev.nordfaas.policy.Rule;
import java.util.List;
import java.util.Set;

/** Runs one rule on a variant of a stack, {@code oslo} unless it is named. */
public final class RuleCheck {
  private RuleCheck() {}

  /** The lines of the problems, without {@code nordfaas:}. */
  public static List<String> problems(Rule rule, String patch) {
    return problems(rule, "oslo", patch);
  }

  /** The same of {@code oslo} with secrets in a section that are written as they are. */
  public static List<String> problemsOfDecrypted(Rule rule, String section, String patch) {
    var source = StackFile.parse("oslo", BadConfigs.oslo(patch));
    return problems(rule, new ConfigSource("oslo", source.sections(), Set.of(section)));
  }

  /** The lines of the problems of a stack's variant, without {@code nordfaas:}. */
  public static List<String> problems(Rule rule, String stack, String patch) {
    return problems(rule, StackFile.parse(stack, BadConfigs.patched(stack, patch)));
  }

  private static List<String> problems(Rule rule, ConfigSource source) {
    try {
      ConfigLoader.load(
          source,
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
