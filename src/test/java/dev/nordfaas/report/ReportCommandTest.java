package dev.nordfaas.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.testing.Fixtures;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReportCommandTest {
  private static final String CONFIG = Fixtures.file("oslo").toString();

  @TempDir Path folder;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int run(String... args) {
    return ReportCommand.run(
        args,
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8));
  }

  private String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private String err() {
    return err.toString(StandardCharsets.UTF_8);
  }

  private String file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text).toString();
  }

  @Test
  void printsTheReportOfAConfig() throws IOException {
    assertThat(run("--config", CONFIG)).isZero();

    assertThat(out())
        .isEqualTo(Files.readString(Path.of("src/test/resources/golden/report/oslo.md")));
    assertThat(err()).isEmpty();
  }

  @Test
  void writesItIntoAFile() {
    var file = folder.resolve("report.md");

    assertThat(run("--config", CONFIG, "--out", file.toString())).isZero();

    assertThat(file).content().startsWith("## `oslo`\n");
    assertThat(out()).isEmpty();
  }

  @Test
  void addsThePreviewAndTheConfigBefore() throws IOException {
    var preview = file("preview.json", "{\"steps\": []}");
    var before = file("Pulumi.oslo.yaml", Fixtures.text("oslo").replace("Nok: 1890", "Nok: 1790"));

    assertThat(run("--config", CONFIG, "--preview", preview, "--before", before)).isZero();

    assertThat(out()).contains("**Operations**: none").contains("1890 NOK a month, +100;");
  }

  @Test
  void goesOnWithoutAConfigBeforeThatIsNoLongerAccepted() throws IOException {
    var before = file("Pulumi.oslo.yaml", Fixtures.text("oslo").replace("vcpu: 8", "cores: 8"));

    assertThat(run("--config", CONFIG, "--before", before)).isZero();

    assertThat(out()).contains("**Before**: this program does not accept");
  }

  @Test
  void reportsEverythingThatIsWrongAtOnce() throws IOException {
    var config = file("Pulumi.small.yaml", Fixtures.text("small").replace("vcpu: 4", "vcpus: 4"));
    var preview = file("preview.json", "Previewing update");
    var missing = folder.resolve("Pulumi.oslo.yaml");

    assertThat(
            run(
                "--config",
                config,
                "--preview",
                preview,
                "--before",
                missing.toString(),
                "--limit",
                "10"))
        .isEqualTo(1);

    assertThat(err())
        .contains("report: error: --limit 10 is not a number from 20000\n")
        .contains("report: error: Stack 'small' is not valid (2 problems):\n")
        .contains("nodes.small-1.vcpus: is unknown; did you mean vcpu?")
        .contains(
            "report: error: --preview %s is not JSON; use what `pulumi preview --json` printed\n"
                .formatted(preview))
        .contains("report: error: --before: there is no file %s\n".formatted(missing))
        .doesNotContain("\tat ");
    assertThat(out()).isEmpty();
  }

  @Test
  void saysThatItCannotWrite() {
    var nowhere = folder.resolve("none/report.md");

    assertThat(run("--config", CONFIG, "--out", nowhere.toString())).isEqualTo(1);

    assertThat(err()).isEqualTo("report: error: --out: %s cannot be written\n".formatted(nowhere));
  }

  @Test
  void explainsItself() {
    assertThat(run("--help")).isZero();
    assertThat(out()).startsWith("Usage: ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "--out x", "--config", "--config a --config b", "--config a --colour b"})
  void showsItsUsageToWhoeverUsesItOtherwise(String arguments) {
    assertThat(run(arguments.isEmpty() ? new String[0] : arguments.split(" "))).isEqualTo(2);
    assertThat(err()).startsWith("Usage: ");
  }
}
