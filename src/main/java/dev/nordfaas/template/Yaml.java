package dev.nordfaas.template;

import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Writes flat YAML and scalars for templates. Not a mapper's work: what it writes lies on hosts,
 * and another spelling of the same value would be a change of theirs.
 */
public final class Yaml {
  private Yaml() {}

  /** The text as a double-quoted scalar, so that nothing in it has a special meaning. */
  public static String quote(String text) {
    var quoted = new StringBuilder("\"");
    text.chars()
        .forEach(
            c -> {
              if (c == '"' || c == '\\') {
                quoted.append('\\').append((char) c);
              } else if (c < ' ' || c == 0x7f) {
                quoted.append("\\x%02x".formatted(c));
              } else {
                quoted.append((char) c);
              }
            });
    return quoted.append('"').toString();
  }

  /**
   * A mapping, one {@code key: value} per line in the order of the map. Values are strings,
   * numbers, booleans or collections of strings; strings are quoted.
   */
  public static String mapping(Map<String, ?> entries) {
    return entries.entrySet().stream()
        .map(entry -> entry.getKey() + ":" + value(entry.getValue()))
        .collect(Collectors.joining());
  }

  private static String value(Object value) {
    if (value instanceof Collection<?> items) {
      return items.stream()
          .map(item -> "\n  - " + quote(item.toString()))
          .collect(Collectors.joining("", "", "\n"));
    }
    return " " + (value instanceof String text ? quote(text) : value) + "\n";
  }
}
