package dev.nordfaas.nats;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.testing.Machine;
import dev.nordfaas.tls.ServerTls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code tools/dead-letters}, with a kubectl that writes down how it was called. */
class DeadLettersToolTest {
  private static final String KUBECTL =
      """
      #!/bin/sh
      printf '%s\\n' "$*" >>"$(dirname "$0")/calls"
      case "$*" in
        *"get deployments"*) printf 'registry.example.no/queue-worker:0.1.0' ;;
        *status.phase*) printf 'Succeeded' ;;
        *logs*) echo 'SEQUENCE  TIME' ;;
        *exitCode*) printf '1' ;;
      esac
      """;

  @TempDir Path folder;

  private record Result(int exitCode, String stdout, String stderr) {}

  @BeforeEach
  void createKubectl() throws IOException {
    Machine.needs("bash", "jq");
    var kubectl = Files.writeString(folder.resolve("kubectl"), KUBECTL);
    Files.setPosixFilePermissions(kubectl, PosixFilePermissions.fromString("rwx------"));
  }

  @Test
  void runsTheCommandInAPodAndEndsAsItDoes() throws Exception {
    var result = run("oslo", "list");

    assertThat(result.stdout()).isEqualTo("SEQUENCE  TIME\n");
    assertThat(result.stderr()).isEmpty();
    assertThat(result.exitCode()).isEqualTo(1);
  }

  @Test
  void deletesThePodAfterwards() throws Exception {
    run("oslo", "list");
    var calls = Files.readAllLines(folder.resolve("calls"));

    assertThat(calls.get(calls.size() - 1)).startsWith("--namespace nats delete pod dead-letters-");
  }

  @Test
  void handsTheArgumentsOver() throws Exception {
    var pod = pod(run("--dry-run", "oslo", "replay", "--all", "--yes"));

    assertThat(pod.at("/spec/containers/0/args").toString())
        .isEqualTo("[\"dead-letters\",\"replay\",\"--all\",\"--yes\"]");
    assertThat(pod.at("/spec/containers/0/image").stringValue())
        .isEqualTo("registry.example.no/queue-worker:0.1.0");
  }

  @Test
  void podIsOneThatTheNetworkPolicyAdmits() throws Exception {
    assertThat(pod(run("--dry-run", "oslo", "list")).at("/metadata/labels").toString())
        .isEqualTo(
            "{\"app.kubernetes.io/name\":\"%s\"}"
                .formatted(Nats.ADMIN_LABELS.selector().get("app.kubernetes.io/name")));
  }

  @Test
  void readsSecretsThatAreThere() throws Exception {
    var pod = pod(run("--dry-run", "oslo", "list"));

    assertThat(pod.at("/spec/containers/0/env/1/valueFrom/secretKeyRef").toString())
        .isEqualTo(
            "{\"name\":\"%s\",\"key\":\"%s\"}".formatted(Nats.PASSWORDS, NatsUser.DEAD_LETTERS));
    assertThat(pod.at("/spec/volumes/0/secret/secretName").stringValue()).isEqualTo(Nats.SERVER);
    assertThat(pod.at("/spec/volumes/0/secret/items/0/key").stringValue())
        .isEqualTo(ServerTls.CA_FILE);
    assertThat(pod.at("/spec/containers/0/env/2/value").stringValue()).isEqualTo(Nats.URL);
    assertThat(pod.at("/spec/containers/0/env/3/value").stringValue())
        .isEqualTo(NatsUser.DEAD_LETTERS);
  }

  @Test
  void runsNothingInADryRun() throws Exception {
    run("--dry-run", "oslo", "replay", "--all", "--yes");

    assertThat(Files.readAllLines(folder.resolve("calls"))).hasSize(1);
  }

  @Test
  void tellsHowItIsUsed() throws Exception {
    assertThat(run("--help").stdout()).startsWith("Usage: tools/dead-letters");
    assertThat(run("--help").stdout()).contains("remove --id", "--older-than", "Exit codes");
    assertThat(run("oslo").exitCode()).isEqualTo(2);
  }

  private static JsonNode pod(Result result) {
    return JsonMapper.builder().build().readTree(result.stdout());
  }

  private Result run(String... arguments) throws IOException, InterruptedException {
    var command =
        Stream.concat(Stream.of("tools/dead-letters"), List.of(arguments).stream()).toList();
    var stdout = folder.resolve("stdout");
    var stderr = folder.resolve("stderr");
    var builder =
        new ProcessBuilder(command).redirectOutput(stdout.toFile()).redirectError(stderr.toFile());
    builder.environment().put("KUBECTL", folder.resolve("kubectl").toString());
    var exitCode = builder.start().waitFor();
    return new Result(exitCode, Files.readString(stdout), Files.readString(stderr));
  }
}
