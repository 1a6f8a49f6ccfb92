package dev.nordfaas.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PortRangeTest {
  @Test
  void sortsAndMergesAsTheKernelPrints() {
    assertThat(
            PortRange.format(
                List.of(
                    new PortRange(30000, 32767),
                    PortRange.of(6444),
                    PortRange.of(31000),
                    PortRange.of(6443),
                    PortRange.of(4222),
                    PortRange.of(4222))))
        .isEqualTo("4222,6443-6444,30000-32767");
  }

  @Test
  void readsWhatTheKernelPrints() {
    assertThat(PortRange.parse("4222, 6443-6444,30000 - 32767"))
        .containsExactly(
            PortRange.of(4222), new PortRange(6443, 6444), new PortRange(30000, 32767));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "0", "65536", "7-5", "-5", "1-2-3"})
  void leavesOutWhatIsNoRange(String text) {
    assertThat(PortRange.parse(text + ",80")).containsExactly(PortRange.of(80));
  }

  @Test
  void overlapsWhereTheyShareAPort() {
    assertThat(new PortRange(1, 3).overlaps(new PortRange(3, 5))).isTrue();
    assertThat(new PortRange(1, 3).overlaps(new PortRange(4, 5))).isFalse();
  }

  @Test
  void isCoveredByRangesThatTouch() {
    var range = new PortRange(10, 20);

    assertThat(range.isCoveredBy(PortRange.parse("15-20,10-14"))).isTrue();
    assertThat(range.isCoveredBy(PortRange.parse("10-14,16-20"))).isFalse();
    assertThat(range.isCoveredBy(List.of())).isFalse();
  }

  @Test
  void refusesWhatIsNoPort() {
    assertThatThrownBy(() -> PortRange.of(0)).hasMessage("0-0 is not a range of ports");
    assertThatThrownBy(() -> new PortRange(2, 1)).hasMessage("2-1 is not a range of ports");
    assertThatThrownBy(() -> PortRange.of(65536)).hasMessage("65536-65536 is not a range of ports");
  }
}
