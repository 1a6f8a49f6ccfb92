package dev.nordfaas.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.pulumi.automation.ConfigValue;
import dev.nordfaas.testing.Fixtures;
import dev.nordfaas.testing.FreshHost;
import dev.nordfaas.testing.Machine;
import dev.nordfaas.testing.Node;
import dev.nordfaas.testing.Ports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code tools/doctor} on a node behind a real OpenSSH server, with OpenSSH's own client. */
class DoctorIT {
  @TempDir private Path folder;
  private Path userKey;
  private Node node;
  private OpenSshHost host;
  private final Map<String, String> environment = new HashMap<>();

  @BeforeEach
  void start() throws Exception {
    Machine.needsRoot();
    Machine.needs("unshare", "sshd", "ssh", "ssh-keygen", "ssh-agent");
    node =
        FreshHost.describe(new Node(Files.createDirectory(folder.resolve("node"))))
            .program("ip", "echo '1: lo    inet 127.0.0.1/8 scope host lo'")
            .program("id", "echo 1000")
            .program("sudo", "[ \"$1\" = -n ] || exit 1; shift; exec \"$@\"");
    userKey = folder.resolve("user");
    host =
        new OpenSshHost(Files.createDirectory(folder.resolve("sshd")), userKey, node.loginShell());
    environment.put("NORDFAAS_SSH_KEY", userKey.toString());
  }

  @AfterEach
  void stop() throws Exception {
    if (host != null) {
      host.close();
    }
  }

  private String config() throws IOException {
    return config("127.0.0.1", host.port(), host.hostKey(), "");
  }

  private static String config(String address, int port, String hostKey, String more) {
    return Fixtures.text("oslo")
            .replaceFirst("address: 192[.]0[.]2[.]10", "address: " + address)
            .replaceFirst("hostKey: .*", "hostKey: " + hostKey)
        + "\n  nordfaas:ssh:\n    port: %d\n    perDialTimeout: 5s\n%s".formatted(port, more);
  }

  private record Result(int exitCode, String output) {}

  private Result doctor(String config, String... flags) throws Exception {
    var file = Files.writeString(folder.resolve("Pulumi.oslo.yaml"), config);
    return doctor(file, flags);
  }

  private Result doctor(Path config, String... flags) throws Exception {
    var command =
        Stream.concat(Stream.of("tools/doctor"), Stream.concat(Stream.of(flags), Stream.of("oslo")))
            .toList();
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().remove("SSH_AUTH_SOCK");
    builder.environment().put("NORDFAAS_STACK_CONFIG", config.toString());
    builder.environment().putAll(environment);
    var process = builder.start();
    process.getOutputStream().close();
    var output = new String(process.getInputStream().readAllBytes());
    // Wrapped lines become one again.
    return new Result(process.waitFor(), output.replaceAll("\n {27,}(?!fix: )", " "));
  }

  private static void assertThatItFails(Result result, String... texts) {
    assertThat(result.output()).contains(texts);
    assertThat(result.exitCode()).as(result.output()).isEqualTo(1);
  }

  @Test
  void aFreshHostIsReady() throws Exception {
    var result = doctor(config());

    assertThat(result.exitCode()).as(result.output()).isZero();
    assertThat(result.output())
        .contains(
            "doctor: looking at 1 node, at most 90 s\n",
            "oslo-1 (127.0.0.1)\n",
            "  ssh             ok       nordfaas at port %d, host key ssh-ed25519 %s\n"
                .formatted(host.port(), host.fingerprint()),
            "  sudo            ok       without a password\n",
            "  os              ok       Debian GNU/Linux 12 (bookworm)\n",
            "  clock           ok       no more than 5 s from this machine's\n")
        .endsWith("oslo: no problems; nothing was changed. Next: make up STACK=oslo\n");
  }

  @Test
  void everyProblemIsThereAtOnce() throws Exception {
    node.program("getconf", "echo 2").program("date", "echo 1000").file("/run/docker.sock", "");

    assertThatItFails(
        doctor(config()),
        "vcpu            PROBLEM  wanted 8, found 2\n",
        "fix: order what nodes.oslo-1.vcpu says",
        "software        PROBLEM  Docker is running",
        "s behind this machine's\n",
        "oslo: 3 problems; nothing was changed. Fix them, then run this again.\n");
  }

  @Test
  void aUserWhoMayNotBecomeRootIsToldWithAllElse() throws Exception {
    node.program("sudo", "echo 'sudo: a password is required' >&2; exit 1")
        .program("getconf", "echo 2");

    assertThatItFails(
        doctor(config()),
        "sudo            PROBLEM  nordfaas may not become root: sudo: a password is required\n",
        "write `nordfaas ALL=(ALL) NOPASSWD:ALL` into /etc/sudoers.d/90-nordfaas\n",
        "vcpu            PROBLEM  wanted 8, found 2\n");
  }

  @Test
  void anotherHostKeyIsToldWithBothFingerprints() throws Exception {
    var another = OpenSshHost.newKey(folder.resolve("another"));

    assertThatItFails(
        doctor(config("127.0.0.1", host.port(), OpenSshHost.publicKey(another), "")),
        "ssh             PROBLEM  the host key of 127.0.0.1: wanted ssh-ed25519 SHA256:",
        "found ssh-ed25519 " + host.fingerprint(),
        "set nodes.oslo-1.hostKey to what `ssh-keyscan -p %d -t ed25519 127.0.0.1` prints"
            .formatted(host.port()));
    assertThat(node.calls()).isEmpty();
  }

