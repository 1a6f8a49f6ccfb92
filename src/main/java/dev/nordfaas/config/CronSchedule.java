package dev.nordfaas.config;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A schedule as the CronJob controller and K3s read it: cron's five fields, as in ParseStandard of
 * robfig/cron v3.0.1, which both use. Other libraries read another dialect. Unlike there,
 * descriptors such as {@code @daily}, time zones in the schedule and ranges that begin with {@code
 * *} are refused, as are schedules that never run.
 */
public final class CronSchedule {
  private static final Field MINUTE = new Field("minute", 0, 59, "0 to 59", List.of());
  private static final Field HOUR = new Field("hour", 0, 23, "0 to 23", List.of());
  private static final Field DAY = new Field("day of the month", 1, 31, "1 to 31", List.of());

  private static final Field MONTH =
      new Field(
          "month",
          1,
          12,
          "1 to 12 or jan to dec",
          List.of(
              "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"));

  private static final Field WEEKDAY =
      new Field(
          "day of the week",
          0,
          6,
          "0 (Sunday) to 6 or sun to sat",
          List.of("sun", "mon", "tue", "wed", "thu", "fri", "sat"));

  private static final List<Field> FIELDS = List.of(MINUTE, HOUR, DAY, MONTH, WEEKDAY);

  private static final Pattern SPACE = Pattern.compile("\\s+");
  private static final Pattern SPACE_AROUND = Pattern.compile("^\\s+|\\s+$");

  /** As Go reads an int; one with more digits is out of every range. */
  private static final Pattern NUMBER = Pattern.compile("\\+?0*([0-9]{1,18})");

  private static final int MINUTES_PER_HOUR = 60;
  private static final int MINUTES_PER_DAY = 24 * MINUTES_PER_HOUR;

  /** A leap year, so that every day of a year is in it. */
  private static final int LEAP_YEAR = 2024;

  /** Four years and a leap day. */
  private static final LocalDate BEGIN = LocalDate.of(LEAP_YEAR, 1, 1);

  private static final LocalDate END = BEGIN.plusYears(5);

  private final BitSet minutesOfDay;
  private final BitSet days;
  private final BitSet months;
  private final BitSet weekdays;
  private final boolean bothDays;

  private CronSchedule(List<String> fields) {
    var hours = HOUR.parse(fields.get(1));
    var minutes = MINUTE.parse(fields.get(0));
    minutesOfDay = new BitSet(MINUTES_PER_DAY);
    hours.stream()
        .forEach(
            hour ->
                minutes.stream()
                    .forEach(minute -> minutesOfDay.set(hour * MINUTES_PER_HOUR + minute)));
    days = DAY.parse(fields.get(2));
    months = MONTH.parse(fields.get(3));
    weekdays = WEEKDAY.parse(fields.get(4));
    bothDays = DAY.isOpen(fields.get(2)) || WEEKDAY.isOpen(fields.get(4));
  }

  /**
   * Checks whether Kubernetes and K3s would run a schedule.
   *
   * @throws IllegalArgumentException if they would not, with the reason
   */
  public static void check(String schedule) {
    parse(schedule);
  }

  private static CronSchedule parse(String text) {
    var trimmed = SPACE_AROUND.matcher(text).replaceAll("");
    var fields = trimmed.isEmpty() ? List.<String>of() : List.of(SPACE.split(trimmed));
    if (fields.size() != FIELDS.size()) {
      throw new IllegalArgumentException(
          "it has %d %s instead of %d"
              .formatted(fields.size(), fields.size() == 1 ? "field" : "fields", FIELDS.size()));
    }
    var schedule = new CronSchedule(fields);
    if (!schedule.everRuns()) {
      throw new IllegalArgumentException("it never runs, as none of its months has such a day");
    }
    return schedule;
  }

