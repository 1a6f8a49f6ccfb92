package dev.nordfaas.approval;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ApprovedPlanCommandTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-11-29T12:00:00.5Z"), ZoneOffset.UTC);
  private static final String TOOLS = "pulumi 3.259.0";
  private static final String FIX =
      "  fix:  run the preview again, have it approved, and apply that one (docs/ci.md)\n";

  @TempDir private Path folder;

  @BeforeEach
  void writeWhatAPlanIsMadeFrom() throws IOException {
    write("plan.json", "{\"resourcePlans\": {\"a\": {\"steps\": [\"create\"]}}}");
    write("Pulumi.oslo.yaml", "config: {nordfaas:functions: {a: 1}}\n");
    write("state.json", "{\"deployment\": {\"resources\": [{\"urn\": \"b\"}]}}");
    jar("one", "two");
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(folder.resolve(name), text);
  }

  private void jar(String... classes) throws IOException {
    try (var zip = new ZipOutputStream(Files.newOutputStream(folder.resolve("program.jar")))) {
      for (var name : classes) {
        zip.putNextEntry(new ZipEntry(name + ".class"));
        zip.write(name.getBytes(StandardCharsets.UTF_8));
      }
    }
  }

  private record Result(int exitCode, String out, String err) {}

  private Result run(String command, String stack, String tools) {
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    var args =
        List.of(
            command,
            folder.toString(),
            stack,
            folder.resolve("Pulumi.oslo.yaml").toString(),
            folder.resolve("program.jar").toString(),
            folder.resolve("state.json").toString(),
            "1a2b3c",
            tools);
    int exitCode =
        ApprovedPlanCommand.run(
            args.toArray(String[]::new), CLOCK, new PrintStream(out), new PrintStream(err));
    return new Result(
        exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  private void save() {
    assertThat(run("save", "oslo", TOOLS).exitCode()).isZero();
  }

  private void assertRefused(String difference) {
    assertThat(run("check", "oslo", TOOLS))
        .isEqualTo(
            new Result(
                1,
                "",
                "approved plan: error: the approved plan of oslo no longer holds\n  "
                    + difference
                    + "\n"
                    + FIX));
  }

  @Test
  void saysWhatThePlanHolds() {
    assertThat(run("save", "oslo", TOOLS))
        .isEqualTo(
            new Result(
                0,
                "plan of oslo at 1a2b3c, 2026-11-29T12:00:00Z: 1 create; inputs that are unknown"
                    + " until up: 0, encrypted: 0\n",
                ""));
  }

  @Test
  void acceptsWhatHasNotMovedOn() throws IOException {
    save();
    jar("two", "one"); // the same program, built again

    assertThat(run("check", "oslo", TOOLS).exitCode()).isZero();
  }

  @Test
  void refusesAnotherStack() {
    save();

    assertThat(run("check", "bergen", TOOLS).err())
        .startsWith("approved plan: error: the approved plan of bergen no longer holds\n")
        .contains("  stack: it was made for oslo\n");
  }

  @Test
  void refusesAPlanThatWasEdited() throws IOException {
    save();
    write("plan.json", "{\"resourcePlans\": {\"a\": {\"steps\": [\"delete\"]}}}");

    assertRefused("plan: the file is not the one that was saved");
  }

  @Test
  void refusesAnotherConfig() throws IOException {
    save();
    write("Pulumi.oslo.yaml", "config: {nordfaas:functions: {a: 2}}\n");

    assertRefused("config: the stack's config has changed since");
  }

  @Test
  void refusesAnotherProgram() throws IOException {
    save();
    jar("one", "three");

    assertRefused("program: it has changed since");
  }

  @Test
  void refusesAStateThatHasMovedOn() throws IOException {
    save();
    write("state.json", "{\"deployment\": {\"resources\": [{\"urn\": \"b\", \"id\": \"x\"}]}}");

    assertRefused("state: changed since: b");
  }

  @Test
  void namesFiveOfMany() throws IOException {
    save();
    write(
        "state.json",
        "{\"deployment\": {\"resources\": [{\"urn\": \"c\"}, {\"urn\": \"d\"}, {\"urn\": \"e\"},"
            + " {\"urn\": \"f\"}, {\"urn\": \"g\"}]}}");

    assertRefused("state: changed since: b, c, d, e, f and 1 more");
  }

  @Test
  void refusesAnotherVersionOfTheTools() {
    save();

    assertThat(run("check", "oslo", "pulumi 3.260.0").err())
        .contains("  tools: pulumi 3.259.0 then, pulumi 3.260.0 now\n");
  }

  @Test
  void refusesAMissingPlan() {
    assertThat(run("check", "oslo", TOOLS).err())
        .isEqualTo(
            "approved plan: error: there is no approved plan of oslo: "
                + folder.resolve("manifest.json")
                + " is missing\n"
                + FIX);
  }

  @Test
  void refusesAManifestThatIsNone() throws IOException {
    write("manifest.json", "no json");

    var result = run("check", "oslo", TOOLS);

    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.err()).startsWith("approved plan: error: the plan cannot be read: ");
  }

  @Test
  void filesOfFunctionsAreAmongThem() throws IOException {
    Files.createDirectories(folder.resolve("teams/migrations"));
    write("teams/a.yaml", "vat: {image: r/vat:1}\n");
    write("teams/b.yaml", "{hello: {environment: {A: teams/migrations}}}\n");
    write("teams/migrations/1.sql", "create");
    write("teams/other.json", "{}");
    write("more.yaml", "rates: {image: r/rates:1}\n");
    write("config.yaml", "config: {nordfaas:functionFiles: [teams/*.yaml, more.yaml]}\n");

    assertThat(ReferencedFiles.of(folder.resolve("config.yaml"), folder))
        .containsOnlyKeys("more.yaml", "teams/a.yaml", "teams/b.yaml", "teams/migrations/1.sql");
  }

  @Test
  void filesOfTheConfigAreThoseThatItNames() throws IOException {
    Files.createDirectories(folder.resolve("functions/a/migrations"));
    write("functions/a/migrations/1.sql", "create");
    write("functions/a/order.json", "{}");
    write("functions/a/other.json", "{}");
    write(
        "config.yaml",
        "{m: functions/a/migrations, s: [functions/a/order.json], n: functions, o: ../x/y}\n");

    assertThat(ReferencedFiles.of(folder.resolve("config.yaml"), folder))
        .containsOnlyKeys("functions/a/migrations/1.sql", "functions/a/order.json");
  }
}
