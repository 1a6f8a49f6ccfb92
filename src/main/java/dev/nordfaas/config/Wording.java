package dev.nordfaas.config;

import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * Words values for messages.
 *
 * @param confidential whether values may be secrets, and so are never quoted
 */
record Wording(boolean confidential) {
  private static final int LONGEST_QUOTE = 80;

  /** The value where a sentence has it as its subject: {@code "Oslo"}, {@code 2}. */
  String value(JsonNode node) {
    if (confidential) {
      return "the value";
    }
    return node.isString() ? quote(node.stringValue()) : node.asString();
  }

  /** The value with its type: {@code the text "three"}, {@code a list}. */
  String found(JsonNode node) {
    if (node.isObject()) {
      return "an object";
    }
    if (node.isArray()) {
      return "a list";
    }
    var type = node.isString() ? "text" : node.isBoolean() ? "boolean" : "number";
    return confidential ? "a " + type : "the " + type + " " + value(node);
  }

  /** The text in double quotes, on one line, shortened. */
  static String quote(String text) {
    var shown = text.length() > LONGEST_QUOTE ? text.substring(0, LONGEST_QUOTE) + "..." : text;
    return '"'
        + shown
            .replace("\\", "\\\\")
            .replace("\"", "\\\"")
            .replace("\n", "\\n")
            .replaceAll("\\p{Cntrl}", "?")
        + '"';
  }

  /** The words as an enumeration: {@code a, b or c}. */
  static String either(List<String> words) {
    var last = words.size() - 1;
    return last <= 0
        ? String.join("", words)
        : String.join(", ", words.subList(0, last)) + " or " + words.get(last);
  }
}
