package dev.nordfaas.config;

import com.cronutils.model.definition.CronDefinition;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Collection;
import java.util.Optional;
import java.util.regex.Pattern;

/** Schedules as the CronJob controller and K3s read them. */
public final class CronSchedule {
  /** Cron's five fields, without 7 for Sunday. */
  private static final CronDefinition FIELDS =
      CronDefinitionBuilder.defineCron()
          .withMinutes()
          .withStrictRange()
          .and()
          .withHours()
          .withStrictRange()
          .and()
          .withDayOfMonth()
          .withStrictRange()
          .and()
          .withMonth()
          .withStrictRange()
          .and()
          .withDayOfWeek()
          .withValidRange(0, 6)
          .withMondayDoWValue(1)
          .withStrictRange()
          .and()
          .instance();

  /**
   * What ParseStandard of robfig/cron, which the CronJob controller and K3s use, accepts as a
   * field: the parser here accepts more, such as a step without a range.
   */
  private static final Pattern FIELD =
      Pattern.compile("ITEM(,ITEM)*".replace("ITEM", "(\\*|\\w+(-\\w+)?)(/[0-9]+)?"));

  /** A Monday; four years and a leap day follow. */
  private static final ZonedDateTime BEGIN =
      ZonedDateTime.of(2024, 1, 1, 0, 0, 0, 0, ZoneOffset.UTC);

  private static final ZonedDateTime END = BEGIN.plusYears(5);

  /** A run per minute for a whole day, and a few more. */
  private static final int MOST = 1500;

  private CronSchedule() {}

  /**
   * Checks whether Kubernetes and K3s would accept a schedule.
   *
   * @throws IllegalArgumentException if they would not, with the reason
   */
  public static void check(String schedule) {
    for (var field : schedule.strip().split("\\s+", -1)) {
      if (!FIELD.matcher(field).matches()) {
        throw new IllegalArgumentException("\"%s\" is not a valid field".formatted(field));
      }
    }
    new CronParser(FIELDS).parse(schedule).validate();
  }

  /**
   * The longest time between two consecutive runs of all the schedules together, in UTC; five years
   * if there are fewer than two.
   *
   * @throws IllegalArgumentException if one is not a schedule
   */
  public static Duration longestGap(Collection<String> schedules) {
    var times =
        schedules.stream()
            .map(schedule -> ExecutionTime.forCron(new CronParser(FIELDS).parse(schedule)))
            .toList();
    var longest = Duration.ZERO;
    var last = Optional.<ZonedDateTime>empty();
    var at = BEGIN;
    for (var i = 0; i < MOST; i++) {
      var from = at;
      var next =
          times.stream()
              .map(time -> time.nextExecution(from).orElse(END))
              .min(ZonedDateTime::compareTo)
              .orElse(END);
      if (!next.isBefore(END)) {
        break;
      }
      if (last.isPresent()) {
        var gap = Duration.between(last.get(), next);
        longest = gap.compareTo(longest) > 0 ? gap : longest;
      }
      last = Optional.of(next);
      at = next;
    }
    return longest.isZero() ? Duration.between(BEGIN, END) : longest;
  }
}
