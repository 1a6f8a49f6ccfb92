package dev.nordfaas.queueworker.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Reads variables and collects their problems, so that all are reported at once. */
final class Environment {
  private static final Pattern COMMA = Pattern.compile(",");

  private final Map<String, String> variables;
  private final List<String> problems = new ArrayList<>();

  Environment(Map<String, String> variables) {
    this.variables = variables;
  }

  /** The value, or {@code placeholder} with a problem recorded if it is missing or bad. */
  <T> T required(String name, T placeholder, Function<String, T> parser) {
    if (text(name).isEmpty()) {
      problems.add(name + " is missing");
      return placeholder;
    }
    return optional(name, parser).orElse(placeholder);
  }

  /** The value; empty if the variable is not set or empty. */
  <T> Optional<T> optional(String name, Function<String, T> parser) {
    try {
      return text(name).map(parser);
    } catch (IllegalArgumentException e) {
      problems.add(name + ": " + e.getMessage());
      return Optional.empty();
    }
  }

  /** Throws if any problems were found. */
  void check() {
    if (!problems.isEmpty()) {
      throw new InvalidEnvironmentException(problems);
    }
  }

  /** A whole number from {@code min} to {@code max}. */
  static Function<String, Integer> integer(int min, int max) {
    return text -> {
      var reason = "'%s' is not a whole number from %d to %d".formatted(text, min, max);
      try {
        var value = Integer.parseInt(text);
        if (value >= min && value <= max) {
          return value;
        }
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException(reason, e);
      }
      throw new IllegalArgumentException(reason);
    };
  }

  /** The comma-separated parts. */
  static <T> Function<String, List<T>> list(Function<String, T> parser) {
    return text -> COMMA.splitAsStream(text).map(String::strip).map(parser).toList();
  }

  private Optional<String> text(String name) {
    return Optional.ofNullable(variables.get(name)).filter(value -> !value.isBlank());
  }
}
