package dev.nordfaas.lab.fault;

import dev.nordfaas.lab.fault.Limit.Since;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What clients noticed of a fault. All times are in milliseconds since 1970.
 *
 * @param outcomes of their requests
 * @param began when the fault began
 * @param ended when it was over, or nothing more was done to end it
 */
public record Noticed(List<Outcome> outcomes, long began, long ended) {
  public Noticed {
    outcomes = List.copyOf(outcomes);
  }

  /**
   * The longest time in which no request of a kind succeeded, from then on when its limit holds.
   */
  public Duration gap(Traffic kind, Limits limits) {
    return gap(kind, limits.of(kind).since() == Since.FAULT ? began : ended);
  }

  private Duration gap(Traffic kind, long from) {
    var answered =
        outcomes.stream()
            .filter(outcome -> outcome.kind() == kind && outcome.succeeded())
            .mapToLong(Outcome::answered)
            .filter(at -> at > from)
            .sorted()
            .toArray();
    var last = from;
    var longest = 0L;
    for (var at : answered) {
      longest = Math.max(longest, at - last);
      last = at;
    }
    return Duration.ofMillis(Math.max(longest, lastSent() - last));
  }

  private long lastSent() {
    return outcomes.stream().mapToLong(Outcome::sent).max().orElse(ended);
  }

  /** The longest that a client of one of the kinds waited until it had succeeded. */
  public Duration longestWait(Limits limits) {
    return Duration.ofMillis(
        outcomes.stream()
            .filter(Outcome::succeeded)
            .filter(it -> limits.of(it.kind()).since() == Since.FAULT || it.sent() > ended)
            .mapToLong(Outcome::waited)
            .max()
            .orElse(0));
  }

  /** How many failed twice. */
  public long failed() {
    return outcomes.stream().filter(outcome -> !outcome.succeeded()).count();
  }

  /** How many succeeded when they were sent again. */
  public long retried() {
    return outcomes.stream().filter(it -> it.succeeded() && !it.succeededAtOnce()).count();
  }

  /** How the others failed: kind, first answer and last, and how often. */
  public Map<String, Long> failures() {
    return failures(outcomes);
  }

  /** The same of any outcomes. */
  public static Map<String, Long> failures(List<Outcome> outcomes) {
    return outcomes.stream()
        .filter(outcome -> !outcome.succeededAtOnce())
        .collect(
            Collectors.groupingBy(
                it -> "%s: %s, then %s".formatted(it.kind().word(), it.first(), it.last()),
                TreeMap::new,
                Collectors.counting()));
  }

  /** What was accepted: the id of each order, and the id that came with its 202. */
  public Map<String, String> accepted() {
    return accepted(outcomes);
  }

  /** The same of any outcomes. */
  public static Map<String, String> accepted(List<Outcome> outcomes) {
    return outcomes.stream()
        .filter(outcome -> outcome.kind() == Traffic.ORDER && outcome.succeeded())
        .collect(Collectors.toMap(Outcome::id, Outcome::call, (one, other) -> one, TreeMap::new));
  }

  /** The rows whose sessions were told that they are stored. */
  public List<String> stored() {
    return outcomes.stream()
        .filter(outcome -> outcome.kind() == Traffic.SESSION && outcome.succeeded())
        .map(Outcome::id)
        .toList();
  }

  /**
   * Whether requests of a kind have been succeeding at once for a time, about as many as are sent.
   *
   * @param outcomes all there are until now
   * @param kind which
   * @param perSecond how many are sent
   * @param from the beginning of that time
   * @param now its end
   */
  public static boolean isSteady(
      List<Outcome> outcomes, Traffic kind, double perSecond, long from, long now) {
    var recent =
        outcomes.stream()
            .filter(outcome -> outcome.kind() == kind && outcome.answered() > from)
            .collect(Collectors.groupingBy(Outcome::succeededAtOnce, Collectors.counting()));
    // A busy machine sends fewer; where answers do not come at all, there are none.
    var expected = Math.max(1, perSecond * (now - from) / 1000 / 2);
    return !recent.containsKey(false) && recent.getOrDefault(true, 0L) >= expected;
  }
}
