package dev.nordfaas.importer;

import dev.nordfaas.config.model.Quote;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** A value of the file, aliases and merge keys resolved. */
sealed interface Value {
  /** The line of its key, or of its first character in a list; the first is 1. */
  int line();

  /** What it is, for messages. */
  String kind();

  /**
   * One text, number, boolean or nothing.
   *
   * @param text as written, without quotes
   * @param isNull whether YAML reads it as nothing
   */
  record Scalar(String text, boolean isNull, int line) implements Value {
    @Override
    public String kind() {
      return isNull ? "nothing" : Quote.of(text);
    }
  }

  /** Values by their keys, in the order of the file. */
  record Mapping(Map<String, Value> entries, int line) implements Value {
    @Override
    public String kind() {
      return "a map";
    }
  }

  /** Values in an order. */
  record Sequence(List<Value> items, int line) implements Value {
    @Override
    public String kind() {
      return "a list";
    }
  }

  /** The names and numbers of what is in it, never a value: it may be a password. */
  static String outline(Value value) {
    if (value instanceof Mapping mapping) {
      return new TreeSet<>(mapping.entries().keySet())
          .stream()
              .map(key -> key + inner(mapping.entries().getOrDefault(key, value)))
              .collect(Collectors.joining(", "));
    }
    if (value instanceof Sequence sequence) {
      return sequence.items().stream().allMatch(Scalar.class::isInstance)
          ? sequence.items().size() + (sequence.items().size() == 1 ? " value" : " values")
          : sequence.items().stream().map(Value::outline).collect(Collectors.joining("; "));
    }
    return "";
  }

  private static String inner(Value value) {
    return value instanceof Scalar ? "" : " (" + outline(value) + ")";
  }
}
