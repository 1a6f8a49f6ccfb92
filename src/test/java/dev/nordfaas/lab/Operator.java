package dev.nordfaas.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.engine.ProgramJvm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/**
 * Who follows docs/runbook.md: runs its steps as they stand there, in a folder of their own, where
 * {@code kubectl}, {@code ssh} and {@code tools/stack} are those of the lab.
 */
final class Operator {
  /** More than any step takes that goes well. */
  private static final Duration LONGEST = Duration.ofMinutes(25);

  private static final Path ROOT = Path.of("").toAbsolutePath();

  /**
   * To a VPS, as soon as it takes connections. One that is told to reboot is started again, as a
   * hypervisor does.
   */
  private static final String SSH =
      """
      #!/usr/bin/env bash
      set -euo pipefail
      export PATH='%s'
      source '%s/lab/lib.sh'
      if [[ $1 == -n ]]; then
        exec </dev/null
        shift
      fi
      node=$1
      shift
      need_vps "$node"
      if [[ $* == 'sudo systemctl reboot' ]]; then
        ssh_to "$node" "$@" || true
        for ((tries = 0; tries < 240; tries++)); do
          vps_pid "$node" >/dev/null || exec "$LAB/power" on "$node"
          sleep 1
        done
        fail "$node does not end" 'it was told to reboot 4 minutes ago' "LAB_NODE=$node lab/logs"
      fi
      for ((tries = 0; tries < 180; tries++)); do
        status=0
        ssh_to "$node" "$@" || status=$?
        ((status == 255)) || exit "$status"
        sleep 1
      done
      exit 255
      """;

  private final Path folder;
  private final Map<String, String> values;

  private Operator(Path folder, Map<String, String> values) {
    this.folder = folder;
    this.values = Map.copyOf(values);
  }

  /** With the committed config of the stack that is up. */
  static Operator in(Path folder) throws IOException {
    var stack = Lab.stackName();
    var operator =
        new Operator(
            folder, Map.of("STACK", stack, "DATACENTER", Lab.plan().config().datacenter().name()));
    operator.program("bin/ssh", SSH.formatted(System.getenv("PATH"), ROOT));
    operator.program("tools/stack", "#!/bin/sh\nexec '%s/tools/stack' \"$@\"\n".formatted(ROOT));
    if (Files.exists(kubectl())) {
      operator.program("bin/kubectl", "#!/bin/sh\nexec '%s' \"$@\"\n".formatted(kubectl()));
    }
    operator.configure(UnaryOperator.identity());
    return operator;
  }

  /** That of the lab's Kubernetes. */
  private static Path kubectl() {
    return Optional.ofNullable(System.getenv("NORDFAAS_CACHE"))
        .map(Path::of)
        .orElse(Path.of(System.getProperty("user.home"), ".cache/nordfaas"))
        .resolve("lab/bundle/node/bin/kubectl");
  }

  private void program(String path, String text) throws IOException {
    var file = folder.resolve(path);
    Files.createDirectories(file.getParent());
    assertThat(Files.writeString(file, text).toFile().setExecutable(true)).isTrue();
  }

  /** The same, with a value for one more of the page's placeholders. */
  Operator with(String placeholder, String value) {
    var more = new HashMap<>(values);
    more.put(placeholder, value);
    return new Operator(folder, more);
  }

  /** From now on the stack's config is the committed one with this change. */
  void configure(UnaryOperator<String> change) throws IOException {
    var committed =
        Optional.ofNullable(System.getenv("LAB_CONFIG"))
            .map(Path::of)
            .orElse(Path.of("Pulumi.%s.yaml".formatted(Lab.stackName())));
    Files.writeString(changed(), change.apply(Files.readString(committed)));
  }

  private Path changed() {
    return folder.resolve("changed.yaml");
  }

  /** What a step prints; fails where it fails. */
  String does(String step) {
    return tries(step).ok();
  }

  /** Runs a step where Pulumi runs. */
  Lab.Result tries(String step) {
    return run(step, "bash", "-ex", "-o", "pipefail");
  }

  /** Runs a step on a node, all of it even if a command fails. */
  Lab.Result triesOn(String node, String step) {
    return run(step, folder.resolve("bin/ssh").toString(), node, "bash", "-x", "-s");
  }

  /** What is printed begins with what was done. */
  private Lab.Result run(String step, String... shell) {
    var script = RunbookSteps.read().script(step, values);
    try {
      var input = Files.writeString(folder.resolve("script"), script + "\n");
      var command = new ArrayList<>(timeLimit());
      command.addAll(List.of(shell));
      var builder = new ProcessBuilder(command).directory(folder.toFile());
      builder.redirectErrorStream(true).redirectInput(input.toFile());
      setUp(builder.environment());
      var began = System.nanoTime();
      var process = builder.start();
      var output = new String(process.getInputStream().readAllBytes());
      var status = process.waitFor();
      var seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began);
      System.out.printf("runbook: step %s: exit code %d, %d s%n", step, status, seconds);
      return new Lab.Result(
          status,
          "step %s of docs/runbook.md, exit code %d after %d s:\n%s\n\nIt printed:\n%s"
              .formatted(step, status, seconds, script, output));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private static List<String> timeLimit() {
    return List.of("timeout", "--kill-after=30", LONGEST.toSeconds() + "s");
  }

  private void setUp(Map<String, String> environment) throws IOException {
    environment
        .keySet()
        .removeAll(
            List.of(
                "PULUMI_BACKEND_URL",
                "PULUMI_CONFIG_PASSPHRASE",
                "PULUMI_CONFIG_PASSPHRASE_FILE",
                "LAB_NODE"));
    environment.put("PATH", folder.resolve("bin") + ":" + environment.get("PATH"));
    environment.put("KUBECONFIG", Lab.STATE.resolve("kubeconfig").toString());
    environment.put("NORDFAAS_LOCAL", Lab.PULUMI.toString());
    environment.put("NORDFAAS_SSH_KEY", Lab.STATE.resolve("ssh/id_ed25519").toString());
    environment.put("NORDFAAS_STACK_CONFIG", config().toString());
    environment.put("NORDFAAS_SECRETS", Lab.STATE.resolve("disk/store/secrets").toString());
    environment.put("JDK_JAVA_OPTIONS", ProgramJvm.options());
    // Nobody is there to say yes.
    environment.put("PULUMI_SKIP_CONFIRMATIONS", "true");
  }

  /**
   * The config with the keys that the VPSes have by now: a new one of its own for a new machine.
   */
  private Path config() throws IOException {
    var text = Lab.run("env", "LAB_CONFIG=" + changed(), "lab/stack", "config").ok();
    return Files.writeString(folder.resolve("Pulumi.%s.yaml".formatted(Lab.stackName())), text);
  }
}
