package dev.nordfaas.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.template.NodeScript;
import dev.nordfaas.testing.Node;
import dev.nordfaas.testing.Procps;
import dev.nordfaas.testing.Specs;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SysctlScriptTest {
  private static final String WANTED =
      """
      # why (source)
      net.core.somaxconn = 8192

      net.ipv4.ip_local_port_range = 1024 65535
      """;

  @TempDir Path folder;
  private Node node;

  @BeforeEach
  void createNode() {
    node =
        new Node(folder)
            .program("sysctl", Procps.SYSCTL)
            .file("/kernel/net.core.somaxconn", "4096\n")
            .file("/kernel/net.ipv4.ip_local_port_range", "32768\t60999\n");
  }

  @Test
  void setsTheValuesAndReadsThemBack() {
    var result = node.run(NodeScript.SYSCTLS.text(), WANTED);

    assertThat(result.stderr()).isEmpty();
    assertThat(result.stdout()).isEqualTo("2 values in effect\n");
    assertThat(node.read("/kernel/net.core.somaxconn")).isEqualTo("8192\n");
    assertThat(node.read(Sysctls.PATH)).isEqualTo(WANTED);
    assertThat(node.permissions(Sysctls.PATH)).isEqualTo("rw-r--r--");
  }

  @Test
  void saysTheSameTheSecondTime() {
    var first = node.run(NodeScript.SYSCTLS.text(), WANTED);

    assertThat(node.run(NodeScript.SYSCTLS.text(), WANTED)).isEqualTo(first);
  }

  @Test
  void reportsAKeyThatTheKernelDoesNotHave() {
    var result = node.run(NodeScript.SYSCTLS.text(), WANTED + "net.ipv4.tcp_tw_recycle = 1\n");

    assertThat(result.exitCode()).isZero();
    assertThat(result.stdout())
        .isEqualTo("this kernel does not have: net.ipv4.tcp_tw_recycle\n2 values in effect\n");
  }

  @Test
  void failsWithNameWantedAndFoundForAReadOnlyKey() {
    node.file("/read-only", "");

    var result = node.run(NodeScript.SYSCTLS.text(), WANTED);

    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.stderr())
        .contains(
            "net.core.somaxconn: wanted 8192, found 4096"
                + " (sysctl: permission denied on key \"net.core.somaxconn\")")
        .contains("net.ipv4.ip_local_port_range: wanted 1024 65535, found 32768 60999");
  }

  @Test
  void putsTheOldFileBackWhereANewValueDoesNotTakeEffect() {
    node.run(NodeScript.SYSCTLS.text(), WANTED);
    node.file("/read-only", "");

    var result = node.run(NodeScript.SYSCTLS.text(), WANTED.replace("8192", "16384"));

    assertThat(result.stderr()).contains("net.core.somaxconn: wanted 16384, found 8192");
    assertThat(node.read(Sysctls.PATH)).isEqualTo(WANTED);
    assertThat(node.calls()).contains("sysctl -q -e -p " + Sysctls.PATH);
  }

  @Test
  void leavesNoFileWhereThereWasNone() {
    node.file("/read-only", "");

    node.run(NodeScript.SYSCTLS.text(), WANTED);

    assertThat(node.has(Sysctls.PATH)).isFalse();
  }

  @Test
  void takesTheWholeProfile() {
    Sysctls.effective(Specs.oslo()).forEach(s -> node.file("/kernel/" + s.name(), "0\n"));

    var result = node.run(NodeScript.SYSCTLS.text(), Sysctls.file(Specs.oslo()));

    assertThat(result.stdout()).isEqualTo("22 values in effect\n");
  }
}
