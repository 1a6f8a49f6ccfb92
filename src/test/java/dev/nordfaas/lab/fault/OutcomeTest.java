package dev.nordfaas.lab.fault;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OutcomeTest {
  @Test
  void aLineSaysAllOfIt() {
    var outcome = new Outcome(Traffic.SESSION, "row-1", "", 1_000, 1_250, "lost: gone", "200");

    assertThat(Outcome.parse(outcome.line())).contains(outcome);
    assertThat(outcome.waited()).isEqualTo(250);
  }

  @Test
  void whateverElseIsPrintedIsNone() {
    assertThat(Outcome.parse("WARNING: something\twith a tab")).isEmpty();
    assertThat(Outcome.parse("a\tb\tc\td\te\tf\tg")).isEmpty();
  }

  @Test
  void aMessageOfSeveralLinesIsOne() {
    var outcome = new Outcome(Traffic.CALL, "1", "", 0, 0, "broken\n\tpipe", "200");

    assertThat(Outcome.parse(outcome.line()).orElseThrow().first()).isEqualTo("broken pipe");
  }
}
