package dev.nordfaas.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScalarsTest {

  @Nested
  class Sizes {
    @ParameterizedTest
    @CsvSource({"512Ki, 524288", "8Gi, 8589934592", "400G, 400000000000", "1k, 1000", "0Mi, 0"})
    void countBytes(String text, long bytes) {
      assertThat(ByteSize.parse(text)).isEqualTo(new ByteSize(bytes, text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"8", "8GB", "8 Gi", "-8Gi", "1.5Gi", "", "999999Ti"})
    void refuseWhatIsNone(String text) {
      assertThatIllegalArgumentException().isThrownBy(() -> ByteSize.parse(text));
    }
  }

  @Nested
  class DurationTexts {
    @ParameterizedTest
    @CsvSource({"250ms, PT0.25S", "30s, PT30S", "5m, PT5M", "2h, PT2H", "7d, PT168H"})
    void haveUnits(String text, Duration duration) {
      assertThat(Durations.parse(text)).isEqualTo(duration);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "30", "30 s", "-1s", "1.5s", "1w", "3651d", "999999999h"})
    void refuseWhatIsNone(String text) {
      assertThatIllegalArgumentException().isThrownBy(() -> Durations.parse(text));
    }

    @Test
    void fitIntoSecondsAndNanoseconds() {
      var longest = Durations.parse("3650d");

      assertThat(Math.toIntExact(longest.multipliedBy(2).toSeconds())).isPositive();
      assertThat(longest.toNanos()).isPositive();
    }

    @ParameterizedTest
    @CsvSource({"PT0.25S, 250ms", "PT0S, 0s", "PT90S, 90s", "PT60S, 1m", "PT168H, 168h"})
    void areWrittenInLargestWholeUnit(Duration duration, String text) {
      assertThat(Durations.format(duration)).isEqualTo(text);
    }
  }

  @Nested
  class Networks {
    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.0/8", "0.0.0.0/0", "192.0.2.7/32", "2001:db8::/32", "::/0"})
    void areRead(String text) {
      assertThat(Cidr.parse(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "10.0.0.0",
          "10.0.0.1/8",
          "10.0.0.0/33",
          "bad.cafe/8",
          "1/8",
          "300.0.0.0/8",
          "::1/64"
        })
    void areRefused(String text) {
      assertThatIllegalArgumentException().isThrownBy(() -> Cidr.parse(text));
    }

    @ParameterizedTest
    @CsvSource({
      "10.42.0.0/16, 10.42.128.0/17, true",
      "10.42.128.0/17, 10.42.0.0/16, true",
      "10.42.0.0/16, 10.43.0.0/16, false",
      "0.0.0.0/0, ::/0, false",
      "2001:db8::/32, 2001:db8:1::/48, true"
    })
    void overlap(String left, String right, boolean expected) {
      assertThat(Cidr.parse(left).overlaps(Cidr.parse(right))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
      "10.42.0.0/16, 10.42.7.1, true",
      "10.42.0.0/16, 10.43.0.1, false",
      "10.42.0.0/16, node.example.no, false",
      "0.0.0.0/0, 2001:db8::1, false",
      "2001:db8::/32, 2001:db8::1, true"
    })
    void contain(String network, String host, boolean expected) {
      assertThat(Cidr.parse(network).contains(host)).isEqualTo(expected);
    }
  }

  @Test
  void cpuIsInCoresOrMillicores() {
    assertThat(Cpu.parse("250m").millicores()).isEqualTo(250);
    assertThat(Cpu.parse("2").millicores()).isEqualTo(2000);
    assertThatIllegalArgumentException().isThrownBy(() -> Cpu.parse("0.5"));
  }
}
