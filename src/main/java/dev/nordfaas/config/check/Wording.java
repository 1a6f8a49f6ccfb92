package dev.nordfaas.config.check;

import dev.nordfaas.config.model.Quote;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * Words values for messages.
 *
 * @param confidential whether values may be secrets, and so are never quoted
 */
record Wording(boolean confidential) {
  /** The value as the subject of a sentence: {@code "Oslo"}, {@code 2}. */
  String value(JsonNode node) {
    if (confidential) {
      return "the value";
    }
    return node.isString() ? Quote.of(node.stringValue()) : node.asString();
  }

  /** The value with its type: {@code the string "three"}, {@code a list}. */
  String found(JsonNode node) {
    if (node.isObject()) {
      return "an object";
    }
    if (node.isArray()) {
      return "a list";
    }
    var type = node.isString() ? "string" : node.isBoolean() ? "boolean" : "number";
    return confidential ? "a " + type : "the " + type + " " + value(node);
  }

  /** The words as an enumeration: {@code a, b or c}. */
  static String either(List<String> words) {
    var last = words.size() - 1;
    return last <= 0
        ? String.join("", words)
        : String.join(", ", words.subList(0, last)) + " or " + words.get(last);
  }
}
