package dev.nordfaas.config;

import java.util.List;

/** Runs one rule on a variant of {@code Pulumi.oslo.yaml}. */
public final class RuleCheck {
  private RuleCheck() {}

  /** The lines of the problems, without {@code nordfaas:}. */
  public static List<String> problems(Rule rule, String patch) {
    try {
      ConfigLoader.load(StackFile.parse("oslo", BadConfigs.oslo(patch)), List.of(rule));
      return List.of();
    } catch (InvalidStackConfigException e) {
      return e.problems().stream()
          .map(problem -> problem.toString().replaceFirst("nordfaas:", ""))
          .toList();
    }
  }

  /** The lines of the warnings, without {@code nordfaas:}. */
  public static List<String> warnings(Rule rule, String patch) {
    return ConfigLoader.check(StackFile.parse("oslo", BadConfigs.oslo(patch)), List.of(rule))
        .warnings()
        .stream()
        .map(problem -> problem.toString().replaceFirst("nordfaas:", ""))
        .toList();
  }
}
