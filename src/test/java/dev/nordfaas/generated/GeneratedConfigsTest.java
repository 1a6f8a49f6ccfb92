package dev.nordfaas.generated;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.generated.Run.Failure;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Whatever config is accepted renders, and what is rendered is accepted by the programs that it is
 * for. {@code make generated N=10000 SEED=2} draws more configs, or others.
 */
class GeneratedConfigsTest {
  private static final int COUNT = Integer.getInteger("generated.count", 40);
  private static final long SEED = Long.getLong("generated.seed", 1);
  private static final int FIRST = Integer.getInteger("generated.first", 0);

  /** Below, the generator would mostly draw what is never rendered. */
  private static final double LEAST_ACCEPTED = 0.3;

  @Test
  void whatIsAcceptedIsAcceptedByTheProgramsThatItIsFor() {
    try (var run = new Run(SEED, System.out)) {
      run.check(FIRST, FIRST + COUNT);
      System.out.println("generated: " + run);
      System.out.println("generated: never changed: " + run.neverChanged());

      assertThat(run.acceptance()).as("accepted changes").isGreaterThan(LEAST_ACCEPTED);
      assertThat(reports(run)).isEmpty();
    }
  }

  private static List<String> reports(Run run) {
    var reports = new ArrayList<String>();
    for (var failure : run.failures()) {
      var report = report(run, failure);
      System.out.println(report);
      reports.add(report);
    }
    return reports;
  }

  private static String report(Run run, Failure failure) {
    return """

    generated: %s
    in %d configs, first in SEED=%d FIRST=%d N=1: %s
    its smallest form:
    %s
    """
        .formatted(
            failure.kind(),
            run.count(failure),
            SEED,
            failure.number(),
            failure.message(),
            run.smallest(failure)
                .yaml()
                .lines()
                .map(line -> "  " + line)
                .collect(Collectors.joining("\n")));
  }
}
