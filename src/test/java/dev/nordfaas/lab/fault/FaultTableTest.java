package dev.nordfaas.lab.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

class FaultTableTest {
  private static final Path DOCUMENT = Path.of("docs/reliability.md");

  @TempDir private Path folder;

  @Test
  void aFileSaysWhatWasMeasured() throws IOException {
    var file = folder.resolve("out/faults.tsv");
    var measurement = measurement("an intake killed", Kind.PROCESS, 1, true, 1.25);
    Results.begin(file, new TreeMap<>(Map.of("seed", "7", "commit", "abc: dirty")));
    Results.add(file, measurement);

    var read = Results.read(file);

    assertThat(read.about()).isEqualTo(Map.of("seed", "7", "commit", "abc: dirty"));
    assertThat(read.measurements())
        .containsExactly(measurement("an intake killed", Kind.PROCESS, 1, true, 1.3));
    assertThat(read.passed("an intake killed", 1)).isTrue();
    assertThat(read.passed("an intake killed", 2)).isFalse();
  }

  @Test
  void whoWatchesSeesWhatWasMeasured() {
    assertThat(measurement("an intake killed", Kind.PROCESS, 1, false, 9.5).summary())
        .isEqualTo(
            "NOT survived; no order for 9.5 s, call for 1.0 s, session for 1.0 s;"
                + " whole again after 5.0 s");
  }

  @Test
  void severalRunsAreOneTableThatNamesEach() throws IOException {
    var fault = "an intake killed";
    for (var run : List.of(List.of("9", "2026-11-30", "abc"), List.of("8", "2026-12-01", "def"))) {
      var file = folder.resolve(run.get(0) + ".tsv");
      var about =
          Map.of(
              "seed", run.get(0), "date", run.get(1), "commit", run.get(2), "machine", "2 cores");
      Results.begin(file, new TreeMap<>(about));
      Results.add(file, measurement(fault, Kind.PROCESS, 1, true, Double.parseDouble(run.get(0))));
    }
    Files.writeString(folder.resolve("README.md"), "not a run");

    var all = Results.readAll(folder);

    assertThat(all.about())
        .isEqualTo(
            Map.of(
                "seed", "9; 8",
                "date", "2026-11-30; 2026-12-01",
                "commit", "abc; def",
                "machine", "2 cores",
                "rounds", "2"));
    assertThat(all.measurements())
        .containsExactly(
            measurement(fault, Kind.PROCESS, 1, true, 9),
            measurement(fault, Kind.PROCESS, 1, true, 8));
  }

  @Test
  void aTableHasTheWorstOfAllRoundsAndHowManyPassed() {
    var results =
        new Results(
            new TreeMap<>(Map.of("seed", "7")),
            List.of(
                measurement("lab-1 switched off", Kind.NODE, 1, true, 2),
                measurement("an intake killed", Kind.PROCESS, 1, true, 1),
                measurement("an intake killed", Kind.PROCESS, 2, false, 9.5)));

    assertThat(FaultTable.markdown(results))
        .isEqualTo(
            """
            | | |
            |---|---|
            | seed | 7 |

            ### A process is killed

            | fault | limits | no order for | no call for | no session for | longest wait | requests | on retry | failed twice | processed after | whole after | passed |
            |---|---|---|---|---|---|---|---|---|---|---|---|
            | an intake killed | 5, 5, 60* s | 9.5 s | 1.0 s | 1.0 s | 3.0 s | 200 | 4 | 2 | 4.0 s | 5.0 s | 1 of 2 |

            ### A node is lost

            | fault | limits | no order for | no call for | no session for | longest wait | requests | on retry | failed twice | processed after | whole after | passed |
            |---|---|---|---|---|---|---|---|---|---|---|---|
            | lab-1 switched off | 5, 5, 60* s | 2.0 s | 1.0 s | 1.0 s | 3.0 s | 100 | 2 | 1 | 4.0 s | 5.0 s | 1 of 1 |
            """);
  }

  @Test
  void theTablesTakeThePlaceOfThoseInTheDocument() throws IOException {
    var document = Files.readString(DOCUMENT);
    var results =
        new Results(
            new TreeMap<>(Map.of("seed", "7")),
            List.of(measurement("an intake killed", Kind.PROCESS, 1, true, 1)));

    var written = FaultTable.into(document, results);

    assertThat(written).contains("| an intake killed | 5, 5, 60* s |");
    assertThat(FaultTable.into(written, results)).isEqualTo(written);
    assertThat(written.substring(0, written.indexOf("<!-- faults: begin")))
        .isEqualTo(document.substring(0, document.indexOf("<!-- faults: begin")));
  }

  @Test
  void aDocumentWithoutItsMarksIsRefused() {
    assertThatThrownBy(() -> FaultTable.into("nothing", new Results(new TreeMap<>(), List.of())))
        .hasMessageContaining("faults: begin");
  }

  /** What {@code lab/test/fault-table} does. */
  @Test
  @EnabledIfSystemProperty(named = "faults.table", matches = ".+")
  void writesTheTables() throws IOException {
    var results = Results.readAll(Path.of(System.getProperty("faults.table")));

    assertThat(results.measurements()).isNotEmpty();
    Files.writeString(DOCUMENT, FaultTable.into(Files.readString(DOCUMENT), results));
  }

  private static Measurement measurement(
      String fault, Kind kind, int round, boolean passed, double noOrder) {
    var gaps =
        Arrays.stream(Traffic.values())
            .collect(Collectors.toMap(traffic -> traffic, traffic -> Duration.ofSeconds(1)));
    gaps.put(Traffic.ORDER, Duration.ofMillis(Math.round(noOrder * 1000)));
    return new Measurement(
        fault,
        kind,
        round,
        passed,
        Measurement.text(Limits.of(5).with(Traffic.SESSION, Limit.afterwards(60))),
        gaps,
        Duration.ofSeconds(3),
        100,
        2,
        1,
        0,
        Duration.ofSeconds(4),
        Duration.ofSeconds(5));
  }
}
