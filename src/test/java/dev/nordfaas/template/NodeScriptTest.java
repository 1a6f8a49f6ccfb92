package dev.nordfaas.template;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.testing.Machine;
import dev.nordfaas.testing.Node;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class NodeScriptTest {
  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource
  void hasNothingThatShellcheckComplainsAbout(NodeScript script)
      throws IOException, InterruptedException {
    Machine.needs("shellcheck");
    for (var text : new String[] {script.body(), script.text()}) {
      var file = Files.writeString(folder.resolve("script.sh"), text);
      var process =
          new ProcessBuilder("shellcheck", "--shell=sh", file.toString())
              .redirectErrorStream(true)
              .start();

      assertThat(new String(process.getInputStream().readAllBytes())).isEmpty();
      assertThat(process.waitFor()).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource
  void isReadByTheLoginShellsOfDebianAndUbuntu(NodeScript script)
      throws IOException, InterruptedException {
    var file = Files.writeString(folder.resolve("script.sh"), script.text());
    for (var shell : new String[] {"bash", "dash"}) {
      var process =
          new ProcessBuilder(shell, "-n", file.toString()).redirectErrorStream(true).start();

      assertThat(new String(process.getInputStream().readAllBytes())).as(shell).isEmpty();
      assertThat(process.waitFor()).isZero();
    }
  }

  @Test
  void theInstallerOfK3sHasNothingThatShellcheckComplainsAboutEither()
      throws IOException, InterruptedException {
    Machine.needs("shellcheck");
    var process =
        new ProcessBuilder("shellcheck", "cloud-init/k3s/install.sh")
            .redirectErrorStream(true)
            .start();

    assertThat(new String(process.getInputStream().readAllBytes())).isEmpty();
    assertThat(process.waitFor()).isZero();
  }

  @Test
  void runsThroughSudoForAUserWhoIsNotRoot() {
    var node =
        new Node(folder)
            .program("id", "echo 1000")
            .program("sudo", "[ \"$1\" = -n ] || exit 1; shift; exec \"$@\"");

    var result = node.run(NodeScript.K3S_TOKEN.text(), "node=oslo-1\nrole=server\ntoken=secret\n");

    assertThat(result.exitCode()).isZero();
    assertThat(node.read("/etc/rancher/k3s/token")).isEqualTo("secret");
    assertThat(node.calls()).anyMatch(call -> call.startsWith("sudo -n env SSH_CONNECTION="));
  }

  @Test
  void runsWithoutSudoForRoot() {
    var node = new Node(folder).program("id", "echo 0").program("sudo", "exit 1");

    assertThat(
            node.run(NodeScript.K3S_TOKEN.text(), "node=oslo-1\nrole=server\ntoken=secret\n")
                .exitCode())
        .isZero();
  }
}