  /**
   * The longest time between two consecutive runs of all the schedules together, in UTC; five years
   * if there are fewer than two.
   *
   * @throws IllegalArgumentException if one is not a schedule
   */
  public static Duration longestGap(Collection<String> schedules) {
    var all = schedules.stream().map(CronSchedule::parse).toList();
    var longest = 0L;
    var last = -1L;
    for (var day = BEGIN; day.isBefore(END); day = day.plusDays(1)) {
      var runs = new BitSet(MINUTES_PER_DAY);
      for (var schedule : all) {
        if (schedule.runsOn(day)) {
          runs.or(schedule.minutesOfDay);
        }
      }
      var midnight = (day.toEpochDay() - BEGIN.toEpochDay()) * MINUTES_PER_DAY;
      for (var minute = runs.nextSetBit(0); minute >= 0; minute = runs.nextSetBit(minute + 1)) {
        longest = last < 0 ? longest : Math.max(longest, midnight + minute - last);
        last = midnight + minute;
      }
    }
    return longest == 0
        ? Duration.ofDays(END.toEpochDay() - BEGIN.toEpochDay())
        : Duration.ofMinutes(longest);
  }

  /** If neither field of days is open, one of the two is enough. */
  private boolean runsOn(LocalDate date) {
    var day = days.get(date.getDayOfMonth());
    var weekday = weekdays.get(date.getDayOfWeek().getValue() % DayOfWeek.values().length);
    return months.get(date.getMonthValue()) && (bothDays ? day && weekday : day || weekday);
  }

  private boolean everRuns() {
    return !bothDays
        || months.stream()
            .anyMatch(
                month -> days.nextSetBit(0) <= YearMonth.of(LEAP_YEAR, month).lengthOfMonth());
  }

  /**
   * One of the five fields.
   *
   * @param values what it takes, for messages
   * @param names of the values from the lowest on
   */
  private record Field(String name, int min, int max, String values, List<String> names) {
    BitSet parse(String text) {
      var set = new BitSet(max + 1);
      items(text).forEach(item -> addItem(item, set));
      if (set.isEmpty()) {
        throw new IllegalArgumentException("the %s \"%s\" is empty".formatted(name, text));
      }
      return set;
    }

    /** Whether the field leaves the choice to the other field of days. */
    boolean isOpen(String text) {
      return items(text).map(item -> item.split("/", -1)).anyMatch(this::isOpenRange);
    }

    private boolean isOpenRange(String... rangeAndStep) {
      return isAny(rangeAndStep[0]) && (rangeAndStep.length == 1 || step(rangeAndStep[1]) == 1);
    }

    private static Stream<String> items(String text) {
      return Stream.of(text.split(",", -1)).filter(item -> !item.isEmpty());
    }

    private static boolean isAny(String range) {
      return range.equals("*") || range.equals("?");
    }

    private void addItem(String item, BitSet set) {
      var rangeAndStep = item.split("/", -1);
      var ends = rangeAndStep[0].split("-", -1);
      if (rangeAndStep.length > 2 || ends.length > 2) {
        throw new IllegalArgumentException(
            "the %s \"%s\" is neither a value, a range nor a step".formatted(name, item));
      }
      var hasStep = rangeAndStep.length == 2;
      var first = isAny(rangeAndStep[0]) ? min : value(ends[0]);
      // A step from a single value goes on to the highest one.
      var open = isAny(rangeAndStep[0]) || (ends.length == 1 && hasStep);
      var last = open ? max : value(ends[ends.length - 1]);
      var step = hasStep ? step(rangeAndStep[1]) : 1;
      if (first > last) {
        throw new IllegalArgumentException(
            "the %s \"%s\" ends before it begins".formatted(name, item));
      }
      for (long at = first; at <= last; at += step) {
        set.set((int) at);
      }
    }

    private int value(String text) {
      var named = names.indexOf(text.toLowerCase(Locale.ROOT));
      var value = named >= 0 ? min + named : number(text);
      if (value < min || value > max) {
        throw new IllegalArgumentException(
            "the %s \"%s\" is not one of %s".formatted(name, text, values));
      }
      return (int) value;
    }

    private long step(String text) {
      var step = number(text);
      if (step < 1) {
        throw new IllegalArgumentException(
            "the step \"%s\" of the %s is not a number above 0".formatted(text, name));
      }
      return step;
    }

    private static long number(String text) {
      var number = NUMBER.matcher(text);
      return number.matches() ? Long.parseLong(number.group(1)) : -1;
    }
  }
}
