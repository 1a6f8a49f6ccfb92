package dev.nordfaas.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
    "0 3 31 2 *, P1827D"
  })
  void longestGapIsBetweenTwoOfTheTimesNamed(String schedules, Duration gap) {
    assertThat(CronSchedule.longestGap(Arrays.asList(schedules.split("; ")))).isEqualTo(gap);
  }
}
