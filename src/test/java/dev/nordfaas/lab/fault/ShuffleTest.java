package dev.nordfaas.lab.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ShuffleTest {
  private static final List<Integer> ALL = IntStream.range(0, 50).boxed().toList();

  @Test
  void theSameSeedAndRoundHaveTheSameOrder() {
    assertThat(Shuffle.of(ALL, 7, 1)).isEqualTo(Shuffle.of(ALL, 7, 1));
  }

  @Test
  void anotherRoundHasAnotherOrderOfTheSame() {
    assertThat(Shuffle.of(ALL, 7, 2))
        .isNotEqualTo(Shuffle.of(ALL, 7, 1))
        .containsExactlyInAnyOrderElementsOf(ALL);
  }
}
