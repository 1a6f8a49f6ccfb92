package dev.nordfaas.config;

import java.util.List;

/** Runs one rule on a variant of stack {@code oslo}. */
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
}
