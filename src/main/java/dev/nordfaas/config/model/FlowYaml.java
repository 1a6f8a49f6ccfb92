package dev.nordfaas.config.model;

import dev.nordfaas.config.Key;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Reads the one-line YAML of {@link Key#defaultValue()} and {@link Key#example()}. A YAML library
 * would read it too, but takes longer to load than the whole config.
 */
final class FlowYaml {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final Pattern INTEGER = Pattern.compile("-?[0-9]{1,18}");

  private final String text;
  private int position;

  private FlowYaml(String text) {
    this.text = text;
  }

  static JsonNode parse(String text) {
    if (text.startsWith("{") || text.startsWith("[") || text.startsWith("\"")) {
      var parser = new FlowYaml(text);
      var node = parser.value();
      if (parser.position != text.length()) {
        throw parser.unexpected();
      }
      return node;
    }
    return plain(text);
  }

  private JsonNode value() {
    return switch (text.charAt(position)) {
      case '{' -> map();
      case '[' -> list();
      case '"' -> NODES.stringNode(quoted());
      default -> plain(plainText());
    };
  }

  private JsonNode map() {
    var map = NODES.objectNode();
    skip('{');
    while (!skip('}')) {
      var key = text.charAt(position) == '"' ? quoted() : plainText();
      if (!skip(':')) {
        throw unexpected();
      }
      map.set(key, value());
      skip(',');
    }
    return map;
  }

  private JsonNode list() {
    var list = NODES.arrayNode();
    skip('[');
    while (!skip(']')) {
      list.add(value());
      skip(',');
    }
    return list;
  }

  private String quoted() {
    var end = text.indexOf('"', position + 1);
    var content = text.substring(position + 1, end);
    position = end + 1;
    return content;
  }

  private String plainText() {
    var start = position;
    while (position < text.length() && !endsPlain()) {
      position++;
    }
    return text.substring(start, position).strip();
  }

  /** A colon ends a plain scalar only before a space: images have colons too. */
  private boolean endsPlain() {
    var c = text.charAt(position);
    return ",}]".indexOf(c) >= 0 || (c == ':' && text.startsWith(": ", position));
  }

  private boolean skip(char expected) {
    var found = position < text.length() && text.charAt(position) == expected;
    if (found) {
      position++;
      while (position < text.length() && text.charAt(position) == ' ') {
        position++;
      }
    }
    return found;
  }

  private static JsonNode plain(String text) {
    if (text.equals("true") || text.equals("false")) {
      return NODES.booleanNode(Boolean.parseBoolean(text));
    }
    return INTEGER.matcher(text).matches()
        ? NODES.numberNode(Long.parseLong(text))
        : NODES.stringNode(text);
  }

  private IllegalArgumentException unexpected() {
    return new IllegalArgumentException("not one-line YAML, at %d: %s".formatted(position, text));
  }
}
