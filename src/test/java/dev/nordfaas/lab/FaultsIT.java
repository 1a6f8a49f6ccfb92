package dev.nordfaas.lab;

import dev.nordfaas.lab.FaultRun.Rates;
import dev.nordfaas.lab.FaultRun.Round;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The whole matrix: every fault, under 200 requests a second. {@code make lab-faults} runs it on
 * three VPSes.
 */
@Tag("lab3-faults")
@ExtendWith(ShowLabLogs.class)
@Order(2)
class FaultsIT {
  private static final String RESULTS = "faults.tsv";
  private static FaultRun run;

  @BeforeAll
  static void open() throws IOException {
    run = FaultRun.open(RESULTS, new Rates(80, 80, 40), 1);
  }

  @AfterAll
  static void close() {
    run.close();
  }

  static Stream<Round> faults() throws IOException {
    return FaultRun.of(false, RESULTS);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("faults")
  void isSurvived(Round round) throws IOException {
    run.survives(round);
  }
}
