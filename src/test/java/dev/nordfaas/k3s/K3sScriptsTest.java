package dev.nordfaas.k3s;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.config.StackConfig;
import dev.nordfaas.host.HostFile;
import dev.nordfaas.template.NodeScript;
import dev.nordfaas.testing.Fixtures;
import dev.nordfaas.testing.Node;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class K3sScriptsTest {
  @TempDir Path folder;
  private Node node;

  @BeforeEach
  void createNode() {
    node =
        new Node(folder)
            .program("ip", "echo '2: eth1    inet 10.20.0.11/24 scope global eth1'")
            .program("sleep", "");
  }

  @Test
  void theTokenIsForRootAlone() {
    var result = node.run(NodeScript.K3S_TOKEN.text(), "b4f00");

    assertThat(result.stdout() + result.stderr()).isEmpty();
    assertThat(node.read("/etc/rancher/k3s/token")).isEqualTo("b4f00");
    assertThat(node.permissions("/etc/rancher/k3s/token")).isEqualTo("rw-------");
  }

  @Nested
  class Config {
    @Test
    void writesTheFilesAndFindsTheInterfaceOfThePrivateNetwork() {
      var result = node.run(NodeScript.K3S_CONFIG.text(), files(Fixtures.bergen(), 0));

      assertThat(result.stderr()).isEmpty();
      assertThat(node.read("/etc/rancher/k3s/config.yaml")).contains("node-name: \"bergen-1\"\n");
      assertThat(node.permissions("/etc/rancher/k3s/config.yaml")).isEqualTo("rw-------");
      assertThat(node.has("/etc/rancher/k3s/audit-policy.yaml")).isTrue();
      assertThat(node.read("/etc/rancher/k3s/config.yaml.d/10-flannel.yaml"))
          .isEqualTo("flannel-iface: \"eth1\"\n");
      assertThat(node.permissions("/var/lib/rancher/k3s/server/logs")).isEqualTo("rwx------");
    }

    @Test
    void namesAnAddressThatTheNodeDoesNotHave() {
      node.program("uname", "echo bergen-2");

      var result = node.run(NodeScript.K3S_CONFIG.text(), files(Fixtures.bergen(), 1));

      assertThat(result.exitCode()).isEqualTo(1);
      assertThat(result.stderr())
          .isEqualTo(
              "10.20.0.12 is no address of bergen-2: set the node's privateAddress to one of"
                  + " those that 'ip address' shows there.\n");
    }

    private static String files(StackConfig config, int index) {
      var topology = Topology.of(config.nodes());
      return HostFile.bundle(K3sFiles.of(config.k3s(), topology, topology.members().get(index)));
    }
  }

  @Nested
  class Install {
    private static final String SERVER = "version=v1.34.4+k3s1\nrole=server\nnode=oslo-1\n";
    private static final String K3S =
        """
        case $1 in
          --version) echo "k3s version $(cat "$ROOT/version") (abc)"; echo "go version go1.24" ;;
          kubectl) echo "$(cat "$ROOT/status") $(cat "$ROOT/version")" ;;
        esac
        """;

    @BeforeEach
    void installK3s() {
      node.program("k3s", K3S)
          .file("/version", "v1.34.4+k3s1")
          .file("/status", "True")
          .program(
              "curl",
              """
              while [ "$1" != --output ]; do shift; done
              printf '%s\\n' \
                "echo installer \\$INSTALL_K3S_EXEC \\$INSTALL_K3S_SKIP_START >>$ROOT/calls" \
                "echo \\$INSTALL_K3S_VERSION >$ROOT/version" >"$2"
              """);
    }

    @Test
    void installsThePinnedReleaseByTheInstallScriptOfTheSameRelease() {
      node.file("/version", "v1.33.9+k3s1");

      var result = node.run(NodeScript.K3S_INSTALL.text(), SERVER);

      assertThat(result.stderr()).isEmpty();
      assertThat(result.stdout()).endsWith("K3s v1.34.4+k3s1, node oslo-1 is ready\n");
      assertThat(node.calls())
          .anyMatch(
              call ->
                  call.startsWith("curl")
                      && call.endsWith(
                          "raw.githubusercontent.com/k3s-io/k3s/v1.34.4%2Bk3s1/install.sh"))
          .contains("installer server true", "systemctl start --no-block k3s.service");
    }

    @Test
    void onlyStartsAnewWhatIsInstalledAlready() {
      node.run(NodeScript.K3S_INSTALL.text(), SERVER);

      assertThat(node.calls())
          .noneMatch(call -> call.startsWith("curl"))
          .contains("systemctl stop k3s.service", "systemctl start --no-block k3s.service");
    }

    @Test
    void anAgentAsksWithTheKubeletsOwnRights() {
      node.run(NodeScript.K3S_INSTALL.text(), SERVER.replace("server", "agent"));

      assertThat(node.calls())
          .contains("systemctl start --no-block k3s-agent.service")
          .anyMatch(call -> call.contains("/var/lib/rancher/k3s/agent/kubelet.kubeconfig"));
    }

    @Test
    void saysWhatItWaitedFor() {
      node.file("/status", "False");

      var result = node.run(NodeScript.K3S_INSTALL.text(), SERVER);

      assertThat(result.exitCode()).isEqualTo(1);
      assertThat(result.stderr())
          .isEqualTo(
              "node oslo-1 is not ready with K3s v1.34.4+k3s1 after 300 s: False v1.34.4+k3s1\n");
    }

    @Test
    void failsIfTheDownloadFails() {
      node.file("/version", "v1.33.9+k3s1").program("curl", "exit 22");

      var result = node.run(NodeScript.K3S_INSTALL.text(), SERVER);

      assertThat(result.exitCode()).isEqualTo(1);
      assertThat(result.stderr())
          .isEqualTo("cannot download the install script of K3s v1.34.4+k3s1\n");
      assertThat(node.calls()).noneMatch(call -> call.startsWith("systemctl"));
    }

    @Test
    void runsAnotherInstallerInPlaceOfTheOfficialOne() {
      node.program("lab-install", "echo \"$INSTALL_K3S_VERSION\" >>\"$ROOT/calls\"")
          .file("/version", "v1.34.4");

      var result =
          node.run(
              NodeScript.K3S_INSTALL.text(), SERVER + "installer=" + folder + "/bin/lab-install\n");

      assertThat(result.stderr()).isEmpty();
      assertThat(node.calls())
          .contains("lab-install server", "v1.34.4+k3s1")
          .noneMatch(call -> call.startsWith("systemctl") || call.startsWith("curl"));
    }
  }
}
