package dev.nordfaas.config.check;

import com.pulumi.exceptions.RunException;
import java.util.List;

/** A stack config with problems. Pulumi shows only the message, without a stack trace. */
public final class InvalidStackConfigException extends RunException {
  private final transient List<Problems.Problem> problems;

  InvalidStackConfigException(String stack, Problems problems) {
    super(message(stack, problems.sorted()));
    this.problems = problems.sorted();
  }

  private InvalidStackConfigException(String message) {
    super(message);
    this.problems = List.of();
  }

  /** For a file that the CLI refuses, too. */
  static InvalidStackConfigException unreadable(String stack, String detail) {
    return new InvalidStackConfigException(
        "Stack '%1$s' is not valid: Pulumi.%1$s.yaml cannot be read: %2$s"
            .formatted(stack, detail));
  }

  /** The problems in the order of the message. */
  public List<Problems.Problem> problems() {
    return problems;
  }

  private static String message(String stack, List<Problems.Problem> problems) {
    var text = new StringBuilder();
    text.append("Stack '%s' is not valid (%s):\n".formatted(stack, count(problems)));
    problems.forEach(problem -> text.append("  ").append(problem).append('\n'));
    return text.append(
            "Fix %s, then run `pulumi preview --stack %s` again."
                .formatted(places(stack, problems), stack))
        .toString();
  }

  private static String places(String stack, List<Problems.Problem> problems) {
    var own = "Pulumi.%s.yaml".formatted(stack);
    var files = problems.stream().flatMap(problem -> problem.file().stream()).distinct().toList();
    if (files.isEmpty()) {
      return own;
    }
    var named = files.size() == 1 ? files.get(0) : "the files that are named";
    return problems.stream().allMatch(problem -> problem.file().isPresent())
        ? named
        : own + " and " + named;
  }

  private static String count(List<Problems.Problem> problems) {
    return problems.size() == 1 ? "1 problem" : problems.size() + " problems";
  }
}
