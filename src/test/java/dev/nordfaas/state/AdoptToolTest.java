package dev.nordfaas.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code tools/adopt} in a project of its own, with stand-ins for {@code tools/stack} and kubectl.
 */
class AdoptToolTest {
  private static final Path RECORDED = Path.of("src/test/resources/adopt").toAbsolutePath();

  @TempDir Path project;

  private record Result(int status, String out, String err) {}

  @BeforeEach
  void makeTheProject() throws IOException {
    Files.createDirectories(project.resolve("tools"));
    Files.createDirectories(project.resolve("target"));
    Files.createFile(project.resolve("target/nordfaas.jar"));
    Files.copy(Path.of("tools/adopt"), project.resolve("tools/adopt"));
    Files.copy(Path.of("tools/project.sh"), project.resolve("tools/project.sh"));
    Files.writeString(project.resolve("Pulumi.yaml"), "name: nordfaas\n");
    script("tools/stack", "cat '%s/preview.json'".formatted(RECORDED));
    // The classes under test, whatever the jar holds.
    script(
        "bin/java",
        """
        while [ "$1" != dev.nordfaas.state.AdoptCommand ]; do shift; done
        exec '%s/bin/java' -cp '%s' "$@"
        """
            .formatted(System.getProperty("java.home"), System.getProperty("java.class.path")));
    kubectl(
        """
        case $asked in
          *'"PriorityClass"'*) echo 'error: no matches for kind "PriorityClass"' >&2; exit 1 ;;
          *'"StatefulSet"'*) cat '%s/found.json' ;;
        esac
        """
            .formatted(RECORDED));
  }

  private void kubectl(String answer) throws IOException {
    script("bin/kubectl", "echo \"$*\" >>'%s/calls'\nasked=$(cat)\n%s".formatted(project, answer));
  }

  private void script(String name, String text) throws IOException {
    var file = project.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, "#!/bin/sh\n" + text + "\n");
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  private Result run(String... arguments) throws IOException, InterruptedException {
    var command = new ArrayList<>(List.of(project.resolve("tools/adopt").toString()));
    command.addAll(List.of(arguments));
    var out = project.resolve("out");
    var err = project.resolve("err");
    var builder =
        new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
    builder
        .environment()
        .merge("PATH", project.resolve("bin").toString(), (path, bin) -> bin + ":" + path);
    builder.environment().remove("KUBECTL");
    return new Result(builder.start().waitFor(), Files.readString(out), Files.readString(err));
  }

  @Test
  void saysWhatTheClusterHasAndWritesNothing() throws Exception {
    var result = run("oslo");

    assertThat(result.err()).isEmpty();
    assertThat(result.status()).isEqualTo(1);
    assertThat(result.out())
        .startsWith("The cluster has 7 of the 7 objects that `up` would create.\n")
        .endsWith("\nNothing was written or changed.\n");
  }

  @Test
  void onlyReadsFromTheCluster() throws Exception {
    run("oslo");

    assertThat(Files.readAllLines(project.resolve("calls")))
        .hasSize(7)
        .containsOnly("get --filename - --ignore-not-found --output json");
  }

  @Test
  void asksTheClusterOfTheKubeconfig() throws Exception {
    var kubeconfig = Files.createFile(project.resolve("kubeconfig")).toString();

    run("--kubeconfig", kubeconfig, "oslo");

    assertThat(Files.readAllLines(project.resolve("calls")))
        .allMatch(call -> call.startsWith("--kubeconfig " + kubeconfig + " get "));
  }

  /** The import would make a provider of its own, without a kubeconfig. */
  @Test
  void writesNothingWhileTheStateLacksTheProvider() throws Exception {
    var file = project.resolve("adopt.json");

    var result = run("--write", file.toString(), "oslo");

    assertThat(result.out())
        .endsWith("\nNot written: %s, as the state lacks the provider.\n".formatted(file));
    assertThat(file).doesNotExist();
  }

  @Test
  void writesTheImportFileWhereItIsToldTo() throws Exception {
    var file = project.resolve("adopt.json");
    script(
        "tools/stack",
        "sed '/^ *\"op\"/{N;/K3sCluster::oslo\"\\|oslo-provider\"/s/create/same/}' '%s/preview.json'"
            .formatted(RECORDED));

    var result = run("--write", file.toString(), "oslo");

    assertThat(result.out())
        .endsWith(
            "  tools/stack import oslo --file %s --protect=false --generate-code=false\n"
                .formatted(file));
    assertThat(file).content().contains("\"id\" : \"openfaas/gateway\"");
  }

  @Test
  void anEmptyClusterHasNothingInTheWay() throws Exception {
    kubectl("");

    var result = run("oslo");

    assertThat(result.status()).isZero();
    assertThat(result.out()).startsWith("The cluster has 0 of the 7 objects");
  }

  /** An incomplete answer would pass for an empty cluster. */
  @Test
  void saysThatTheClusterDoesNotAnswer() throws Exception {
    kubectl("echo 'The connection to the server 192.0.2.10:6443 was refused' >&2; exit 1");

    var result = run("oslo");

    assertThat(result.status()).isEqualTo(2);
    assertThat(result.out()).isEmpty();
    assertThat(result.err())
        .isEqualTo(
            """
            adopt: error: the cluster cannot be asked for apps.v1.Deployment
              why:  kubectl says: The connection to the server 192.0.2.10:6443 was refused
              fix:  name a kubeconfig that may read everything: --kubeconfig FILE
            """);
  }

  @Test
  void saysThatTheStackCannotBePreviewed() throws Exception {
    script("tools/stack", "echo 'stack: error: no' >&2; exit 1");

    var result = run("oslo");

    assertThat(result.status()).isEqualTo(2);
    assertThat(result.err()).contains("adopt: error: oslo cannot be previewed\n");
  }

  @Test
  void explainsItself() throws Exception {
    assertThat(run("--help").out()).startsWith("Usage: tools/adopt ");
    assertThat(run().status()).isEqualTo(2);
    assertThat(run("--force", "oslo").err())
        .startsWith("adopt: error: there is no option --force\n");
  }
}
