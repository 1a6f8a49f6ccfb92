package dev.nordfaas.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.pulumi.automation.AutomationException;
import dev.nordfaas.engine.EngineProject;
import dev.nordfaas.host.Firewall;
import dev.nordfaas.host.HostFiles;
import dev.nordfaas.host.HostSpec;
import dev.nordfaas.host.Sysctls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The VPS itself: what one up made of it, and that nothing locks anybody out. */
@EndToEnd
class HostIT {
  /** A key of nobody. */
  private static final String ANOTHER_KEY =
      "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIO4pBpmLrEgSOlusuHDucgJA+yQrfpACp3L3Zyt+5wLp";

  /** The host alone: what runs on the cluster has nothing to do with it. */
  private static final String HOST = "urn:pulumi:lab::nordfaas::nordfaas:index:TunedHost**";

  private static final String[] UP = {"up", "--yes", "--skip-preview", "--target", HOST};

  /** The limits of the neighbour table: a network namespace does not see them. */
  private static final String NOT_IN_A_NAMESPACE = "net.ipv4.neigh.";

  private static final String JOURNALD = "/etc/systemd/journald.conf.d/10-nordfaas.conf";

  @TempDir Path folder;
  private EngineProject project;
  private boolean changed;

  @BeforeEach
  void openProject() throws IOException, AutomationException {
    project = Lab.openProject();
  }

  @AfterEach
  void undo() throws IOException, AutomationException {
    project.close();
    if (changed) {
      try (var original = Lab.openProject()) {
        original.up(HOST);
      }
    }
  }

  private static HostSpec host() throws IOException {
    return Lab.plan().hosts().get(0);
  }

  private void set(String key, String value) throws AutomationException {
    changed = true;
    project.set(key, value);
  }

  private void assertThatNothingIsLeftToDo() throws IOException, AutomationException {
    try (var original = Lab.openProject()) {
      assertThat(Lab.changes(original.up(HOST))).isEmpty();
    }
  }

  @Test
  void everyTunedValueThatTheKernelHasIsInEffect() throws IOException {
    assertThat(Sysctls.effective(host()))
        .hasSizeGreaterThan(15)
        .filteredOn(sysctl -> !sysctl.name().startsWith(NOT_IN_A_NAMESPACE))
        .allSatisfy(
            sysctl ->
                assertThat(Lab.overSsh("sysctl", "-n", sysctl.name()).strip().replace('\t', ' '))
                    .as(sysctl.name())
                    .isEqualTo(sysctl.value()));
  }

  @Test
  void everyFileIsAsItIsRendered() throws IOException {
    var host = host();

    assertThat(HostFiles.of(host))
        .allSatisfy(file -> assertThat(Lab.overSsh("cat", file.path())).isEqualTo(file.content()));
    assertThat(Lab.overSsh("cat", Sysctls.PATH)).isEqualTo(Sysctls.file(host));
    assertThat(Lab.overSsh("cat", Firewall.PATH)).isEqualTo(Firewall.render(host));
    assertThat(Lab.overSsh("nft", "list", "table", "inet", "nordfaas")).contains("policy drop");
  }

  @Test
  void theFirewallOutlivesARestartOfDebiansOwn() {
    var before = Lab.overSsh("nft", "list", "table", "inet", "nordfaas");

    Lab.inVps("systemctl", "restart", "nftables.service");
    Lab.inVps("systemctl", "reload", "nftables.service");
    Lab.inVps("systemctl", "stop", "nftables.service");

    assertThat(Lab.overSsh("nft", "list", "table", "inet", "nordfaas")).isEqualTo(before);
    Lab.inVps("systemctl", "restart", "nordfaas-firewall.service");
    assertThat(Lab.overSsh("nft", "list", "table", "inet", "nordfaas")).isEqualTo(before);
  }

  /** Its containers, its cgroups of another age and its clock without a network are warnings. */
  @Test
  void theDoctorFindsNoProblemOnAHostThatIsOurs() {
    assertThat(Lab.stack("doctor").ok())
        .contains(
            "lab-1 (10.77.0.2)\n",
            "  address         ok       10.77.0.2 is on an interface\n",
            "  ports           ok       used only by this stack\n",
            "  software        ok       no other Kubernetes, Docker or containerd\n",
            "  reach           ok       nothing needed: K3s and images come as files\n")
        .contains("lab: no problems, ");
  }

