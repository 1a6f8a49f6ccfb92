package dev.nordfaas.graph;

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

class GraphCommandTest {
  @TempDir Path folder;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int run(String... args) {
    return GraphCommand.run(args, new PrintStream(out), new PrintStream(err));
  }

  private String err() {
    return err.toString(StandardCharsets.UTF_8);
  }

  @Test
  void writesThePictureOfAStack() {
    var file = folder.resolve("out/oslo/graph.svg");

    assertThat(run(Fixtures.file("oslo").toString(), file.toString())).isZero();

    assertThat(err()).isEmpty();
    assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo(file + "\n");
    assertThat(file).content().startsWith("<svg ");
  }

  @Test
  void saysWhatIsWrongWithTheConfig() throws IOException {
    var stack = folder.resolve("Pulumi.small.yaml");
    Files.writeString(stack, Fixtures.text("oslo").replace("vcpu: 8", "vcpus: 8"));

    assertThat(run(stack.toString(), folder.resolve("out.svg").toString())).isEqualTo(1);

    assertThat(err()).startsWith("Stack 'small' is not valid (2 problems):\n");
    assertThat(folder.resolve("out.svg")).doesNotExist();
  }

  @Test
  void namesAStackThatIsMissing() {
    var missing = folder.resolve("Pulumi.tromso.yaml");

    assertThat(run(missing.toString(), "out.svg")).isEqualTo(1);

    assertThat(err())
        .isEqualTo(
            "there is no %s; use the file of a stack (docs/stack-config.md)\n".formatted(missing));
  }

  @Test
  void saysWhyAStackCannotBeRead() throws IOException {
    var stack = Files.createDirectory(folder.resolve("Pulumi.oslo.yaml"));

    assertThat(run(stack.toString(), folder.resolve("out.svg").toString())).isEqualTo(1);

    assertThat(err())
        .isEqualTo("Stack 'oslo' is not valid: Pulumi.oslo.yaml cannot be read: it is a folder\n");
  }

  @Test
  void saysHowTheFileOfAStackIsNamed() throws IOException {
    var stack = Files.writeString(folder.resolve("oslo.yaml"), Fixtures.text("oslo"));

    assertThat(run(stack.toString(), folder.resolve("out.svg").toString())).isEqualTo(1);

    assertThat(err()).isEqualTo(stack + " is not named Pulumi.<stack>.yaml\n");
  }

  @Test
  void saysWhereItCannotWrite() throws IOException {
    var file = Files.writeString(folder.resolve("file"), "");

    assertThat(run(Fixtures.file("oslo").toString(), file.resolve("graph.svg").toString()))
        .isEqualTo(1);

    assertThat(err()).startsWith(file.resolve("graph.svg") + " cannot be written: ");
  }

  @Test
  void explainsItself() {
    assertThat(run("--help")).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8)).startsWith("Usage: ");
    assertThat(run()).isEqualTo(2);
    assertThat(err()).startsWith("Usage: ");
  }
}
