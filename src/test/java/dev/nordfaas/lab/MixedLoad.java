package dev.nordfaas.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.lab.fault.Noticed;
import dev.nordfaas.lab.fault.Outcome;
import dev.nordfaas.lab.fault.Traffic;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Orders, calls and sessions with the database, at a steady rate. */
final class MixedLoad implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(250);

  private final OrderLoad requests;
  private final SqlSessions sessions;
  private final Map<Traffic, Double> perSecond;

  private MixedLoad(OrderLoad requests, SqlSessions sessions, Map<Traffic, Double> perSecond) {
    this.requests = requests;
    this.sessions = sessions;
    this.perSecond = perSecond;
  }

  /**
   * Begins.
   *
   * @param manner how clients outside send
   * @param prefix begins the ids of orders and rows
   * @param known an order that is a row
   * @param pods whose sessions write rows
   * @param sessionsPerSecond how many rows
   */
  static MixedLoad start(
      OrderLoad.Manner manner,
      String prefix,
      String known,
      List<SqlClient> pods,
      int sessionsPerSecond)
      throws IOException {
    assertThat(pods).as("pods whose sessions write rows").isNotEmpty();
    var rates = new EnumMap<Traffic, Double>(Traffic.class);
    rates.put(Traffic.ORDER, (double) manner.ordersPerSecond());
    rates.put(Traffic.CALL, (double) manner.callsPerSecond());
    // They wait between two rows, besides the time that these take.
    rates.put(Traffic.SESSION, sessionsPerSecond / 2.0);
    rates.values().removeIf(rate -> rate == 0);
    var sessions = SqlSessions.start(pods, sessionsPerSecond, prefix);
    try {
      return new MixedLoad(
          OrderLoad.start(ThreeServers.EDGE, manner, prefix, known), sessions, rates);
    } catch (IOException e) {
      sessions.close();
      throw e;
    }
  }

  /** What became of all requests until now. */
  List<Outcome> outcomes() {
    var all = new ArrayList<>(requests.outcomes());
    all.addAll(sessions.outcomes());
    return all;
  }

  /**
   * Waits until requests of these kinds have been succeeding for a time.
   *
   * @param kinds which have to
   * @param since what was before does not count
   * @param patience how long to wait
   * @return whether they have
   */
  boolean untilSteady(Set<Traffic> kinds, long since, Duration time, Duration patience) {
    var end = System.nanoTime() + patience.toNanos();
    while (!isSteady(kinds, since, time)) {
      if (System.nanoTime() > end) {
        return false;
      }
      pause(POLL);
    }
    return true;
  }

  private boolean isSteady(Set<Traffic> kinds, long since, Duration time) {
    var now = System.currentTimeMillis();
    var from = now - time.toMillis();
    var all = outcomes();
    return from >= since
        && kinds.stream()
            .filter(perSecond::containsKey)
            .allMatch(kind -> Noticed.isSteady(all, kind, perSecond.get(kind), from, now));
  }

  /** Ends it when the last answer is there. */
  List<Outcome> stop() throws IOException {
    var all = new ArrayList<>(requests.stop());
    all.addAll(sessions.stop());
    return all;
  }

  /** What failed until now, and what the clients have printed besides. */
  String failures() {
    return "%s\n%s%s".formatted(Noticed.failures(outcomes()), requests.rest(), sessions.rest());
  }

  @Override
  public void close() throws IOException {
    sessions.close();
    requests.close();
  }

  static void pause(Duration duration) {
    try {
      TimeUnit.MILLISECONDS.sleep(duration.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
