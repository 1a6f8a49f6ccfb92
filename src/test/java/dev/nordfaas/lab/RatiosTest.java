package dev.nordfaas.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class RatiosTest {
  @Test
  void comparesEachWayWithTheFirstInTheSameRound() {
    var ratios = new Ratios(List.of("plain", "checked"));
    for (var plain : List.of(100, 200, 400)) {
      ratios.add("plain", plain);
    }
    for (var checked : List.of(90, 160, 400)) {
      ratios.add("checked", checked);
    }

    assertThat(ratios.table("way", "calls a second"))
        .isEqualTo(
            """
            | way | calls a second, median | to plain, median | lowest | highest |
            |---|---|---|---|---|
            | plain | 200 | 1.00 | 1.00 | 1.00 |
            | checked | 160 | 0.90 | 0.80 | 1.00 |

            Of plain itself: 100 to 400 calls a second over the rounds.
            """);
  }
}