  @Test
  void aPodThatTakesBurstsHasAListenQueueOfItsOwn() {
    assertThat(
            Lab.kubectl(
                    "--namespace=nats",
                    "exec",
                    "nats-0",
                    "--",
                    "cat",
                    "/proc/sys/net/core/somaxconn")
                .strip())
        .isEqualTo("8192");
  }

  @Test
  @Tag("lab-faults")
  void aFirewallThatWouldLockUsOutIsRolledBack() throws Exception {
    var before = Lab.overSsh("nft", "list", "table", "inet", "nordfaas");
    set("host.firewall.sshCidrs[0]", "203.0.113.0/24");

    assertThatThrownBy(() -> project.up(HOST))
        .hasMessageContaining("The new firewall would lock out 10.77.0.1")
        .hasMessageContaining("The old firewall is back.");

    assertThat(Lab.overSsh("nft", "list", "table", "inet", "nordfaas")).isEqualTo(before);
    assertThatNothingIsLeftToDo();
  }

  @Test
  void aKeyThatLeavesTheConfigLeavesTheHost() throws Exception {
    set("host.authorizedKeys[1]", ANOTHER_KEY + " somebody");
    project.up(HOST);
    assertThat(authorizedKeys()).contains(ANOTHER_KEY);

    try (var original = Lab.openProject()) {
      original.up(HOST);
    }

    assertThat(authorizedKeys()).doesNotContain(ANOTHER_KEY);
  }

  @Test
  @Tag("lab-faults")
  void theKeyThatWeComeWithIsNotTakenAway() throws Exception {
    var before = authorizedKeys();
    set("host.authorizedKeys[0]", ANOTHER_KEY + " somebody");

    assertThatThrownBy(() -> project.up(HOST))
        .hasMessageContaining("this connection was made with a key that host.authorizedKeys no");

    assertThat(authorizedKeys()).contains(before);
  }

  private static String authorizedKeys() {
    return Lab.overSsh("cat", ".ssh/authorized_keys");
  }

  @Test
  @Tag("lab-faults")
  void anotherHostKeyIsRefused() throws Exception {
    set("nodes.lab-1.hostKey", ANOTHER_KEY);
    set("ssh.dialErrorLimit", "1");

    assertThatThrownBy(() -> project.up(HOST))
        .hasMessageContaining(
            "after 1 failed attempts: ssh: handshake failed: ssh: host key mismatch");
  }

  @Test
  @Tag("lab-faults")
  void aValueThatDoesNotTakeEffectIsNamed() throws Exception {
    var value = "/proc/sys/vm/swappiness";
    Lab.inVps("mount", "--bind", "-o", "ro", value, value);
    try {
      set("host.sysctls[\"vm.swappiness\"]", "20");

      assertThatThrownBy(() -> project.up(HOST))
          .hasMessageContaining("vm.swappiness: wanted 20, found 10");

      assertThat(Lab.overSsh("cat", Sysctls.PATH)).contains("vm.swappiness = 10\n");
    } finally {
      Lab.inVps("umount", value);
    }
    assertThatNothingIsLeftToDo();
  }

  @Test
  @Tag("lab-faults")
  void anUpThatWasKilledIsFinishedByTheNext() throws Exception {
    var config = folder.resolve("Pulumi.lab.yaml");
    Files.writeString(
        config,
        Files.readString(Path.of("Pulumi.lab.yaml"))
            .replace(
                "nordfaas:host:\n",
                "nordfaas:host:\n    journalMaxUse: 65Mi\n    sysctls: {vm.swappiness: 11}\n"));
    var killed = stack(config, UP).start();
    try {
      Lab.eventually(() -> Lab.overSsh("cat", JOURNALD), text -> text.contains("65M"));
    } finally {
      for (var process : List.copyOf(killed.descendants().toList())) {
        process.destroyForcibly();
      }
      killed.destroyForcibly().waitFor();
    }

    try {
      var next = stack(config, UP).start();
      var output = new String(next.getInputStream().readAllBytes());
      assertThat(next.waitFor()).as(output).isZero();
      assertThat(Lab.overSsh("cat", JOURNALD)).contains("SystemMaxUse=65M");
      assertThat(Lab.overSsh("sysctl", "-n", "vm.swappiness").strip()).isEqualTo("11");
    } finally {
      Lab.stack(UP).ok();
    }
  }

  private static ProcessBuilder stack(Path config, String... arguments) {
    var command = Stream.concat(Stream.of("lab/stack"), Stream.of(arguments)).toList();
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("LAB_CONFIG", config.toString());
    return builder;
  }
}
