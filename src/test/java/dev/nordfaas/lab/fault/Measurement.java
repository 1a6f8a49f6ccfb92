package dev.nordfaas.lab.fault;

import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What one fault did, once.
 *
 * @param fault its name
 * @param kind its sort
 * @param round in which round, from 1
 * @param passed whether all held that has to hold
 * @param limits in seconds, as {@link Limit#text} has them
 * @param gaps the longest time in which no request of that kind succeeded
 * @param longestWait the longest that a client waited until it had succeeded
 * @param requests how many were sent
 * @param retried how many of them succeeded when they were sent again
 * @param failed how many failed twice
 * @param deadLetters how many accepted orders ended as such
 * @param processed how long after the load's end all accepted orders were rows or dead letters
 * @param whole how long after that everything was ready and nothing was missing
 */
public record Measurement(
    String fault,
    Kind kind,
    int round,
    boolean passed,
    Map<Traffic, String> limits,
    Map<Traffic, Duration> gaps,
    Duration longestWait,
    long requests,
    long retried,
    long failed,
    long deadLetters,
    Duration processed,
    Duration whole) {
  static final List<String> COLUMNS =
      List.of(
          "fault",
          "kind",
          "round",
          "passed",
          "limit of orders (s)",
          "limit of calls (s)",
          "limit of sessions (s)",
          "no order for (s)",
          "no call for (s)",
          "no session for (s)",
          "longest wait (s)",
          "requests",
          "succeeded on retry",
          "failed twice",
          "dead letters",
          "processed after (s)",
          "whole after (s)");

  public Measurement {
    limits = Collections.unmodifiableMap(new EnumMap<>(limits));
    gaps = Collections.unmodifiableMap(new EnumMap<>(gaps));
  }

  /** The limits as they are written. */
  public static Map<Traffic, String> text(Limits limits) {
    return Arrays.stream(Traffic.values())
        .collect(Collectors.toMap(kind -> kind, kind -> limits.of(kind).text()));
  }

  /** One line of a file with {@link #COLUMNS}. */
  String line() {
    return Stream.of(
            Stream.of(fault, kind.word(), Integer.toString(round), passed ? "yes" : "no"),
            Arrays.stream(Traffic.values()).map(limits::get),
            Arrays.stream(Traffic.values()).map(gaps::get).map(Measurement::seconds),
            Stream.of(seconds(longestWait)),
            Stream.of(requests, retried, failed, deadLetters).map(count -> Long.toString(count)),
            Stream.of(seconds(processed), seconds(whole)))
        .flatMap(it -> it)
        .collect(Collectors.joining("\t"));
  }

  /** One line for somebody who watches. */
  public String summary() {
    return "%s; no %s; whole again after %s s"
        .formatted(
            passed ? "survived" : "NOT survived",
            Arrays.stream(Traffic.values())
                .map(kind -> "%s for %s s".formatted(kind.word(), seconds(gaps.get(kind))))
                .collect(Collectors.joining(", ")),
            seconds(whole));
  }

  static Measurement parse(String line) {
    var parts = line.split("\t", -1);
    if (parts.length != COLUMNS.size()) {
      throw new IllegalArgumentException(
          "%d columns instead of %d: %s".formatted(parts.length, COLUMNS.size(), line));
    }
    var limits = new EnumMap<Traffic, String>(Traffic.class);
    var gaps = new EnumMap<Traffic, Duration>(Traffic.class);
    for (var traffic : Traffic.values()) {
      limits.put(traffic, parts[4 + traffic.ordinal()]);
      gaps.put(traffic, duration(parts[7 + traffic.ordinal()]));
    }
    return new Measurement(
        parts[0],
        Kind.of(parts[1]),
        Integer.parseInt(parts[2]),
        parts[3].equals("yes"),
        limits,
        gaps,
        duration(parts[10]),
        Long.parseLong(parts[11]),
        Long.parseLong(parts[12]),
        Long.parseLong(parts[13]),
        Long.parseLong(parts[14]),
        duration(parts[15]),
        duration(parts[16]));
  }

  /** With one decimal. */
  static String seconds(Duration duration) {
    return String.format(Locale.ROOT, "%.1f", duration.toMillis() / 1000.0);
  }

  private static Duration duration(String seconds) {
    return Duration.ofMillis(Math.round(Double.parseDouble(seconds) * 1000));
  }
}
