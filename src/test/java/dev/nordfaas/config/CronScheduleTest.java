package dev.nordfaas.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CronScheduleTest {
  @ParameterizedTest
  @CsvSource({
    "30 1 * * 0, PT168H",
    "30 1 * * 1-6, PT48H",
    "30 1 * * 0; 30 1 * * 1-6, PT24H",
    "*/15 * * * *, PT15M",
    "* * 1 * *, P30DT1M",
    "0 3 1 * *, P31D",
    "0 3 1 */3 *, P92D",
    "'0 0,6 * * *', PT18H",
    "0 3 13 * 5, P7D",
    "0 3 1 1 *, P366D",
    "0 3 29 2 *, P1461D"
  })
  void longestGapIsBetweenTwoOfTheTimesNamed(String schedules, Duration gap) {
    assertThat(CronSchedule.longestGap(Arrays.asList(schedules.split("; ")))).isEqualTo(gap);
  }

  /** Each was read by ParseStandard of robfig/cron v3.0.1, which ran it at the same times. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "* * * * *",
        "? ? ? ? ?",
        " 0 3 * * * ",
        "\t0\t3  *\n* *\n",
        "00 03 * * +5",
        "0 3 * * mon-FRI",
        "0 3 * 1-DEC 1-fri",
        "0 3 1, * *",
        "*/60 */90 * * *",
        "5/15 * * * *",
        "0 0 29 2 *",
        "0 0 31 2 MON",
        "0 0 30 2 */2",
        "*/9999999999 * * * *"
      })
  void takesWhatRobfigTakes(String schedule) {
    assertThatCode(() -> CronSchedule.check(schedule)).doesNotThrowAnyException();
  }

  /** As robfig/cron: a field with a star leaves the choice to the other; a step above 1 is none. */
  @ParameterizedTest
  @CsvSource({
    "'0 3 *,5 * 1', P7D",
    "'0 3 7 * *,2', P31D",
    "'0 3 */01 * 1', P7D",
    "'0 3 */2 * 1', P2D",
    "'0 3 1 * 1', P7D",
  })
  void runsOnTheDaysOfRobfig(String schedule, Duration gap) {
    assertThat(CronSchedule.longestGap(List.of(schedule))).isEqualTo(gap);
  }

  /** All but those after "Also" are refused by ParseStandard of robfig/cron v3.0.1. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      ignoreLeadingAndTrailingWhitespace = true,
      value = {
        "'' | it has 0 fields instead of 5",
        "noon | it has 1 field instead of 5",
        "0 3 * * * * | it has 6 fields instead of 5",
        "61 * * * * | the minute \"61\" is not one of 0 to 59",
        "0 24 * * * | the hour \"24\" is not one of 0 to 23",
        "0 3 0 * * | the day of the month \"0\" is not one of 1 to 31",
        "0 3 L * * | the day of the month \"L\" is not one of 1 to 31",
        "0 3 15W * * | the day of the month \"15W\" is not one of 1 to 31",
        "0 3 * JANUARY * | the month \"JANUARY\" is not one of 1 to 12 or jan to dec",
        "0 3 * * 7 | the day of the week \"7\" is not one of 0 (Sunday) to 6 or sun to sat",
        "0 3 * * 5#2 | the day of the week \"5#2\" is not one of 0 (Sunday) to 6 or sun to sat",
        "0 3 * * FRI-MON | the day of the week \"FRI-MON\" ends before it begins",
        "50-10 * * * * | the minute \"50-10\" ends before it begins",
        "1-5-7 * * * * | the minute \"1-5-7\" is neither a value, a range nor a step",
        "1/2/3 * * * * | the minute \"1/2/3\" is neither a value, a range nor a step",
        "*/0 * * * * | the step \"0\" of the minute is not a number above 0",
        "*/-1 * * * * | the step \"-1\" of the minute is not a number above 0",
        "/5 * * * * | the minute \"\" is not one of 0 to 59",
        "-5 * * * * | the minute \"\" is not one of 0 to 59",
        // Also: it runs at other times than it says, or never.
        "*-5 * * * * | the minute \"*\" is not one of 0 to 59",
        ", * * * * | the minute \",\" is empty",
        "0 0 30 2 * | it never runs, as none of its months has such a day",
        "0 0 31 2,4,6,9,11 * | it never runs, as none of its months has such a day",
        // Also: Kubernetes and K3s differ in what they make of them.
        "@daily | it has 1 field instead of 5",
        "@every 6h | it has 2 fields instead of 5",
        "TZ=UTC 0 3 * * * | it has 6 fields instead of 5",
        "CRON_TZ=UTC 0 3 * * * | it has 6 fields instead of 5",
      })
  void refusesTheRest(String schedule, String reason) {
    assertThatThrownBy(() -> CronSchedule.check(schedule))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(reason);
  }
}
