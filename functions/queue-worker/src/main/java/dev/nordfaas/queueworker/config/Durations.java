package dev.nordfaas.queueworker.config;

import java.time.Duration;
import java.util.regex.Pattern;

/** Durations with their unit: 250ms, 30s, 5m, 2h, 7d. */
public final class Durations {
  private static final Pattern SYNTAX = Pattern.compile("([0-9]{1,9})(ms|s|m|h|d)");

  private Durations() {}

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException if the unit is missing or unknown
   */
  public static Duration parse(String text) {
    var matcher = SYNTAX.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "'%s' is not a duration; write a number and its unit, such as 250ms, 30s or 5m"
              .formatted(text));
    }
    var amount = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "ms" -> Duration.ofMillis(amount);
      case "s" -> Duration.ofSeconds(amount);
      case "m" -> Duration.ofMinutes(amount);
      case "h" -> Duration.ofHours(amount);
      default -> Duration.ofDays(amount);
    };
  }
}
