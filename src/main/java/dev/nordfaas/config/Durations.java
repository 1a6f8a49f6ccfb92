package dev.nordfaas.config;

import java.time.Duration;
import java.util.regex.Pattern;

/** Durations with their unit, as the stack config writes them: 250ms, 30s, 5m, 2h, 7d. */
public final class Durations {
  /** What {@link #parse} accepts, as a regular expression. */
  public static final String PATTERN = "[0-9]{1,9}(ms|s|m|h|d)";

  private static final Duration LONGEST = Duration.ofDays(3650);
  private static final Pattern SYNTAX = Pattern.compile("([0-9]{1,9})(ms|s|m|h|d)");

  private Durations() {}

  /**
   * Reads a duration with its unit.
   *
   * @throws IllegalArgumentException if the unit is missing or unknown, or the duration is above
   *     3650 d: so each fits into an int in seconds, and into a long in nanoseconds
   */
  public static Duration parse(String text) {
    var matcher = SYNTAX.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("is not a duration with a unit");
    }
    var amount = Long.parseLong(matcher.group(1));
    var duration =
        switch (matcher.group(2)) {
          case "ms" -> Duration.ofMillis(amount);
          case "s" -> Duration.ofSeconds(amount);
          case "m" -> Duration.ofMinutes(amount);
          case "h" -> Duration.ofHours(amount);
          default -> Duration.ofDays(amount);
        };
    if (duration.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException("is above 3650d");
    }
    return duration;
  }

  /**
   * Writes a duration in the largest of the units ms, s, m, h that holds it without a remainder.
   * Go's {@code time.ParseDuration}, which NATS, OpenFaaS and Caddy use, has no days.
   */
  public static String format(Duration duration) {
    var millis = duration.toMillis();
    if (millis % 1000 != 0) {
      return millis + "ms";
    }
    var seconds = millis / 1000;
    if (seconds % 3600 == 0 && seconds != 0) {
      return seconds / 3600 + "h";
    }
    return seconds % 60 == 0 && seconds != 0 ? seconds / 60 + "m" : seconds + "s";
  }
}
