package dev.nordfaas.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

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
  void refusesWhatIsNoPort() {
    assertThatThrownBy(() -> PortRange.of(0)).hasMessage("0-0 is no range of ports");
    assertThatThrownBy(() -> new PortRange(2, 1)).hasMessage("2-1 is no range of ports");
    assertThatThrownBy(() -> PortRange.of(65536)).hasMessage("65536-65536 is no range of ports");
  }
}
