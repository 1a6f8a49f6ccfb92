package dev.nordfaas.lab;

import dev.nordfaas.lab.FaultRun.Rates;
import dev.nordfaas.lab.FaultRun.Round;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The short matrix: faults that are over soon, under as much load as two cores carry besides. What
 * a killed worker had is given out again after a minute, so all orders are looked for at the end.
 */
@ThreeVpses
@Order(2)
class ShortFaultsIT {
  private static final String RESULTS = "faults-short.tsv";

  /**
   * Whatever else its machine does; how long faults are noticed at most is for FaultsIT to show.
   */
  private static final int LENIENCY = 2;

  private static FaultRun run;

  @BeforeAll
  static void open() throws IOException {
    run = FaultRun.open(RESULTS, new Rates(16, 16, 8), LENIENCY);
  }

  @AfterAll
  static void everyAcceptedOrderIsARowOrADeadLetter() {
    try {
      run.assertNothingIsOwed();
    } finally {
      run.close();
    }
  }

  static Stream<Round> faults() throws IOException {
    return FaultRun.of(true, RESULTS);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("faults")
  void isSurvived(Round round) throws IOException {
    run.survivesAndOwes(round);
  }
}
