package dev.nordfaas.nats;

import java.util.List;

/** How NATS compares subjects: {@code *} stands for one token, a last {@code >} for the rest. */
public final class Subjects {
  private static final String ONE = "*";
  private static final String REST = ">";

  private Subjects() {}

  /** Whether there is a subject that both filters match. */
  public static boolean overlap(String left, String right) {
    return overlap(tokens(left), tokens(right));
  }

  /** Whether a filter matches everything that another filter, or a subject, matches. */
  public static boolean covers(String filter, String other) {
    return covers(tokens(filter), tokens(other));
  }

  private static List<String> tokens(String subject) {
    return List.of(subject.split("\\."));
  }

  private static boolean overlap(List<String> left, List<String> right) {
    var common = Math.min(left.size(), right.size());
    for (var i = 0; i < common; i++) {
      var a = left.get(i);
      var b = right.get(i);
      if (a.equals(REST) || b.equals(REST)) {
        return true;
      }
      if (!a.equals(ONE) && !b.equals(ONE) && !a.equals(b)) {
        return false;
      }
    }
    return left.size() == right.size();
  }

  private static boolean covers(List<String> filter, List<String> other) {
    var common = Math.min(filter.size(), other.size());
    for (var i = 0; i < common; i++) {
      var token = filter.get(i);
      if (token.equals(REST)) {
        return true;
      }
      var rest = other.get(i).equals(REST);
      if (rest || (!token.equals(ONE) && !token.equals(other.get(i)))) {
        return false;
      }
    }
    return filter.size() == other.size();
  }
}
