package dev.nordfaas.lab.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class NoticedTest {
  private static final long BEGAN = 100_000;
  private static final long ENDED = 110_000;

  @Test
  void theGapIsTheLongestTimeWithoutASuccess() {
    var noticed = noticed(answered(BEGAN + 500, "202"), answered(BEGAN + 4_500, "202"));

    assertThat(noticed.gap(Traffic.ORDER, Limits.of(5))).isEqualTo(Duration.ofMillis(4_000));
  }

  @Test
  void whatFailedTwiceDoesNotEndAGap() {
    var noticed =
        noticed(
            answered(BEGAN + 500, "202"),
            answered(BEGAN + 2_000, "502"),
            answered(BEGAN + 3_000, "202"));

    assertThat(noticed.gap(Traffic.ORDER, Limits.of(5))).isEqualTo(Duration.ofMillis(2_500));
  }

  @Test
  void theGapReachesFromTheFaultToTheFirstSuccessAndFromTheLastToTheEnd() {
    var late = noticed(answered(BEGAN - 200, "202"), answered(BEGAN + 7_000, "202"));
    var never = noticed(answered(BEGAN + 100, "202"), answered(BEGAN + 9_100, "502"));

    assertThat(late.gap(Traffic.ORDER, Limits.of(5))).isEqualTo(Duration.ofMillis(7_000));
    assertThat(never.gap(Traffic.ORDER, Limits.of(5))).isEqualTo(Duration.ofMillis(8_990));
  }

  @Test
  void aLimitThatHoldsAfterwardsCountsFromTheEndOfTheFault() {
    var noticed = noticed(answered(BEGAN, "202"), answered(ENDED + 1_500, "202"));

    assertThat(noticed.gap(Traffic.ORDER, Limits.of(Limit.afterwards(60))))
        .isEqualTo(Duration.ofMillis(1_500));
  }

  @Test
  void kindsAreMeasuredApart() {
    var noticed = noticed(answered(BEGAN + 500, "202"));

    assertThat(noticed.gap(Traffic.CALL, Limits.of(5))).isEqualTo(Duration.ofMillis(490));
  }

  @Test
  void theLongestWaitIsOfThoseThatSucceeded() {
    var noticed =
        noticed(
            outcome("1", BEGAN, BEGAN + 3_000, "502", "202"),
            outcome("2", BEGAN, BEGAN + 9_000, "502", "502"));

    assertThat(noticed.longestWait(Limits.of(5))).isEqualTo(Duration.ofMillis(3_000));
    assertThat(noticed.retried()).isEqualTo(1);
    assertThat(noticed.failed()).isEqualTo(1);
    assertThat(noticed.failures())
        .isEqualTo(Map.of("order: 502, then 202", 1L, "order: 502, then 502", 1L));
  }

  @Test
  void acceptedIsWhatWasAnsweredWith202AtLast() {
    var noticed =
        noticed(outcome("1", BEGAN, BEGAN, "503", "202"), outcome("2", BEGAN, BEGAN, "503", "503"));

    assertThat(noticed.accepted()).isEqualTo(Map.of("1", "call-of-1"));
    assertThat(noticed.stored()).isEmpty();
  }

  @Test
  void isSteadyWhileAboutAsManySucceedAsAreSent() {
    var all = everyTenth();

    assertThat(Noticed.isSteady(all, Traffic.ORDER, 10, BEGAN, BEGAN + 2_000)).isTrue();
    assertThat(Noticed.isSteady(all, Traffic.ORDER, 50, BEGAN, BEGAN + 2_000)).isFalse();
    assertThat(Noticed.isSteady(all, Traffic.CALL, 10, BEGAN, BEGAN + 2_000)).isFalse();
  }

  @Test
  void isNotSteadyIfOneHadToBeSentAgain() {
    var all = new ArrayList<>(everyTenth());
    all.add(outcome("again", BEGAN, BEGAN + 1_500, "502", "202"));

    assertThat(Noticed.isSteady(all, Traffic.ORDER, 10, BEGAN, BEGAN + 2_000)).isFalse();
    assertThat(Noticed.isSteady(all, Traffic.ORDER, 10, BEGAN + 1_500, BEGAN + 2_000)).isTrue();
  }

  private static List<Outcome> everyTenth() {
    return IntStream.range(0, 20).mapToObj(i -> answered(BEGAN + 50 + i * 100L, "202")).toList();
  }

  private static Noticed noticed(Outcome... outcomes) {
    return new Noticed(List.of(outcomes), BEGAN, ENDED);
  }

  private static Outcome answered(long at, String status) {
    return outcome("id-" + at, at - 10, at, status, status);
  }

  private static Outcome outcome(String id, long sent, long answered, String first, String last) {
    return new Outcome(Traffic.ORDER, id, "call-of-" + id, sent, answered, first, last);
  }
}
