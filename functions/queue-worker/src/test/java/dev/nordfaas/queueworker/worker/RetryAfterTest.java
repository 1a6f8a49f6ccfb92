package dev.nordfaas.queueworker.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryAfterTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  @ParameterizedTest
  @CsvSource({"0, 0", "' 120 ', 120", "3600, 3600", "86400, 3600", "999999999, 3600"})
  void readsSecondsUpToAnHour(String text, long seconds) {
    assertThat(RetryAfter.parse(text, NOW)).hasValue(Duration.ofSeconds(seconds));
  }

  @Test
  void readsADate() {
    assertThat(RetryAfter.parse("Sun, 01 Mar 2026 12:00:30 GMT", NOW))
        .hasValue(Duration.ofSeconds(30));
  }

  @Test
  void waitsNotAtAllForADateThatIsOver() {
    assertThat(RetryAfter.parse("Sun, 01 Mar 2026 11:00:00 GMT", NOW)).hasValue(Duration.ZERO);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "soon", "-1", "1.5", "12345678901234567890"})
  void ignoresWhatItCannotRead(String text) {
    assertThat(RetryAfter.parse(text, NOW)).isEmpty();
  }
}
