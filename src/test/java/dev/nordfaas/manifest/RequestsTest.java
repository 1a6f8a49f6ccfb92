package dev.nordfaas.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestsTest {

  @ParameterizedTest
  @CsvSource({"250, 64, 3", "500, 500, 1", "2000, 64, 0", "0, 256, 3", "0, 0, 1000000"})
  void tellsHowManyOfThemThereIsRoomFor(int millicores, int mebibytes, int times) {
    assertThat(Requests.fixed(millicores, mebibytes).timesIn(Requests.fixed(800, 800)))
        .isEqualTo(times);
  }

  @ParameterizedTest
  @CsvSource({"250, 64", "0, 64"})
  void haveNoRoomWhereMoreIsGivenAwayThanThereIs(int millicores, int mebibytes) {
    assertThat(Requests.fixed(millicores, mebibytes).timesIn(Requests.fixed(-100, -64))).isZero();
  }
}
