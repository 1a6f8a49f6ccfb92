package dev.nordfaas.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.testing.Machine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code tools/restore-postgres}, with a kubectl that writes down how it was called. */
@Timeout(60)
class RestoreToolTest {
  /** Before the pod is deleted it is one, and then another, which has restored as it was told. */
  private static final String KUBECTL =
      """
      #!/bin/sh
      here=$(dirname "$0")
      printf '%s\\n' "$*" >>"$here/calls"
      case "$*" in
        *"get statefulset"*) echo '{"spec": {"template": {"spec": {"initContainers": [{"name": "restore"}]}}}}' ;;
        *"get pods"*) echo '{"items": []}' ;;
        *"create configmap"*) echo '{}' ;;
        *"delete pod"*) touch "$here/deleted" ;;
        *"get pod postgres-0"*)
          uid=old
          [ ! -e "$here/deleted" ] || uid=new
          echo '{"metadata": {"uid": "'$uid'"}, "status": {
            "initContainerStatuses": [{"name": "restore", "state": {"terminated": {"exitCode": '$(cat "$here/code")'}}}],
            "containerStatuses": [{"name": "postgres", "ready": true, "restartCount": 0}]}}' ;;
        *pg_is_in_recovery*) echo f ;;
        *"get job postgres-"*)
          name=$(expr "$*" : '.*get job \\(postgres-[a-z]*\\)')
          echo '{"apiVersion": "batch/v1", "kind": "Job", "metadata": {"namespace": "postgres"}, "spec": {"selector": {},
            "template": {"metadata": {"labels": {"controller-uid": "1", "app.kubernetes.io/name": "'$name'"}}}}}' ;;
        *"create --filename -"*) cat >>"$here/jobs" ;;
        *apply*) cat >/dev/null ;;
        *logs*) echo 'what pgBackRest says' ;;
      esac
      """;

  @TempDir Path folder;

  private record Result(int exitCode, String output) {}

  @BeforeEach
  void createKubectl() throws IOException {
    Machine.needs("bash", "jq");
    var kubectl = Files.writeString(folder.resolve("kubectl"), KUBECTL);
    Files.setPosixFilePermissions(kubectl, PosixFilePermissions.fromString("rwx------"));
    restoreEndsWith(0);
  }

  @Test
  void asksForTheTimeInUtcAndReplacesThePod() throws Exception {
    var result = run("--yes", "oslo", "--to", "2026-11-25 13:00:00+01");

    assertThat(result.output())
        .contains(
            "PostgreSQL is running with all databases restored as they were at"
                + " 2026-11-25 12:00:00.000000+00");
    assertThat(result.exitCode()).isZero();
    assertThat(calls())
        .anyMatch(call -> call.contains("--from-literal target=2026-11-25 12:00:00.000000+00"))
        .anyMatch(call -> call.contains("delete pod postgres-0"))
        .anyMatch(call -> call.contains("delete configmap postgres-restore"));
  }

  @Test
  void latestHasNoTarget() throws Exception {
    assertThat(run("--yes", "oslo", "--latest").exitCode()).isZero();
    assertThat(calls()).anyMatch(call -> call.contains("--from-literal target= "));
  }

  @Test
  void jobsForRolesAndMigrationsRunAgainUnderOtherNames() throws Exception {
    run("--yes", "oslo", "--latest");

    assertThat(Files.readString(folder.resolve("jobs")))
        .containsSubsequence("\"name\": \"postgres-roles-", "\"name\": \"postgres-migrations-")
        .contains("\"app.kubernetes.io/name\": \"postgres-roles\"")
        .doesNotContain("selector", "controller-uid");
  }

  @Test
  void withdrawsARestoreThatHasChangedNothing() throws Exception {
    restoreEndsWith(3);

    var result = run("--yes", "oslo", "--to", "2026-11-25 12:00:00+00");

    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.output())
        .contains("what pgBackRest says", "the restore failed before it changed anything");
    assertThat(calls()).anyMatch(call -> call.contains("delete configmap postgres-restore"));
  }

  @Test
  void leavesTheRequestOfARestoreThatFailedHalfWay() throws Exception {
    restoreEndsWith(4);

    var result = run("--yes", "oslo", "--to", "2026-11-25 12:00:00+00");

    assertThat(result.output()).contains("the restore failed half-way (code 4)");
    assertThat(calls()).noneMatch(call -> call.contains("delete configmap"));
  }

  @Test
  void changesNothingInADryRunOrWithoutAnAnswer() throws Exception {
    assertThat(run("--dry-run", "oslo", "--latest").exitCode()).isZero();
    assertThat(run("oslo", "--latest").output()).contains("nothing was done");
    assertThat(calls()).noneMatch(call -> call.matches(".*(delete|apply|create).*"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "oslo; --to TIME or --latest is missing",
        "--latest; STACK is missing",
        "oslo --to yesteryear; 'yesteryear' is not a time",
        "oslo --to 2999-01-01; '2999-01-01' is in the future",
        "oslo --to now --latest; --to and --latest exclude each other",
        "oslo bergen --latest; only one stack is allowed, not oslo and bergen",
        "oslo --force; unknown option --force"
      })
  void refusesWhatItDoesNotUnderstand(String arguments, String message) throws Exception {
    var result = run(arguments.split(" "));

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.output()).startsWith("restore-postgres: " + message);
  }

  @Test
  void tellsHowItIsUsed() throws Exception {
    var result = run("--help");

    assertThat(result.exitCode()).isZero();
    assertThat(result.output()).startsWith("Usage: tools/restore-postgres");
  }

  private void restoreEndsWith(int code) throws IOException {
    Files.writeString(folder.resolve("code"), Integer.toString(code));
  }

  private List<String> calls() throws IOException {
    return Files.readAllLines(folder.resolve("calls"));
  }

  private Result run(String... arguments) throws IOException, InterruptedException {
    var command = Stream.concat(Stream.of("tools/restore-postgres"), Stream.of(arguments)).toList();
    var output = folder.resolve("output");
    var builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    builder.redirectInput(Path.of("/dev/null").toFile());
    builder.environment().put("KUBECTL", folder.resolve("kubectl").toString());
    var exitCode = builder.start().waitFor();
    return new Result(exitCode, Files.readString(output));
  }
}
