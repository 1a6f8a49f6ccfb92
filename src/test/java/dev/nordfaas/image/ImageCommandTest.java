package dev.nordfaas.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageCommandTest {
  private static final String STACK =
      """
      config:
        nordfaas:functionFiles: [teams/*.yaml]
        nordfaas:functions:
          hello: {image: r/hello:1}
      """;

  @TempDir private Path project;

  @BeforeEach
  void makeProject() throws IOException {
    Files.createDirectory(project.resolve("teams"));
    write("Pulumi.yaml", "name: nordfaas\n");
    write("Pulumi.oslo.yaml", STACK);
    write("teams/a.yaml", "vat: {image: r/vat:1}\n");
    write("teams/b.yaml", "rates: {image: r/vat:1}\nhello-too: {image: r/hello:1}\n");
  }

  private void write(String file, String text) throws IOException {
    Files.writeString(project.resolve(file), text);
  }

  private String run(String command, String... more) {
    var out = new ByteArrayOutputStream();
    var args = new String[more.length + 2];
    args[0] = command;
    args[1] = project.resolve("Pulumi.oslo.yaml").toString();
    System.arraycopy(more, 0, args, 2, more.length);
    assertThat(ImageCommand.run(args, new PrintStream(out), System.err)).isZero();
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void listsTheFilesOfFunctions() {
    assertThat(run("files"))
        .isEqualTo(
            "%s\n%s\n".formatted(project.resolve("teams/a.yaml"), project.resolve("teams/b.yaml")));
  }

  @Test
  void listsNoFilesOfAStackInOne() throws IOException {
    write("Pulumi.oslo.yaml", "config: {nordfaas:functions: {}}\n");

    assertThat(run("files")).isEmpty();
  }

  @Test
  void writesAnImageWhereverItRuns() throws IOException {
    assertThat(run("set", "hello", "r/hello:2"))
        .isEqualTo("nordfaas:functions.hello\nnordfaas:functions.hello-too (teams/b.yaml)\n");

    assertThat(project.resolve("Pulumi.oslo.yaml")).hasContent(STACK.replace("hello:1", "hello:2"));
    assertThat(project.resolve("teams/b.yaml"))
        .hasContent("rates: {image: r/vat:1}\nhello-too: {image: r/hello:2}\n");
  }

  @Test
  void leavesTheStacksOwnFileAloneIfOthersRunTheImage() throws IOException {
    assertThat(run("set", "vat", "r/vat:2"))
        .isEqualTo(
            "nordfaas:functions.vat (teams/a.yaml)\nnordfaas:functions.rates (teams/b.yaml)\n");

    assertThat(project.resolve("Pulumi.oslo.yaml")).hasContent(STACK);
    try (var files = Files.list(project.resolve("teams"))) {
      assertThat(files).hasSize(2);
    }
  }
}
