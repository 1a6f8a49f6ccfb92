package dev.nordfaas;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.config.model.DocumentedKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The table of supported versions says what is in use. Dates are for {@code make versions}: a test
 * that looks at the clock fails one day without a change.
 */
class SupportedVersionsTest {
  private static final Path TABLE = Path.of("docs/supported-versions.md");
  private static final Pattern IMAGE = Pattern.compile("[a-z0-9.-]+/[a-z0-9./-]+:([^:/@]+)");
  private static final Pattern VERSION = Pattern.compile("(?m)^([A-Z_]+(?:VERSION|MINIMUM))=(.+)$");

  /** What is built here, and so has our own versions. */
  private static final Set<String> OURS =
      Set.of("lab `PROVIDER_VERSION`", "lab `ECHO_VERSION`", "lab `FUNCTIONS_VERSION`");

  /** One row: its version, and the place that the version stands in. */
  private record Row(String version, String where) {}

  @Test
  void everyVersionInUseHasItsRow() throws IOException {
    var table = new TreeMap<String, String>();
    rows().forEach(row -> table.put(row.where(), row.version()));

    assertThat(inUse()).hasSizeGreaterThan(30);
    assertThat(inUse())
        .allSatisfy((where, version) -> assertThat(table).containsEntry(where, version));
  }

  /** Images have two rows, one each for what they are from and what they add. */
  @Test
  void everyRowOfWhatIsComparedIsInUse() throws IOException {
    assertThat(
            rows()
                .map(Row::where)
                .filter(where -> where.matches("(key|example|lab|tools|pom|code) .*")))
        .containsOnlyOnceElementsOf(inUse().keySet())
        .hasSameSizeAs(inUse().keySet());
  }

  @Test
  void imagesThatWeBuildAreFromWhatTheTableSays() throws IOException {
    assertThat(Path.of("images/caddy/Containerfile"))
        .content()
        .contains("ARG CADDY=" + versionOf("image `images/caddy`") + "\n");
    assertThat(Path.of("images/postgres/Containerfile"))
        .content()
        .contains("ARG PGBACKREST_VERSION=2.57.0-1.pgdg12+1\n")
        .contains("-bookworm\n");
    assertThat(rows())
        .contains(
            new Row("2.57.0-1.pgdg12+1", "image `images/postgres`"),
            new Row("bookworm", "image `images/postgres`"));
  }

  @ParameterizedTest
  @CsvSource({
    "2026-10-26, 0, soon",
    "2026-10-27, 0, soon",
    "2026-10-28, 1, ended",
    "2026-07-01, 0, ''"
  })
  void commandSaysWhatHasEnded(String date, int status, String word) throws Exception {
    var table = Files.createTempFile("supported-", ".md");
    Files.writeString(
        table,
        """
        | maker | product | version | where | supported until | source, note |
        |---|---|---|---|---|---|
        | CNCF | Kubernetes | 1.34 | x | 2026-10-27 | kubernetes.io |
        | NATS | NATS server | 2.14 | x | not published | |
        """);

    var process =
        new ProcessBuilder("tools/supported-versions", "--on", date, table.toString()).start();
    var output = new String(process.getInputStream().readAllBytes());

    assertThat(process.waitFor()).isEqualTo(status);
    assertThat(output)
        .isEqualTo(
            word.isEmpty() ? "" : "%-6s 2026-10-27  Kubernetes 1.34 (CNCF)\n".formatted(word));
  }

  /** Where each version stands, and which it is. */
  private static Map<String, String> inUse() throws IOException {
    var found = new TreeMap<String, String>();
    DocumentedKey.all()
        .forEach(
            key -> {
              var image = IMAGE.matcher(key.model().key().defaultValue());
              if (image.matches() && !key.path().equals("queueWorker.image")) { // our own
                found.put("key `%s`".formatted(key.path()), image.group(1));
              }
              if (key.path().equals("k3s.version")) {
                found.put("example `k3s.version`", key.model().key().example());
              }
              if (key.path().endsWith(".chartVersion")) {
                found.put("key `%s`".formatted(key.path()), key.model().key().defaultValue());
              }
            });
    for (var folder : List.of("lab", "tools")) {
      VERSION
          .matcher(Files.readString(Path.of(folder, "versions.env")))
          .results()
          .forEach(it -> found.put("%s `%s`".formatted(folder, it.group(1)), it.group(2)));
    }
    var pom = Files.readString(Path.of("pom.xml"));
    for (var name :
        List.of("maven.compiler.release", "pulumi.version", "pulumi.kubernetes.version")) {
      found.put("pom `%s`".formatted(name), first(pom, "<%s>([^<]+)<".formatted(name)));
    }
    Pattern.compile("\"(ghcr\\.io/openfaas(?:ltd)?/[a-z-]+):([0-9.]+)\";")
        .matcher(Files.readString(Path.of("src/main/java/dev/nordfaas/config/OpenFaasConfig.java")))
        .results()
        .forEach(it -> found.put("code `%s`".formatted(it.group(1)), it.group(2)));
    found.keySet().removeAll(OURS);
    return found;
  }

  private static String first(String text, String pattern) {
    var matcher = Pattern.compile(pattern).matcher(text);
    assertThat(matcher.find()).as(pattern).isTrue();
    return matcher.group(1);
  }

  private static String versionOf(String where) throws IOException {
    return rows().filter(row -> row.where().equals(where)).findFirst().orElseThrow().version();
  }

  private static Stream<Row> rows() throws IOException {
    var rows = new ArrayList<Row>();
    for (var line : Files.readAllLines(TABLE)) {
      var cells = Pattern.compile(" *[|] *").split(line, -1);
      if (cells.length == 8 && !cells[1].equals("maker") && !cells[1].startsWith("-")) {
        rows.add(new Row(cells[3], cells[4]));
      }
    }
    return rows.stream();
  }
}
