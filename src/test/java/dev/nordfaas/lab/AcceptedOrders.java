package dev.nordfaas.lab;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What becomes of orders that were accepted: a row, or a dead letter. */
final class AcceptedOrders {
  /** For so long only rows are looked for; most have none to wait for. */
  private static final Duration ROWS_ONLY = Duration.ofSeconds(20);

  private AcceptedOrders() {}

  /**
   * What was found of them.
   *
   * @param deadLetters how many are dead letters
   * @param missing those that are neither, in words
   */
  record Found(long deadLetters, List<String> missing) {}

  /**
   * Waits until there is nothing missing.
   *
   * @param prefix of the orders' ids
   * @param accepted their ids, and the ids that came with each 202
   */
  static Found find(String prefix, Map<String, String> accepted, Duration patience) {
    var first =
        Lab.eventually(ROWS_ONLY, () -> withoutRow(prefix, accepted), missing -> missing.isEmpty());
    if (first.isEmpty()) {
      return new Found(0, List.of());
    }
    return Lab.eventually(
        patience.minus(ROWS_ONLY),
        () -> {
          // Before the rows: a message is never both, and may become either meanwhile.
          var letters = deadLetters();
          var withoutRow = withoutRow(prefix, accepted);
          var lost = new TreeMap<>(withoutRow);
          lost.values().removeIf(call -> !call.isEmpty() && letters.contains(call));
          var missing =
              lost.entrySet().stream().map("order %s: no row, no dead letter"::formatted).toList();
          return new Found(withoutRow.size() - lost.size(), missing);
        },
        found -> found.missing().isEmpty());
  }

  private static Map<String, String> withoutRow(String prefix, Map<String, String> accepted) {
    var missing = new TreeMap<>(accepted);
    missing.keySet().removeAll(rows(prefix).keySet());
    return missing;
  }

  /** Orders that are more than one row, in words. */
  static List<String> twice(String prefix) {
    return rows(prefix).entrySet().stream()
        .filter(row -> row.getValue() > 1)
        .map(row -> "order %s is %d rows".formatted(row.getKey(), row.getValue()))
        .toList();
  }

  /** The ids of the orders that are rows, and how many rows each of them is. */
  private static Map<String, Long> rows(String prefix) {
    return Database.tryQuery(
            "select order_id from public.orders where order_id like '%s-%%'".formatted(prefix))
        .stream()
        .collect(Collectors.groupingBy(id -> id, TreeMap::new, Collectors.counting()));
  }

  private static String deadLetters() {
    return Lab.run("tools/dead-letters", "lab", "list", "--limit", "1000000").ok();
  }
}
