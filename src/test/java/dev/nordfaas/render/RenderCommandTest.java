package dev.nordfaas.render;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.testing.Fixtures;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RenderCommandTest {
  @TempDir Path folder;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int run(String... args) {
    return RenderCommand.run(args, new PrintStream(out), new PrintStream(err));
  }

  private String err() {
    return err.toString(StandardCharsets.UTF_8);
  }

  @Test
  void writesTheFilesOfAStack() throws IOException {
    var to = folder.resolve("oslo");

    assertThat(run(Fixtures.file("oslo").toString(), to.toString())).isZero();

    assertThat(err()).isEmpty();
    assertThat(out.toString(StandardCharsets.UTF_8)).matches("[0-9]+ files in .*oslo\n");
    assertThat(to.resolve("hosts/oslo-1/user-data")).content().startsWith("#cloud-config\n");
    assertThat(to.resolve("kubernetes/0-cluster/namespace.nats.yaml")).exists();
    assertThat(to.resolve("graph.svg")).content().startsWith("<svg ");
    try (var files = Files.walk(to)) {
      assertThat(
              files
                  .filter(Files::isRegularFile)
                  .map(file -> to.relativize(file).toString())
                  .filter(name -> !name.equals(Folder.INDEX))
                  .sorted()
                  .collect(Collectors.joining("\n", "", "\n")))
          .isEqualTo(Files.readString(to.resolve(Folder.INDEX)));
    }
  }

  @Test
  void takesAwayWhatTheLastRenderingLeft() throws IOException {
    var to = folder.resolve("any");
    run(Fixtures.file("bergen").toString(), to.toString());

    assertThat(run(Fixtures.file("oslo").toString(), to.toString())).isZero();

    assertThat(to.resolve("hosts/bergen-1")).doesNotExist();
    assertThat(to.resolve("hosts/oslo-1/user-data")).exists();
  }

  @Test
  void leavesAFolderAloneThatHoldsSomethingElse() throws IOException {
    var mine = Files.writeString(folder.resolve("mine"), "mine");

    assertThat(run(Fixtures.file("oslo").toString(), folder.toString())).isEqualTo(1);

    assertThat(err())
        .isEqualTo(
            "%s contains other files; use another folder, or empty it\n"
                .formatted(folder.toAbsolutePath()));
    assertThat(mine).content().isEqualTo("mine");
    assertThat(folder.resolve("kubernetes")).doesNotExist();
  }

  @Test
  void saysWhatIsWrongWithTheConfig() throws IOException {
    var stack = folder.resolve("Pulumi.small.yaml");
    Files.writeString(stack, Fixtures.text("oslo").replace("vcpu: 8", "vcpus: 8"));

    assertThat(run(stack.toString(), folder.resolve("out").toString())).isEqualTo(1);

    assertThat(err())
        .startsWith("Stack 'small' is not valid (2 problems):\n")
        .contains("nodes.oslo-1.vcpus: is unknown; did you mean vcpu?");
    assertThat(folder.resolve("out")).doesNotExist();
  }

  @Test
  void namesAStackThatIsMissing() {
    var missing = folder.resolve("Pulumi.tromso.yaml");

    assertThat(run(missing.toString(), folder.toString())).isEqualTo(1);

    assertThat(err())
        .isEqualTo(
            "there is no %s; use the file of a stack (docs/stack-config.md)\n".formatted(missing));
  }

  @Test
  void explainsItself() {
    assertThat(run("--help")).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8)).startsWith("Usage: ");
    assertThat(run()).isEqualTo(2);
    assertThat(err()).startsWith("Usage: ");
  }
}
