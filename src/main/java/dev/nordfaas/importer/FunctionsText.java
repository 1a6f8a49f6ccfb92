package dev.nordfaas.importer;

import dev.nordfaas.config.model.KeyPath;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes the functions as a section of a stack config: YAML in lines, and how to set the secrets.
 */
final class FunctionsText {
  static final String SECTION = "nordfaas:functions";
  private static final Pattern PLAIN =
      Pattern.compile("[A-Za-z/][A-Za-z0-9_./@-]*(:[A-Za-z0-9][A-Za-z0-9_./@-]*)*");

  /** What some YAML parser reads as something else than a text. */
  private static final Set<String> WORDS =
      Set.of("true", "false", "null", "yes", "no", "on", "off", "y", "n");

  private FunctionsText() {}

  /** The section, indented for its place below {@code config:}. */
  static String of(ObjectNode functions, String file) {
    var text = new StringBuilder();
    text.append(
        "  # From %s, by tools/import-functions.\n".formatted(file.replaceAll("\\p{Cntrl}", "?")));
    text.append("  ").append(SECTION).append(":\n");
    write(functions, KeyPath.of("functions"), 2, text);
    return text.toString();
  }

  private static void write(ObjectNode object, KeyPath path, int depth, StringBuilder text) {
    for (var entry : object.properties()) {
      var at = path.key(entry.getKey());
      text.append("  ".repeat(depth)).append(scalar(entry.getKey())).append(':');
      var value = entry.getValue();
      if (value instanceof ObjectNode inner && !inner.isEmpty()) {
        text.append('\n');
        write(inner, at, depth + 1, text);
      } else {
        text.append(' ').append(value(value, at)).append('\n');
      }
    }
  }

  /** A secret has no value yet, which the preview refuses until it has. */
  private static String value(JsonNode value, KeyPath path) {
    if (value.isNull()) {
      return "# " + setSecret(path);
    }
    return value.isString() ? scalar(value.stringValue()) : value.toString();
  }

  static String setSecret(KeyPath path) {
    return "pulumi config set --secret --path '%s' -s STACK".formatted(path);
  }

  private static String scalar(String text) {
    return PLAIN.matcher(text).matches() && !WORDS.contains(text.toLowerCase(Locale.ROOT))
        ? text
        : quoted(text);
  }

  /** Whatever some parser takes for a line break, or refuses, is escaped. */
  private static String quoted(String text) {
    var quoted = new StringBuilder("\"");
    text.chars()
        .forEach(
            c -> {
              if (c == '"' || c == '\\') {
                quoted.append('\\').append((char) c);
              } else if (c < ' '
                  || (c >= 0x7f && c < 0xa0)
                  || (c >= 0x2028 && c <= 0x2029)
                  || c >= 0xfeff) {
                quoted.append("\\u%04x".formatted(c));
              } else {
                quoted.append((char) c);
              }
            });
    return quoted.append('"').toString();
  }
}