  @Test
  void aHostThatRefusesConnectionsIsTold() throws Exception {
    var port = Ports.free();

    assertThatItFails(
        doctor(config("127.0.0.1", port, host.hostKey(), "")),
        "ssh             PROBLEM  127.0.0.1 refuses connections to port %d\n".formatted(port),
        "fix: check that sshd runs there, and that ssh.port is its port\n");
  }

  @Test
  void aNameThatCannotBeResolvedIsTold() throws Exception {
    assertThatItFails(
        doctor(config("nowhere.invalid", 22, host.hostKey(), "")),
        "ssh             PROBLEM  this machine cannot resolve the name nowhere.invalid\n",
        "fix: fix nodes.oslo-1.address, or this machine's DNS\n");
  }

  @Test
  void aKeyThatIsNotLetInIsTold() throws Exception {
    var another = OpenSshHost.newKey(folder.resolve("another"));
    environment.put("NORDFAAS_SSH_KEY", another.toString());

    assertThatItFails(
        doctor(config()),
        "ssh             PROBLEM  127.0.0.1 does not let nordfaas in with the key of " + another,
        "fix: put its public half into ~nordfaas/.ssh/authorized_keys there");
  }

  @Test
  void withoutKeyAndAgentThatIsTold() throws Exception {
    environment.remove("NORDFAAS_SSH_KEY");

    assertThatItFails(doctor(config()), "with the key of the SSH agent, which is not running");
  }

  @Test
  void aHostThatTakesTooLongIsTold() throws Exception {
    node.program("getconf", "exec sleep 60");

    assertThatItFails(
        doctor(config(), "--timeout", "5"),
        "checks          PROBLEM  not done within 5 s\n",
        "fix: allow more time with --timeout");
  }

  private String bastion(OpenSshHost bastion, String hostKey) {
    return "    bastion: {host: 127.0.0.1, port: %d, user: nordfaas, hostKey: %s}\n"
        .formatted(bastion.port(), hostKey);
  }

  @Test
  void theBastionIsPassedAndItsHostKeyLookedAt() throws Exception {
    var another = OpenSshHost.publicKey(OpenSshHost.newKey(folder.resolve("another")));
    try (var bastion =
        new OpenSshHost(
            Files.createDirectory(folder.resolve("bastion")), userKey, Path.of("/bin/false"))) {
      assertThat(
              doctor(
                      config(
                          "127.0.0.1",
                          host.port(),
                          host.hostKey(),
                          bastion(bastion, bastion.hostKey())))
                  .output())
          .contains(
              "nordfaas at port %d through 127.0.0.1, host key ssh-ed25519 %s"
                  .formatted(host.port(), host.fingerprint()),
              "oslo: no problems");
      assertThatItFails(
          doctor(config("127.0.0.1", host.port(), host.hostKey(), bastion(bastion, another))),
          "the host key of 127.0.0.1: wanted ssh-ed25519 SHA256:",
          "found ssh-ed25519 " + bastion.fingerprint(),
          "set ssh.bastion.hostKey to what `ssh-keyscan");
    }
  }

  @Test
  void theKeyOfTheConfigIsTakenAndLeavesNothingBehind() throws Exception {
    var encrypted = OpenSshHost.newKey(folder.resolve("encrypted"), "a passphrase");
    Files.copy(
        Path.of(encrypted + ".pub"),
        folder.resolve("sshd/user.pub"),
        StandardCopyOption.REPLACE_EXISTING);
    environment.remove("NORDFAAS_SSH_KEY");
    var temporary = Files.createDirectory(folder.resolve("tmp"));
    environment.put("TMPDIR", temporary.toString());
    try (var project = EngineProject.of("oslo", config())) {
      environment.putAll(project.environment());
      project
          .stack()
          .setConfig(
              "nordfaas:ssh.privateKey", new ConfigValue(Files.readString(encrypted), true), true);
      project
          .stack()
          .setConfig(
              "nordfaas:ssh.privateKeyPassword", new ConfigValue("a passphrase", true), true);

      var result = doctor(project.configFile());

      assertThat(result.exitCode()).as(result.output()).isZero();
      assertThat(result.output()).contains("oslo: no problems").doesNotContain("passphrase");

      project
          .stack()
          .setConfig("nordfaas:ssh.privateKeyPassword", new ConfigValue("wrong", true), true);

      var refused = doctor(project.configFile());

      assertThat(refused.exitCode()).as(refused.output()).isEqualTo(2);
      assertThat(refused.output())
          .contains("doctor: error: ssh.privateKey is not a key that OpenSSH can read");
    }
    assertThat(temporary).isEmptyDirectory();
    assertThat(ProcessHandle.allProcesses())
        .noneMatch(
            process -> process.info().commandLine().orElse("").contains(temporary.toString()));
  }

  @Test
  void aConfigWithMistakesIsNoProblemOfAHost() throws Exception {
    var result = doctor(config().replaceFirst("vcpu: 8", "vcpus: 8"));

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.output()).contains("nordfaas:nodes.oslo-1.vcpus: is unknown");
  }

  @Test
  void usageIsPrinted() throws Exception {
    assertThat(doctor(config(), "--fast").exitCode()).isEqualTo(2);
    var help = doctor(config(), "--help");
    assertThat(help.exitCode()).isZero();
    assertThat(help.output()).startsWith("Usage: tools/doctor [--timeout SECONDS] STACK\n");
    assertThat(doctor(config(), "--timeout", "soon"))
        .isEqualTo(
            new Result(
                2,
                """
                doctor: error: --timeout soon is not a number of seconds
                  why:  it must be a whole number from 1 to 9999
                  fix:  omit it for the default of 90
                """));
  }
}
