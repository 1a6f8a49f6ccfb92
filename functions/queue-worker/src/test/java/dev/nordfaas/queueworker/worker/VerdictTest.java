package dev.nordfaas.queueworker.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VerdictTest {
  private static final Backoff BACKOFF =
      new Backoff(List.of(Duration.ofSeconds(1), Duration.ofSeconds(7)));

  @ParameterizedTest
  @ValueSource(ints = {200, 201, 202, 204, 299})
  void isDoneAfter2xx(int status) {
    assertThat(verdict(answer(status), 1)).isEqualTo(new Verdict.Done());
  }

  @ParameterizedTest
  @ValueSource(ints = {408, 425, 429, 500, 503, 599})
  void comesAgainAfterWhatMayPass(int status) {
    assertThat(verdict(answer(status), 1))
        .isEqualTo(new Verdict.Retry(Duration.ofSeconds(1), "the function answered " + status));
  }

  @ParameterizedTest
  @ValueSource(ints = {300, 304, 400, 401, 404, 413, 422, 499})
  void isDeadAfterWhatWillNotPass(int status) {
    assertThat(verdict(answer(status), 1))
        .isEqualTo(new Verdict.Dead("the function answered " + status));
  }

  @Test
  void isDeadAfterTheLastAttempt() {
    assertThat(verdict(answer(500), 5))
        .isEqualTo(new Verdict.Dead("the function answered 500, in attempt 5 of 5"));
  }

  @Test
  void comesAgainWithoutAnAnswer() {
    assertThat(verdict(Answer.none("no answer within 30s"), 2))
        .isEqualTo(new Verdict.Retry(Duration.ofSeconds(7), "no answer within 30s"));
  }

  @Test
  void waitsAsTheAnswerAsks() {
    var answer =
        new Answer(
            OptionalInt.of(503),
            Optional.of(Duration.ofSeconds(42)),
            "",
            Optional.empty(),
            Buffer.buffer());

    assertThat(verdict(answer, 1))
        .isEqualTo(new Verdict.Retry(Duration.ofSeconds(42), "the function answered 503"));
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "2, 7", "3, 7", "1000, 7"})
  void repeatsTheLastStepOfTheBackoff(long attempt, long seconds) {
    assertThat(BACKOFF.after(attempt)).isEqualTo(Duration.ofSeconds(seconds));
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "2, 2", "3, 4", "6, 32", "7, 60", "1000000, 60"})
  void doublesUpToAMinuteWithoutSteps(long attempt, long seconds) {
    assertThat(new Backoff(List.of()).after(attempt)).isEqualTo(Duration.ofSeconds(seconds));
  }

  private static Verdict verdict(Answer answer, long attempt) {
    return Verdict.of(answer, attempt, 5, BACKOFF);
  }

  private static Answer answer(int status) {
    return new Answer(
        OptionalInt.of(status), Optional.empty(), "", Optional.empty(), Buffer.buffer());
  }
}
