package dev.nordfaas.policy;

import java.util.List;

/** How NATS compares subjects: {@code *} stands for one token, a last {@code >} for the rest. */
final class Subjects {
  private Subjects() {}

  /** Whether there is a subject that both filters match. */
  static boolean overlap(String left, String right) {
    return overlap(List.of(left.split("\\.")), List.of(right.split("\\.")));
  }

  private static boolean overlap(List<String> left, List<String> right) {
    var common = Math.min(left.size(), right.size());
    for (var i = 0; i < common; i++) {
      var a = left.get(i);
      var b = right.get(i);
      if (a.equals(">") || b.equals(">")) {
        return true;
      }
      if (!a.equals("*") && !b.equals("*") && !a.equals(b)) {
        return false;
      }
    }
    return left.size() == right.size();
  }
}
