package dev.nordfaas.testing;

import java.util.function.UnaryOperator;

/**
 * What the kubelet makes of the values of variables, of commands, of their arguments and of exec
 * probes: {@code third_party/forked/golang/expansion/expand.go} of Kubernetes v1.34.4, line by
 * line.
 */
public final class Expansion {
  private Expansion() {}

  /** Replaces references with what the mapping has for their names. */
  public static String expand(String input, UnaryOperator<String> mapping) {
    var expanded = new StringBuilder();
    var checkpoint = 0;
    for (var cursor = 0; cursor < input.length(); cursor++) {
      if (input.charAt(cursor) == '$' && cursor + 1 < input.length()) {
        expanded.append(input, checkpoint, cursor);
        var read = tryReadVariableName(input.substring(cursor + 1));
        expanded.append(read.isVariable() ? mapping.apply(read.text()) : read.text());
        cursor += read.advance();
        checkpoint = cursor + 1;
      }
    }
    return expanded + input.substring(checkpoint);
  }

  private record Read(String text, boolean isVariable, int advance) {}

  private static Read tryReadVariableName(String input) {
    switch (input.charAt(0)) {
      case '$':
        return new Read("$", false, 1);
      case '(':
        var end = input.indexOf(')', 1);
        return end < 0
            ? new Read("$(", false, 1)
            : new Read(input.substring(1, end), true, end + 1);
      default:
        var first = input.codePointAt(0);
        return new Read("$" + Character.toString(first), false, Character.charCount(first));
    }
  }
}
