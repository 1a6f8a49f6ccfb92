package dev.nordfaas.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.host.Drift.Kind;
import dev.nordfaas.template.NodeScript;
import dev.nordfaas.testing.Node;
import dev.nordfaas.testing.Procps;
import dev.nordfaas.testing.Specs;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DriftTest {
  private static final String TIME = "2[0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z ";
  private static final String SYSCTLS =
      "net.core.somaxconn = 8192\nnet.ipv4.ip_local_port_range = 1024 65535\n";
  private static final String JOURNALD = "/etc/systemd/journald.conf.d/10-nordfaas.conf";

  @TempDir Path folder;
  private Node node;

  @BeforeEach
  void createNode() {
    node =
        new Node(folder)
            .program("sysctl", Procps.SYSCTL)
            .program("nft", "[ \"$2\" != list ] || cat \"$ROOT/loaded\" 2>/dev/null")
            .program("modprobe", "")
            .program("uname", "echo 6.1.0-31-amd64")
            .program("sshd", "")
            .file("/kernel/net.core.somaxconn", "4096\n")
            .file("/kernel/net.ipv4.ip_local_port_range", "32768\t60999\n");
  }

  @Test
  void seesNothingOnAHostToWhichNothingWasApplied() {
    node.file(Sysctls.PATH, SYSCTLS);

    var result = node.run(NodeScript.DRIFT.text(), "");

    assertThat(result.stderr()).isEmpty();
    assertThat(result.stdout()).isEmpty();
    assertThat(result.exitCode()).isZero();
  }

  @Test
  void seesNothingOnAHostThatIsAsItWasLeft() {
    applyAll();

    assertThat(node.run(NodeScript.DRIFT.text(), "").stdout()).isEmpty();
  }

  @Test
  void namesASysctlWithItsWantedAndItsFoundValue() {
    applyAll();
    node.file("/kernel/net.core.somaxconn", "128\n")
        .file("/kernel/net.ipv4.ip_local_port_range", "32768\t60999\n");

    assertThat(node.run(NodeScript.DRIFT.text(), "").stdout())
        .matches(
            "sysctls: "
                + TIME
                + "net.core.somaxconn: wanted 8192, found 128;"
                + " net.ipv4.ip_local_port_range: wanted 1024 65535, found 32768 60999\n");
  }

  @Test
  void saysTheSameAfterItWasMendedUntilItSeesAnother() {
    applyAll();
    node.file("/kernel/net.core.somaxconn", "128\n");
    var seen = node.run(NodeScript.DRIFT.text(), "").stdout();

    node.run(NodeScript.SYSCTLS.text(), SYSCTLS);

    assertThat(node.read("/kernel/net.core.somaxconn")).isEqualTo("8192\n");
    assertThat(node.run(NodeScript.DRIFT.text(), "").stdout()).isEqualTo(seen);
    node.file("/kernel/net.core.somaxconn", "256\n");
    assertThat(node.run(NodeScript.DRIFT.text(), "").stdout()).contains("found 256");
  }

  @Test
  void namesFilesThatWereChangedOrDeleted() {
    applyAll();
    node.file(JOURNALD, "[Journal]\n").delete("/etc/security/limits.d/10-nordfaas.conf");
    node.file(Sysctls.PATH, "# empty\n");

    assertThat(node.run(NodeScript.DRIFT.text(), "").stdout().lines())
        .satisfiesExactly(
            sysctls -> assertThat(sysctls).matches("sysctls: " + TIME + Sysctls.PATH + ": changed"),
            files ->
                assertThat(files)
                    .matches(
                        "files: "
                            + TIME
                            + JOURNALD
                            + ": changed; /etc/security/limits.d/10-nordfaas.conf: missing"));
  }

  @Test
  void namesTheLoadedRulesOfTheFirewall() {
    node.file("/loaded", "table inet nordfaas {}\n");
    node.run(NodeScript.FIREWALL_LOAD.text(), "rules\n");
    node.run(NodeScript.FIREWALL_CONFIRM.text(), "rules\n");
    assertThat(node.run(NodeScript.DRIFT.text(), "").stdout()).isEmpty();

    node.file("/loaded", "");

    assertThat(node.run(NodeScript.DRIFT.text(), "").stdout())
        .matches("firewall: " + TIME + "the loaded rules: changed\n");
  }

  @Test
  void saysWhetherTheHostHasToBeRestartedNow() {
    node.file("/run/reboot-required", "").file("/run/reboot-required.pkgs", "libc6\n");

    var seen = node.run(NodeScript.DRIFT.text(), "").stdout();

    assertThat(seen).isEqualTo("restart: an update of libc6 takes effect with it\n");
    assertThat(Drift.restart(seen)).contains("an update of libc6 takes effect with it");
    node.delete("/run/reboot-required");
    assertThat(node.run(NodeScript.DRIFT.text(), "").stdout()).isEmpty();
    assertThat(Drift.restart("")).isEmpty();
  }

  @Test
  void tellsTheKindsApart() {
    var seen = "sysctls: A b: wanted 1, found 2\nfirewall: C the loaded rules: changed\n";

    assertThat(Drift.of(Kind.SYSCTLS, seen)).isEqualTo("A b: wanted 1, found 2");
    assertThat(Drift.of(Kind.FILES, seen)).isEqualTo("none");
    assertThat(Drift.of(Kind.FIREWALL, seen)).isEqualTo("C the loaded rules: changed");
    assertThat(Drift.of(Kind.FIREWALL, "")).isEqualTo("none");
  }

  private void applyAll() {
    assertThat(node.run(NodeScript.SYSCTLS.text(), SYSCTLS).stderr()).isEmpty();
    assertThat(
            node.run(NodeScript.FILES.text(), HostFile.bundle(HostFiles.of(Specs.oslo()))).stderr())
        .isEmpty();
  }
}
