package dev.nordfaas.importer;

import dev.nordfaas.config.CronSchedule;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A schedule of OpenFaaS' cron-connector, which reads them with robfig/cron: five fields, or a
 * descriptor, in UTC unless it begins with a time zone.
 *
 * @param schedule five fields
 * @param timezone an IANA time zone
 */
record CronAnnotation(String schedule, String timezone) {
  private static final Pattern ZONED = Pattern.compile("(?:CRON_TZ|TZ)=(\\S+)\\s+(.*)");
  private static final Pattern EVERY = Pattern.compile("@every\\s+(\\S+)");
  private static final Map<String, String> DESCRIPTORS =
      Map.of(
          "@yearly", "0 0 1 1 *",
          "@annually", "0 0 1 1 *",
          "@monthly", "0 0 1 * *",
          "@weekly", "0 0 * * 0",
          "@daily", "0 0 * * *",
          "@midnight", "0 0 * * *",
          "@hourly", "0 * * * *");

  /** Empty if it is none, or one that five fields cannot express. */
  static Optional<CronAnnotation> parse(String text) {
    var zoned = ZONED.matcher(text.strip());
    var zone = zoned.matches() ? zoned.group(1) : "UTC";
    var fields = zoned.matches() ? zoned.group(2).strip() : text.strip();
    var every = EVERY.matcher(fields);
    var schedule =
        every.matches()
            ? Quantity.duration(every.group(1)).flatMap(it -> every(it.toSeconds()))
            : Optional.of(DESCRIPTORS.getOrDefault(fields, fields.replace('?', '*')));
    return schedule.filter(CronAnnotation::isValid).map(it -> new CronAnnotation(it, zone));
  }

  /** Intervals that divide an hour or a day; others drift across it. */
  private static Optional<String> every(long seconds) {
    if (seconds >= 60 && 3600 % seconds == 0 && seconds % 60 == 0) {
      return Optional.of(seconds == 3600 ? "0 * * * *" : "*/%d * * * *".formatted(seconds / 60));
    }
    return seconds >= 3600 && 86_400 % seconds == 0 && seconds % 3600 == 0
        ? Optional.of(seconds == 86_400 ? "0 0 * * *" : "0 */%d * * *".formatted(seconds / 3600))
        : Optional.empty();
  }

  private static boolean isValid(String schedule) {
    try {
      CronSchedule.check(schedule);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
