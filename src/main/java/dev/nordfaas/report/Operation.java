package dev.nordfaas.report;

import java.util.Set;

/** What happens to a resource. The order is that of the page; what comes first outweighs. */
enum Operation {
  REPLACE("replace"),
  DELETE("delete"),
  CREATE("create"),
  UPDATE("update"),
  OTHER("other"),
  SAME("unchanged");

  private static final Set<String> OF_REPLACEMENTS =
      Set.of(
          "replace",
          "create-replacement",
          "delete-replaced",
          "discard-replaced",
          "read-replacement",
          "import-replacement",
          "remove-pending-replace");

  private final String title;

  Operation(String title) {
    this.title = title;
  }

  /** As a column or in a sentence. */
  String title() {
    return title;
  }

  /** Of a step of the engine; what the engine may call otherwise one day is {@link #OTHER}. */
  static Operation ofStep(String op) {
    if (OF_REPLACEMENTS.contains(op)) {
      return REPLACE;
    }
    return switch (op) {
      case "create" -> CREATE;
      case "update" -> UPDATE;
      case "delete" -> DELETE;
      case "same" -> SAME;
      default -> OTHER;
    };
  }

  /** Of two steps for one resource, the one that counts. */
  Operation or(Operation other) {
    return compareTo(other) <= 0 ? this : other;
  }
}
