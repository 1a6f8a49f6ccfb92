package dev.nordfaas.report;

import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Values that the engine does not know before {@code up}. */
final class UnknownValues {
  /**
   * What stands for them (source: sdk/go/common/resource/plugin/rpc.go of Pulumi): a string,
   * number, boolean, list, object, asset, archive.
   */
  private static final Set<String> MARKS =
      Set.of(
          "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
          "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
          "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
          "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
          "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
          "030794c1-ac77-496b-92df-f27374a8bd58",
          "e48ece36-62e2-4504-bad9-02848725956a");

  private UnknownValues() {}

  /** How many there are in a value. */
  static int in(JsonNode value) {
    if (value.isString()) {
      return isUnknown(value) ? 1 : 0;
    }
    var sum = 0;
    for (var part : value) {
      sum += in(part);
    }
    return sum;
  }

  private static boolean isUnknown(JsonNode value) {
    return value.isString() && MARKS.contains(value.stringValue());
  }

  /** Whether two values may turn out to be the same, once everything is known. */
  static boolean mayEqual(JsonNode one, JsonNode other) {
    if (isUnknown(one) || isUnknown(other) || one.equals(other)) {
      return true;
    }
    if (one.isArray() && other.isArray() && one.size() == other.size()) {
      for (var i = 0; i < one.size(); i++) {
        if (!mayEqual(one.get(i), other.get(i))) {
          return false;
        }
      }
      return true;
    }
    if (!one.isObject() || !other.isObject() || one.size() != other.size()) {
      return false;
    }
    return one.properties().stream()
        .allMatch(
            property ->
                other.has(property.getKey())
                    && mayEqual(property.getValue(), other.get(property.getKey())));
  }
}
