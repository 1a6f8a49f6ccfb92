package dev.nordfaas.k3s;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.config.StackConfig;
import dev.nordfaas.config.check.PatchedConfig;
import dev.nordfaas.k3s.TokenRequest.FromCluster;
import dev.nordfaas.template.NodeScript;
import dev.nordfaas.testing.Fixtures;
import dev.nordfaas.testing.K3sStandIn;
import dev.nordfaas.testing.Node;
import dev.nordfaas.testing.Node.Result;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The scripts of K3s, on a stand-in for a node that has stand-ins for K3s and systemd. */
class K3sScriptsTest {
  /** What curl does when the installer downloads a release and its checksums. */
  private static final String DOWNLOADS =
      """
      while [ $# -gt 0 ] && [ "$1" != --output ]; do shift; done
      case $3 in
        */sha256sum-amd64.txt)
          printf '%s  k3s\\n' "$(sha256sum <"$ROOT/release" | cut -d ' ' -f 1)" >"$2" ;;
        */k3s) cp "$ROOT/release" "$2" ;;
      esac
      """;

  private static final String K3S = "/usr/local/bin/k3s";
  private static final String OF_KUBELET = "/var/lib/rancher/k3s/agent/client-kubelet.crt";
  private static final String ROTATION =
      "set: {nordfaas:k3s.rotation: {certificates: \"2026-11-25\"}}";
  private static final String CONFIG = "/etc/rancher/k3s/config.yaml";

  /** The cluster's certificate, as the servers have it. */
  private static final String CA = "the cluster's CA";

  /** What stands in the config of a node that has K3s already. */
  private static final String BEFORE = "token-file: /etc/rancher/k3s/token\n# of before\n";

  @TempDir Path folder;
  private Node node;

  @BeforeEach
  void createNode() {
    node =
        new Node(folder)
            .program("chown", "")
            .program("sleep", "")
            .program("systemctl", K3sStandIn.systemd(folder.toString(), cluster()))
            .program("journalctl", K3sStandIn.systemd(folder.toString(), cluster()))
            .program(
                "curl",
                """
                case "$*" in *"--config -"*) cat >>"$ROOT/curl.stdin" ;; esac
                case "$*" in */cacerts) [ -e "$ROOT/peer" ]; exit ;; *v1-k3s/token) exit ;; esac
                """
                    + DOWNLOADS)
            .file("/run/systemd/system/keep", "")
            .file("/etc/rancher/k3s/token", "b4f00")
            .file("/etc/rancher/k3s/agent-token", "ag3nt")
            .file("/cluster/kubeconfig", "apiVersion: v1\n");
    is(1);
    release("v1.34.4+k3s1");
  }

  /** The node is this one of Bergen's five. */
  private void is(int number) {
    node.program("ip", "echo '2: eth1    inet 10.20.0.1%d/24 scope global eth1'".formatted(number))
        .program(
            "uname", "case $1 in -m) echo x86_64 ;; *) echo bergen-%d ;; esac".formatted(number));
  }

  private Path cluster() {
    return folder.resolve("cluster");
  }

  private String k3s(String version) {
    return K3sStandIn.k3s(version, folder.toString(), cluster());
  }

  /** What the download gives. */
  private void release(String version) {
    node.executable("/release", k3s(version));
  }

  /** The first server runs a release already. */
  private void installed(String version) {
    installed(version, "k3s.service", "server", "node-name: \"bergen-1\"\ncluster-init: true\n");
  }

  /** The node is the first agent, and runs a release already, as the first server does. */
  private void installedAgent(String version) {
    is(4);
    hasServer(version);
    installed(
        version,
        "k3s-agent.service",
        "agent",
        "node-name: \"bergen-4\"\nserver: https://10.20.0.11:6443\n");
  }

  private void installed(String version, String service, String role, String config) {
    node.executable(K3S, k3s(version))
        .file(CONFIG, config + BEFORE)
        .file(
            "/etc/systemd/system/" + service,
            "ExecStart=%s/usr/local/bin/k3s %s\n".formatted(folder, role));
    assertThat(node.run("systemctl start " + service, "").stderr()).isEmpty();
    assertThat(kubelet(node.run("uname -n", "").stdout().strip())).isEqualTo(version);
    node.calls();
  }

  /** Another node of the cluster is a server that runs. */
  private void hasServer(String version) {
    member("bergen-1", version, true);
    node.file("/cluster/up/bergen-1", "server " + version + "\n")
        .file("/cluster/token", "b4f00")
        .file("/cluster/ca", CA);
  }

  private void member(String name, String version, boolean server) {
    node.file("/cluster/nodes/%s/version".formatted(name), version)
        .file("/cluster/nodes/%s/ready".formatted(name), "True");
    if (server) {
      node.file("/cluster/nodes/%s/server".formatted(name), "true");
    }
  }

  /** The release of a node's kubelet, as the API tells it. */
  private String kubelet(String name) {
    return node.read("/cluster/nodes/%s/version".formatted(name));
  }

  /** Checksum of what the download gives. */
  private String sum() {
    return sha256(node.read("/release"));
  }

  private static String sha256(String text) {
    try {
      var content = text.getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private static String request(StackConfig config, int index) {
    var topology = Topology.of(config.nodes(), config.host(), config.k3s().firstServer());
    return InstallRequest.render(config.k3s(), topology, topology.members().get(index));
  }

  private static String bergen(int index) {
    return request(Fixtures.bergen(), index);
  }

  private static String bergen(int index, String patch) {
    return request(PatchedConfig.of("bergen", patch), index);
  }

  private Result install(String request) {
    return node.run(NodeScript.K3S_INSTALL.text(), request);
  }

  /** Calls that change something; the name of the program is not the file's, while it is new. */
  private List<String> changes() {
    return node.calls().stream()
        .filter(call -> call.matches("systemctl (?!is-active).*|.* (un)?cordon .*|.* rotate.*"))
        .map(call -> call.replaceAll("^\\S*k3s kubectl .* 10s ", ""))
        .toList();
  }

  @Nested
  class Install {
    @Test
    void putsTheReleaseOnAFreshNodeAndStartsIt() {
      var result = install(bergen(0));

      assertThat(result.stderr()).isEmpty();
      assertThat(result.stdout())
          .isEqualTo(
              """
              K3s v1.34.4+k3s1 is in place
              K3s v1.34.4+k3s1, node bergen-1 is ready
              """);
      assertThat(changes())
          .containsExactly(
              "systemctl daemon-reload",
              "systemctl enable --quiet k3s.service",
              "systemctl stop k3s.service",
              "systemctl start --no-block k3s.service");
      assertThat(node.read("/etc/systemd/system/k3s.service"))
          .contains("ExecStart=/usr/local/bin/k3s server\n".replace("/usr", folder + "/usr"))
          .contains("Type=notify");
    }

    @Test
    void writesTheFilesForRootAloneAndFindsTheInterfaceOfThePrivateNetwork() {
      install(bergen(0));

      assertThat(node.read("/etc/rancher/k3s/config.yaml")).contains("node-name: \"bergen-1\"\n");
      assertThat(
              List.of("config.yaml", "audit-policy.yaml", "pod-security.yaml").stream()
                  .map(file -> node.permissions("/etc/rancher/k3s/" + file)))
          .containsOnly("rw-------");
      assertThat(node.read("/etc/rancher/k3s/config.yaml.d/10-flannel.yaml"))
          .isEqualTo("flannel-iface: \"eth1\"\n");
      assertThat(node.permissions("/var/lib/rancher/k3s/server/logs")).isEqualTo("rwx------");
    }

    @Test
    void joinsThroughTheFirstServerThatAnswers() {
      is(4);
      hasServer("v1.34.4+k3s1");
      node.program(
          "curl",
          """
          case "$*" in
            *10.20.0.12:6443/cacerts) exit ;;
            */cacerts) exit 7 ;;
          esac
          """
              + DOWNLOADS);

      var result = install(bergen(3));

      assertThat(result.stdout())
          .contains(
              "https://10.20.0.11:6443 does not answer: bergen-4 joins through https://10.20.0.12:6443\n");
      assertThat(node.read("/etc/rancher/k3s/config.yaml.d/20-server.yaml"))
          .isEqualTo("server: \"https://10.20.0.12:6443\"\n");
    }

    @Test
    void leavesItsInstallerOnTheNode() {
      install(bergen(0));

      assertThat(node.permissions("/usr/local/sbin/nordfaas-k3s-install")).isEqualTo("rwxr-xr-x");
    }

    @Test
    void namesAnAddressThatTheNodeDoesNotHave() {
      var result = install(bergen(1));

      assertThat(result.exitCode()).isEqualTo(1);
      assertThat(result.stderr())
          .isEqualTo(
              "10.20.0.12 is not an address of bergen-1: set the node's privateAddress to one of"
                  + " those that 'ip address' shows there.\n");
      assertThat(changes()).isEmpty();
    }

    @Test
    void runsNothingTwice() {
      install(bergen(0));
      changes();

      var result = install(bergen(0));

      assertThat(result.stdout())
          .isEqualTo("unchanged: K3s v1.34.4+k3s1, node bergen-1 is ready\n");
      assertThat(changes()).isEmpty();
    }

    @Test
    void startsAnewWithAnotherConfigAndDownloadsNothing() {
      install(bergen(0));
      changes();

      install(bergen(0, "set: {nordfaas:k3s.maxPods: 50}"));

      var calls = node.calls();
      assertThat(calls).noneMatch(call -> call.startsWith("curl"));
      assertThat(calls).contains("systemctl start --no-block k3s.service");
      assertThat(node.read("/etc/rancher/k3s/config.yaml")).contains("max-pods=50");
    }

    @Test
    void anotherBackendLeavesNoInterfaceAndNoRoutesOfTheOneBefore() {
      install(bergen(0));
      changes();
      node.program(
          "ip",
          "case $* in *link*) printf '5: flannel.1: <UP> mtu 1450\\n6: flannel-wg: <UP> mtu 1420\\n' ;; *) echo '2: eth1    inet 10.20.0.11/24 scope global eth1' ;; esac");

      var result = install(bergen(0, "set: {nordfaas:k3s.flannelBackend: wireguard-native}"));

      assertThat(result.stderr()).isEmpty();
      assertThat(result.stdout())
          .contains("removed flannel.1, the interface of another flannel backend\n");
      assertThat(node.calls())
          .containsSubsequence(
              "systemctl stop k3s.service",
              "ip link delete flannel.1",
              "systemctl start --no-block k3s.service")
          .doesNotContain("ip link delete flannel-wg");
      install(bergen(0));
      assertThat(node.calls()).contains("ip link delete flannel-wg");
    }

    @Test
    void takesMirrorsAwayThatTheConfigHasNoMore() {
      install(
          bergen(
              0,
              "set: {nordfaas:k3s.registries: {docker.io: {endpoints: [\"https://m.example.no\"],"
                  + " country: \"NO\"}}}"));
      assertThat(node.has("/etc/rancher/k3s/registries.yaml")).isTrue();

      install(bergen(0));

      assertThat(node.has("/etc/rancher/k3s/registries.yaml")).isFalse();
    }

    @Test
    void anAgentAsksWithTheKubeletsOwnRights() {
      is(4);
      hasServer("v1.34.4+k3s1");

      var result = install(bergen(3));

      assertThat(result.stderr()).isEmpty();
      assertThat(node.calls())
          .contains("systemctl start --no-block k3s-agent.service")
          .anyMatch(call -> call.contains("/var/lib/rancher/k3s/agent/kubelet.kubeconfig"));
    }

    @Test
    void refusesToMakeAnAgentOfAServer() {
      install(bergen(0));
      is(4);

      var result = install(bergen(3));

      assertThat(result.exitCode()).isEqualTo(1);
      assertThat(result.stderr()).contains("bergen-4 has k3s.service already");
    }

    @Test
    void aFirstServerThatHasLostItsDataMakesNoSecondCluster() {
      node.file("/peer", "");

      var result = install(bergen(0));

      assertThat(result.exitCode()).isEqualTo(1);
      assertThat(result.stderr())
          .startsWith(
              "bergen-1 has no data of a cluster, and https://10.20.0.12:6443 runs one already");
      assertThat(changes()).isEmpty();
      assertThat(node.has(K3S)).isFalse();
    }

    @Test
    void aFirstServerWithDataStartsBesideTheOthers() {
      installed("v1.34.4+k3s1");
      node.file("/peer", "");

      assertThat(install(bergen(0)).exitCode()).isZero();
    }

    @Test
    void rotatesCertificatesOnceADay() {
      install(bergen(0));
      changes();

      install(bergen(0, ROTATION));

      assertThat(changes())
          .containsSubsequence(
              "systemctl stop k3s.service",
              "k3s certificate rotate",
              "systemctl start --no-block k3s.service");
      install(
          bergen(
              0,
              "set: {nordfaas:k3s.rotation: {certificates: \"2026-11-25\"}, nordfaas:k3s.maxPods:"
                  + " 50}"));
      assertThat(changes())
          .contains("systemctl start --no-block k3s.service")
          .doesNotContain("k3s certificate rotate");
    }

    @Test
    void anAgentHasNoFolderOfServersSoThatItsCertificatesCanBeRotated() {
      is(4);
      hasServer("v1.34.4+k3s1");
      install(bergen(3));
      var before = node.read(OF_KUBELET);

      var result = install(bergen(3, ROTATION));

      assertThat(result.exitCode()).as(result.stderr()).isZero();
      assertThat(node.has("/var/lib/rancher/k3s/server")).isFalse();
      assertThat(node.read(OF_KUBELET)).isNotEqualTo(before);
    }

    @Test
    void anEmptyFolderOfServersOnAnAgentGoesBeforeItsCertificatesAreRotated() {
      is(4);
      hasServer("v1.34.4+k3s1");
      install(bergen(3));
      node.file("/var/lib/rancher/k3s/server/logs/x", "")
          .delete("/var/lib/rancher/k3s/server/logs/x");
      var before = node.read(OF_KUBELET);

      var result = install(bergen(3, ROTATION));

      assertThat(result.exitCode()).as(result.stderr()).isZero();
      assertThat(node.read(OF_KUBELET)).isNotEqualTo(before);
    }

    @Test
    void whatIsInTheFolderOfServersOnAnAgentStaysAndKeepsItFromRotation() {
      is(4);
      hasServer("v1.34.4+k3s1");
      install(bergen(3));
      node.file("/var/lib/rancher/k3s/server/manifests/own.yaml", "");
      changes();

      var result = install(bergen(3, ROTATION));

      assertThat(result.exitCode()).isEqualTo(1);
      assertThat(result.stderr())
          .isEqualTo(
              "/var/lib/rancher/k3s/server is on the agent bergen-4, so that K3s would take it for"
                  + " a server and not rotate its certificates. See what it holds, move it away,"
                  + " and run 'pulumi up' again.\n");
      assertThat(changes()).isEmpty();
      assertThat(install(bergen(3)).exitCode()).isZero();
    }

    /** Such as after a release of ours, or a hand, that made the machine a server before. */
    @ParameterizedTest
    @CsvSource({"token", "cred/passwd", "tls/server-ca.key", "db/token-first.enc"})
    void anAgentWithAServersTokenOrKeysIsRefusedBeforeAnythingIsTouched(String file) {
      is(4);
      hasServer("v1.34.4+k3s1");
      node.file("/var/lib/rancher/k3s/server/" + file, "x");

      var result = install(bergen(3));

      assertThat(result.exitCode()).isEqualTo(1);
      assertThat(result.stderr())
          .isEqualTo(
              "the agent bergen-4 has what only servers may have, in /var/lib/rancher/k3s/server: %s. Whoever breaks out of a pod there could take over that cluster. If nobody needs it, delete the folder, and run 'pulumi up' again.\n"
                  .formatted(file.replaceFirst("/.*", "")));
      assertThat(changes()).isEmpty();
    }

    @Test
    void aRotationThatFailsLeavesTheNodeInServiceAndIsTriedAgain() {
      install(bergen(0));
      var before = node.read(OF_KUBELET);
      changes();
      node.run("rm -r /var/lib/rancher/k3s/server/tls", "");

      var result = install(bergen(0, ROTATION));

      assertThat(result.exitCode()).isEqualTo(1);
      assertThat(result.stderr())
          .contains(
              "server/tls/dynamic-cert-regenerate: no such file or directory",
              "K3s could not rotate the certificates of bergen-1, for the reason above. It runs"
                  + " with the old ones, and bergen-1 takes pods again; 'pulumi up' tries once"
                  + " more.\n");
      assertThat(changes())
          .containsSubsequence(
              "cordon bergen-1",
              "systemctl stop k3s.service",
              "systemctl start --no-block k3s.service",
              "uncordon bergen-1");
      assertThat(node.read(OF_KUBELET)).isEqualTo(before);

      assertThat(install(bergen(0, ROTATION)).exitCode()).isZero();
      assertThat(node.read(OF_KUBELET)).isNotEqualTo(before);
    }

    @Test
    void anAgentThatTheClusterKnowsWithAnotherDiskSaysWhatHelps() {
      is(4);
      hasServer("v1.34.4+k3s1");
      node.file("/cluster/secrets/bergen-4.node-password.k3s", "of the disk before");

      var result = install(bergen(3));

      assertThat(result.exitCode()).isEqualTo(1);
      assertThat(result.stderr())
          .isEqualTo(
              """
              The cluster refuses bergen-4: it knows a node of this name, with another disk. If this one takes its place, run on a server:
                sudo k3s kubectl --namespace kube-system delete secret bergen-4.node-password.k3s
              and then 'pulumi up' again. If not, give this one another name in nodes.
              """);
      assertThat(result.stdout()).doesNotContain("after 60 s");
      node.delete("/cluster/secrets/bergen-4.node-password.k3s");

      assertThat(install(bergen(3)).exitCode()).isZero();
    }

    @Test
    void aServerThatEtcdKnowsWithAnotherDiskSaysWhatHelps() {
      is(2);
      hasServer("v1.34.4+k3s1");
      node.file("/cluster/members/bergen-2", "bergen-2-0123abcd");

      var result = install(bergen(1));

      assertThat(result.exitCode()).isEqualTo(1);
      assertThat(result.stderr())
          .isEqualTo(
              """
              etcd refuses bergen-2: it has a member of this name, with another disk. If this one takes its place, run on another server:
                sudo k3s kubectl delete node bergen-2
              and then 'pulumi up' again. If not, give this one another name in nodes.
              """);
      node.delete("/cluster/members/bergen-2");

      assertThat(install(bergen(1)).exitCode()).isZero();
    }

    @Test
    void aNodeThatJoinsTooLateForItsServerIsNotTakenForRefused() {
      is(4);

      assertThat(install(bergen(3)).stderr())
          .contains(
              "failed to get CA certs",
              "node bergen-4 is not ready with K3s v1.34.4+k3s1 after 300 s");
    }

    @Test
    void aFreshNodeHasFreshCertificates() {
      install(bergen(0, ROTATION));

      assertThat(node.calls()).noneMatch(call -> call.contains("rotate"));
    }

    @Test
    void runsAnotherInstallerInPlaceOfOurs() {
      node.program(
              "lab-install",
              "echo \"$INSTALL_K3S_VERSION\" >>\"$ROOT/calls\"; \"$ROOT/bin/other\" server"
                  + " 2>/dev/null")
          .program("other", k3s("v1.34.6+k3s1"))
          .program("kubectl", k3s("v1.34.6+k3s1"));

      var result = install(withAnotherInstaller(0));

      assertThat(result.stderr()).isEmpty();
      assertThat(node.calls())
          .contains("lab-install server", "v1.34.4+k3s1")
          .noneMatch(call -> call.startsWith("systemctl start") || call.contains("github.com"));
    }

    /** One that starts K3s by itself, which is refused. */
    @ParameterizedTest
    @CsvSource({
      "duplicate node name found, etcd refuses bergen-2: it has a member",
      "Node password rejected, The cluster refuses bergen-2: it knows a node"
    })
    void whatAnotherInstallerIsRefusedForIsExplained(String refusal, String explanation) {
      is(2);
      node.program("lab-install", "echo \"lab: error: %s\" >&2; exit 1".formatted(refusal));

      var result = install(withAnotherInstaller(1));

      assertThat(result.exitCode()).isEqualTo(1);
      assertThat(result.stderr()).startsWith("lab: error: " + refusal + "\n" + explanation);
    }

    @Test
    void whatAnotherInstallerFailsForIsToldAsItIs() {
      node.program("lab-install", "echo 'lab: error: no disk' >&2; exit 1");

      assertThat(install(withAnotherInstaller(0)).stderr())
          .isEqualTo("lab: error: no disk\n/bin/lab-install failed\n");
    }

    @Test
    void neitherDoesAnotherInstallerMakeASecondCluster() {
      node.file("/peer", "").program("lab-install", "");

      assertThat(install(withAnotherInstaller(0)).stderr())
          .startsWith("bergen-1 has no data of a cluster, and https://10.20.0.12:6443 runs one");
      assertThat(node.calls()).doesNotContain("lab-install server");
    }

    /** Such as one that wants a certificate first. */
    @Test
    void aServerThatAnswersWithARefusalIsOne() {
      is(4);
      hasServer("v1.34.4+k3s1");
      node.program(
          "curl",
          "case \"$*\" in *--fail*/cacerts) exit 22 ;; */cacerts) exit ;; esac\n" + DOWNLOADS);

      assertThat(install(bergen(3)).stdout()).doesNotContain("does not answer");
    }

    private String withAnotherInstaller(int index) {
      return bergen(index)
          .replace("=/usr/local/sbin/nordfaas-k3s-install", "=" + folder + "/bin/lab-install");
    }
  }

  /** Another machine answers at the first server's address, or between the nodes. */
  @Nested
  class Impostor {
    @BeforeEach
    void answersInPlaceOfTheFirstServer() {
      hasServer("v1.34.4+k3s1");
      node.file("/cluster/agent-token", "ag3nt").file("/cluster/impostor", "its own CA");
    }

    @ParameterizedTest
    @CsvSource({"2, 1", "4, 3"})
    void isSentNoTokenByANodeThatJoins(int number, int index) {
      is(number);
      assertThat(keepToken(index).stderr()).isEmpty();

      var result = install(bergen(index));

      assertThat(node.has("/cluster/impostor-got")).isFalse();
      assertThat(node.has("/cluster/up/bergen-" + number)).isFalse();
      assertThat(result.exitCode()).isEqualTo(1);
      assertThat(result.stderr())
          .isEqualTo(
              """
              bergen-%d does not join: the machine that answers at https://10.20.0.11:6443 has another CA than the cluster had when 'pulumi up' last read it. If you have replaced the cluster's CA, set k3s.rotation.certificates to a new date and run 'pulumi up' again. If not, something else answers there: nothing secret was sent to it.
              """
                  .formatted(number));
    }

    @ParameterizedTest
    @CsvSource({"2, 1", "4, 3"})
    void isGoneAndTheNodeJoins(int number, int index) {
      is(number);
      keepToken(index);
      node.delete("/cluster/impostor");

      var result = install(bergen(index));

      assertThat(result.stderr()).isEmpty();
      assertThat(node.has("/cluster/up/bergen-" + number)).isTrue();
    }

    private Result keepToken(int index) {
      return node.run(NodeScript.K3S_TOKEN.text(), tokens(index));
    }
  }

  @Nested
  class Ca {
    private Result hash() {
      return node.run(NodeScript.K3S_CA.text(), "certificates of the first start\n");
    }

    @Test
    void isKnownByItsHashAndNothingElseLeavesTheServer() {
      install(bergen(0));

      var result = hash();

      assertThat(result.stderr()).isEmpty();
      assertThat(result.stdout()).isEqualTo(sha256(node.read("/cluster/ca")));
      assertThat(node.read("/var/lib/rancher/k3s/server/token"))
          .isEqualTo("K10%s::server:b4f00\n".formatted(result.stdout()));
    }

    @Test
    void isNotGuessedWhereK3sHasNotWrittenIt() {
      is(1);
      node.file("/var/lib/rancher/k3s/server/token", "b4f00\n");

      var result = hash();

      assertThat(result.exitCode()).isEqualTo(1);
      assertThat(result.stdout()).isEmpty();
      assertThat(result.stderr())
          .isEqualTo(
              "/var/lib/rancher/k3s/server/token on bergen-1 does not begin with K10 and the hash of the cluster's CA, so that nodes could not tell this cluster from another. K3s writes it at each start: does K3s run here? See 'journalctl -u k3s', and run 'pulumi up' again.\n");
    }
  }

  @Nested
  class NameServer {
    private static final String DEPLOYED = "/cluster/deployments/coredns";

    @BeforeEach
    void isNotDeployedYet() {
      install(bergen(0));
      node.delete(DEPLOYED).calls();
    }

    private Result await() {
      return node.run(NodeScript.K3S_NAME_SERVER.text(), "");
    }

    @Test
    void isThereOnceK3sHasDeployedIt() {
      node.program("sleep", ": >\"$ROOT%s\"".formatted(DEPLOYED));

      var result = await();

      assertThat(result.stderr()).isEmpty();
      assertThat(result.stdout()).isEqualTo("K3s has deployed CoreDNS\n");
      assertThat(node.calls()).filteredOn(call -> call.startsWith("sleep")).hasSize(1);
    }

    @Test
    void thatNeverComesIsNotWaitedForWithoutEnd() {
      var result = await();

      assertThat(result.exitCode()).isEqualTo(1);
      assertThat(result.stderr())
          .isEqualTo(
              "K3s has not deployed CoreDNS within 120 s: Error from server (NotFound): deployments.apps \"coredns\" not found\nSee 'journalctl -u k3s' on bergen-1, and run 'pulumi up' again.\n");
    }
  }

  /** What the token script of a node of Bergen gets. */
  private static String tokens(int index) {
    var config = Fixtures.bergen();
    var topology = Topology.of(config.nodes(), config.host(), config.k3s().firstServer());
    var values =
        Map.of(
            FromCluster.SERVER_TOKEN, "b4f00",
            FromCluster.AGENT_TOKEN, "ag3nt",
            FromCluster.CA_HASH, sha256(CA));
    return TokenRequest.of(config.k3s(), "bergen", topology, topology.members().get(index)).stream()
        .map(part -> part instanceof TokenRequest.Text text ? text.text() : values.get(part))
        .collect(Collectors.joining());
  }

  @Nested
  class Checksum {
    private static final String OTHER = "0".repeat(64);

    @Test
    void isThatOfTheConfigWhereItHasOne() {
      var request = bergen(0, "set: {nordfaas:k3s.sha256: {amd64: '%s'}}".formatted(sum()));

      var result = install(request);

      assertThat(result.stderr()).isEmpty();
      assertThat(node.calls()).noneMatch(call -> call.contains("sha256sum-amd64.txt"));
    }

    @Test
    void ofAnotherFileIsRefusedBeforeAnythingIsTouched() {
      installed("v1.33.9+k3s1");

      var result = install(bergen(0, "set: {nordfaas:k3s.sha256: {amd64: '%s'}}".formatted(OTHER)));

      assertThat(result.exitCode()).isEqualTo(1);
      assertThat(result.stderr())
          .startsWith(
              "nordfaas-k3s-install: the binary of K3s v1.34.4+k3s1 has the checksum %s, and k3s.sha256.amd64 says %s. Nothing is installed."
                  .formatted(sum(), OTHER));
      assertThat(changes()).isEmpty();
      assertThat(node.read(CONFIG)).contains(BEFORE);
      assertThat(node.read(K3S)).contains("v1.33.9+k3s1");
    }

    @Test
    void aBinaryOfAnotherReleaseIsRefused() {
      release("v1.34.3+k3s1");

      var result = install(bergen(0));

      assertThat(result.stderr())
          .startsWith(
              "nordfaas-k3s-install: the binary reports to be K3s v1.34.3+k3s1, wanted"
                  + " v1.34.4+k3s1.");
      assertThat(node.has(K3S)).isFalse();
    }

    @Test
    void failsIfTheDownloadFails() {
      node.program("curl", "case $* in */cacerts) exit 7 ;; *) exit 22 ;; esac");

      var result = install(bergen(0));

      assertThat(result.exitCode()).isEqualTo(1);
      assertThat(result.stderr())
          .startsWith(
              "nordfaas-k3s-install: cannot download sha256sum-amd64.txt of K3s v1.34.4+k3s1.");
      assertThat(changes()).isEmpty();
    }
  }

  @Nested
  class Installer {
    @Test
    void refusesWhatItDoesNotKnow() {
      install(bergen(0));
      node.calls();

      var result =
          node.run(
              "INSTALL_K3S_CHANNEL=stable INSTALL_K3S_VERSION=v1.34.4+k3s1"
                  + " /usr/local/sbin/nordfaas-k3s-install server",
              "");

      assertThat(result.exitCode()).isEqualTo(1);
      assertThat(result.stderr())
          .startsWith("nordfaas-k3s-install: INSTALL_K3S_CHANNEL is not supported here");
      assertThat(changes()).isEmpty();
    }

    @Test
    void startsTheServiceWhenRunByHand() {
      install(bergen(0));
      node.calls();

      var result =
          node.run(
              "INSTALL_K3S_VERSION=v1.34.4+k3s1 /usr/local/sbin/nordfaas-k3s-install server", "");

      assertThat(result.stderr()).isEmpty();
      assertThat(changes())
          .containsExactly(
              "systemctl daemon-reload",
              "systemctl enable --quiet k3s.service",
              "systemctl restart k3s.service");
    }

    @Test
    void honoursSkippedSteps() {
      install(bergen(0));
      node.calls();

      var result =
          node.run(
              "INSTALL_K3S_VERSION=v1.34.4+k3s1 INSTALL_K3S_SKIP_DOWNLOAD=true"
                  + " INSTALL_K3S_SKIP_ENABLE=true /usr/local/sbin/nordfaas-k3s-install server",
              "");

      assertThat(result.stderr()).isEmpty();
      assertThat(changes()).isEmpty();
    }
  }

  @Nested
  class Upgrade {
    @Test
    void cordonsTheNodeWhileK3sRestarts() {
      installed("v1.33.9+k3s1");

      var result = install(bergen(0));

      assertThat(result.stderr()).isEmpty();
      assertThat(changes())
          .containsExactly(
              "systemctl daemon-reload",
              "systemctl enable --quiet k3s.service",
              "cordon bergen-1",
              "systemctl stop k3s.service",
              "systemctl start --no-block k3s.service",
              "uncordon bergen-1");
      assertThat(kubelet("bergen-1")).isEqualTo("v1.34.4+k3s1");
    }

    @Test
    void leavesANodeCordonedThatSomebodyElseHasCordoned() {
      installed("v1.33.9+k3s1");
      node.file("/cluster/nodes/bergen-1/unschedulable", "true");

      install(bergen(0));

      assertThat(changes()).noneMatch(call -> call.contains("cordon"));
    }

    @Test
    void aNodeThatDoesNotGetReadyStaysCordonedUntilTheNextRun() {
      installed("v1.33.9+k3s1");
      node.file("/cluster/kubelet-bergen-1", "False");

      var result = install(bergen(0));

      assertThat(result.exitCode()).isEqualTo(1);
      assertThat(result.stderr())
          .contains("\nnode bergen-1 is not ready with K3s v1.34.4+k3s1 after 300 s: False 20");
      assertThat(changes()).contains("cordon bergen-1").doesNotContain("uncordon bergen-1");
      node.delete("/cluster/kubelet-bergen-1");

      var again = install(bergen(0));

      assertThat(again.stderr()).isEmpty();
      assertThat(changes()).contains("uncordon bergen-1");
    }

    @Test
    void aNodeIsReadyOnlyOnceItsKubeletHasSpokenAgain() {
      installed("v1.34.4+k3s1");
      node.file("/cluster/kubelet-bergen-1", "silent")
          .file("/cluster/nodes/bergen-1/heartbeat", "2020-01-01T00:00:00Z");

      assertThat(install(bergen(0)).stderr())
          .contains("after 300 s: True 2020-01-01T00:00:00Z v1.34.4+k3s1");
    }

    @ParameterizedTest
    @CsvSource({
      "v1.34.5+k3s1, 'K3s v1.34.5+k3s1 is installed on bergen-1, and v1.34.4+k3s1 is older'",
      "v1.34.4+k3s2, 'K3s v1.34.4+k3s2 is installed on bergen-1, and v1.34.4+k3s1 is older'",
      "v1.35.0+k3s1, 'K3s v1.35.0+k3s1 is installed on bergen-1, and v1.34.4+k3s1 is older'",
      "v1.32.9+k3s1, 'K3s v1.32.9+k3s1 is installed on bergen-1, and v1.34.4+k3s1 skips v1.33'",
      "v1.9.12+k3s1, 'K3s v1.9.12+k3s1 is installed on bergen-1, and v1.34.4+k3s1 skips v1.10'",
    })
    void neitherGoesBackNorSkipsAMinorRelease(String installed, String message) {
      installed(installed);

      var result = install(bergen(0));

      assertThat(result.exitCode()).isEqualTo(1);
      assertThat(result.stderr()).startsWith(message).contains("Set k3s.version to");
      assertThatNothingIsTouched();
    }

    @Test
    void aServerDoesNotLeaveTheOthersBehind() {
      installed("v1.33.9+k3s1");
      member("bergen-2", "v1.32.1+k3s1", true);
      member("bergen-3", "v1.33.1+k3s1", true);
      member("bergen-4", "v1.31.1+k3s1", false);
      member("bergen-5", "v1.30.1+k3s1", false);

      var result = install(bergen(0));

      assertThat(result.exitCode()).isEqualTo(1);
      assertThat(result.stderr())
          .isEqualTo(
              """
              K3s v1.34.4+k3s1 on bergen-1 would not get on with the rest of the cluster:
                server bergen-2 has v1.32.1+k3s1, more than one minor release away
                agent bergen-5 has v1.30.1+k3s1, more than three minor releases older
              Bring those nodes closer first: set k3s.version to a release in between and run 'pulumi up'.
              """);
      assertThatNothingIsTouched();
    }

    @Test
    void anAgentDoesNotGoAheadOfTheServers() {
      installedAgent("v1.33.9+k3s1");

      var result = install(bergen(3));

      assertThat(result.exitCode()).isEqualTo(1);
      assertThat(result.stderr())
          .isEqualTo(
              "K3s v1.34.4+k3s1 on the agent bergen-4 would be newer than the servers'"
                  + " v1.33.9+k3s1. Upgrade the servers first: run 'pulumi up' without"
                  + " --target.\n");
      assertThatNothingIsTouched();
    }

    private void assertThatNothingIsTouched() {
      assertThat(changes()).isEmpty();
      assertThat(node.read(CONFIG)).contains(BEFORE);
      assertThat(node.has("/usr/local/sbin/nordfaas-k3s-install")).isFalse();
    }
  }

  @Nested
  class AirGap {
    private String request() {
      return bergen(
          0,
          """
          set:
            nordfaas:k3s.sha256: {amd64: '%s'}
            nordfaas:k3s.airGap: {binary: a/k3s, images: a/images.tar.zst}
          """
              .formatted(sum()));
    }

    @Test
    void takesBinaryAndImagesFromTheUpload() {
      node.file("/nordfaas-k3s", node.read("/release"))
          .file("/nordfaas-k3s-images.tar.zst", "images");

      var result = install(request());

      assertThat(result.stderr()).isEmpty();
      assertThat(node.calls()).noneMatch(call -> call.contains("github.com"));
      assertThat(node.read("/var/lib/rancher/k3s/agent/images/nordfaas-k3s-images.tar.zst"))
          .isEqualTo("images");
      assertThat(node.has("/nordfaas-k3s")).isFalse();
    }

    @Test
    void saysHowToUploadAgain() {
      var result = install(request());

      assertThat(result.exitCode()).isEqualTo(1);
      assertThat(result.stderr())
          .isEqualTo(
              "the uploaded binary is not there any more. Upload it again: run 'pulumi up' with"
                  + " --replace and the URN of bergen-1-binary.\n");
      assertThat(changes()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"K3S_KUBECONFIG", "K3S_STOP"})
  void readsWhatItIsSentAlthoughItNeedsNothing(NodeScript script) {
    node.file("/etc/rancher/k3s/k3s.yaml", "apiVersion: v1\n");
    var moreThanAPipeHolds = "x".repeat(1 << 20);

    assertThat(node.run(script.text(), moreThanAPipeHolds).exitCode()).isZero();
  }

  @Test
  void aNodeThatHasLeftIsStoppedForGood() {
    node.file("/etc/systemd/system/k3s-agent.service", "");

    var result = node.run(NodeScript.K3S_STOP.text(), "");

    assertThat(result.stdout()).isEqualTo("k3s-agent is stopped\n");
    assertThat(node.calls()).contains("systemctl disable --quiet --now k3s-agent.service");
  }

  @Nested
  class Member {
    private static final String OF_NODE = "node=bergen-4\n";
    private static final String FORGET =
        "--namespace kube-system delete secret bergen-4.node-password.k3s --ignore-not-found";

    private List<String> run(NodeScript script, String stdin) {
      var result = node.run(script.text(), stdin);
      assertThat(result.stderr()).isEmpty();
      return node.calls().stream()
          .filter(call -> call.contains(" kubectl ") && !call.contains(" get "))
          .map(call -> call.replaceFirst("k3s kubectl --kubeconfig \\S+ ", ""))
          .toList();
    }

    @BeforeEach
    void createCluster() {
      installed("v1.34.4+k3s1");
      member("bergen-4", "v1.34.4+k3s1", false);
    }

    @Test
    void getsItsLabelsAndLosesThoseThatTheConfigHasNoMore() {
      node.file("/cluster/nodes/bergen-4/kept", "a,nordfaas.dev/disk");

      assertThat(run(NodeScript.K3S_ADMIT, OF_NODE + "label=nordfaas.dev/disk=nvme\nlabel=b=\n"))
          .containsExactly(
              "label node bergen-4 --overwrite nordfaas.dev/disk=nvme b= a-",
              "annotate node bergen-4 --overwrite nordfaas.dev/labels=nordfaas.dev/disk,b");
    }

    @Test
    void getsItsTaintsAndLosesThoseThatTheConfigHasNoMore() {
      node.file("/cluster/nodes/bergen-4/kept-taints", "a:NoSchedule,b:NoExecute,gone:NoExecute")
          .file("/cluster/nodes/bergen-4/taints", "a:NoSchedule,b:NoExecute,x:NoSchedule,");

      assertThat(
              run(
                  NodeScript.K3S_ADMIT,
                  OF_NODE + "taint=b=1:NoExecute\ntaint=example.no/c:PreferNoSchedule\n"))
          .containsExactly(
              "taint node bergen-4 --overwrite b=1:NoExecute example.no/c:PreferNoSchedule a:NoSchedule-",
              "annotate node bergen-4 --overwrite nordfaas.dev/taints=b:NoExecute,example.no/c:PreferNoSchedule");
    }

    @Test
    void losesItsLastTaint() {
      node.file("/cluster/nodes/bergen-4/kept-taints", "a:NoSchedule")
          .file("/cluster/nodes/bergen-4/taints", "a:NoSchedule,");

      assertThat(run(NodeScript.K3S_ADMIT, OF_NODE))
          .containsExactly(
              "taint node bergen-4 --overwrite a:NoSchedule-",
              "annotate node bergen-4 --overwrite nordfaas.dev/taints=");
    }

    @Test
    void withoutLabelsIsLeftAlone() {
      assertThat(run(NodeScript.K3S_ADMIT, OF_NODE)).isEmpty();
    }

    @Test
    void isDrainedBeforeItLeavesAndItsPasswordIsForgotten() {
      node.file("/cluster/secrets/bergen-4.node-password.k3s", "of its disk");

      assertThat(run(NodeScript.K3S_LEAVE, OF_NODE))
          .containsExactly(
              "drain bergen-4 --ignore-daemonsets --delete-emptydir-data --timeout 300s",
              "delete node bergen-4",
              FORGET);
      assertThat(node.has("/cluster/nodes/bergen-4")).isFalse();
      assertThat(node.has("/cluster/secrets/bergen-4.node-password.k3s")).isFalse();
    }

    @Test
    void mayComeBackWithAnotherDiskOnceItHasLeft() {
      node.file("/cluster/secrets/bergen-4.node-password.k3s", "of the disk before");
      run(NodeScript.K3S_LEAVE, OF_NODE);

      is(4);
      node.delete("/etc/systemd/system/k3s.service").delete(CONFIG);
      node.run("rm -r /var/lib/rancher/k3s/server", "");

      assertThat(install(bergen(3)).stderr()).isEmpty();
    }

    @Test
    void thatDoesNotAnswerLeavesWithoutADrain() {
      node.file("/cluster/nodes/bergen-4/ready", "Unknown");

      assertThat(run(NodeScript.K3S_LEAVE, OF_NODE))
          .containsExactly("delete node bergen-4", FORGET);
    }

    @Test
    void thatHasLeftAlreadyIsNoProblem() {
      assertThat(run(NodeScript.K3S_LEAVE, "node=bergen-5\n"))
          .containsExactly(FORGET.replace("bergen-4", "bergen-5"));
    }

    @Test
    void withDataThatIsNowhereElseStays() {
      node.file(
          "/cluster/volumes", "nats/data-nats-0 bergen-1\npostgres/data-postgres-0 bergen-4\n");

      var result = node.run(NodeScript.K3S_LEAVE.text(), OF_NODE);

      assertThat(result.exitCode()).isEqualTo(1);
      assertThat(result.stderr())
          .isEqualTo(
              """
              The data of these claims is on bergen-4 and nowhere else:
                postgres/data-postgres-0
              Save what is needed, delete the claims, and run 'pulumi up' again. Nothing has been touched.
              """);
      assertThat(node.calls()).noneMatch(call -> call.contains("drain"));
    }

    @Test
    void whosePodsCannotGoAnywhereStays() {
      node.file("/cluster/drain-fails", "");

      var result = node.run(NodeScript.K3S_LEAVE.text(), OF_NODE);

      assertThat(result.exitCode()).isEqualTo(1);
      assertThat(result.stderr())
          .contains("Pods of bergen-4 could not be moved within 300 s; usually they do not fit");
      assertThat(node.calls()).noneMatch(call -> call.contains("delete node"));
    }
  }

  /** Commands of docs/runbook.md, as they stand there. */
  @Nested
  class Runbook {
    private static final String STORE =
        """
        set:
          nordfaas:k3s.etcdSnapshots.s3: {endpoint: "s3.example.no", country: "NO", bucket: backup, accessKey: {secure: x}, secretKey: {secure: x}}
        """;

    @BeforeEach
    void becomeRoot() {
      node.program("sudo", "exec \"$@\"");
    }

    /** Runs the one command with these words. */
    private Result run(String words) {
      return node.run(command(words), "");
    }

    private String command(String words) {
      try {
        var text = Files.readString(Path.of("docs/runbook.md")).replaceAll("\\\\\n +", "");
        var found =
            text.lines()
                .filter(line -> line.startsWith("    ") && line.contains(words))
                .map(String::strip)
                .toList();
        assertThat(found).as(words).hasSize(1);
        return found.get(0).replace("NAME", "bergen-4").replaceAll("bergen-2", "bergen-4");
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private void takeSnapshot() {
      install(bergen(0, STORE));
      member("bergen-4", "v1.34.4+k3s1", false);
      node.file("/cluster/secrets/bergen-4.node-password.k3s", "of production's disk");
      assertThat(run("etcd-snapshot save").exitCode()).isZero();
      node.run("cp /var/lib/rancher/k3s/server/db/snapshots/before-change-* /var/tmp/snapshot", "");
      member("bergen-5", "v1.34.4+k3s1", false);
    }

    @Test
    void aSnapshotIsTakenAndListed() {
      takeSnapshot();

      var result = run("etcd-snapshot list");

      assertThat(result.exitCode()).isZero();
      assertThat(result.stdout()).contains("before-change-bergen-1-");
      assertThat(result.stderr()).contains("Unknown flag --tls-san found in config.yaml, skipping");
    }

    @Test
    void aSnapshotIsRestoredOnAnEmptiedServer() {
      takeSnapshot();
      assertThat(run("stop k3s && sudo rm").exitCode()).isZero();

      var result = run("--cluster-reset");

      assertThat(result.stderr()).contains("Managed etcd cluster membership has been reset");
      assertThat(result.exitCode()).isZero();
      assertThat(run("sudo systemctl start k3s").exitCode()).isZero();
      assertThat(node.run("k3s kubectl get nodes", "").stdout())
          .isEqualTo("bergen-1 True v1.34.4+k3s1\nbergen-4 True v1.34.4+k3s1\n");
    }

    /** The nodes that were made with the drill know its CA, which the restore replaces. */
    @Test
    void theOtherNodesJoinARestoredClusterWithWhatItsFirstServerHas() {
      takeSnapshot();
      var before = node.read("/var/lib/rancher/k3s/server/agent-token");
      run("stop k3s && sudo rm");
      run("--cluster-reset");
      run("sudo systemctl start k3s");

      assertThat(node.read("/var/lib/rancher/k3s/server/agent-token")).isEqualTo(before);
      var result = run("sudo cat /var/lib/rancher/k3s/server/agent-token");

      assertThat(result.stdout())
          .isEqualTo("K10%s::node:ag3nt\n".formatted(sha256(node.read("/cluster/ca"))));
      assertThat(run("sudo cat /var/lib/rancher/k3s/server/token").stdout())
          .isEqualTo("K10%s::server:b4f00\n".formatted(sha256(node.read("/cluster/ca"))));
    }

    @Test
    void noTokenIsInTheArgumentsOfARestore() {
      takeSnapshot();
      run("stop k3s && sudo rm");
      node.calls();

      run("--cluster-reset");

      assertThat(node.calls())
          .anyMatch(call -> call.startsWith("k3s server --cluster-reset"))
          .noneMatch(call -> call.contains("b4f00"));
    }

    @ParameterizedTest
    @CsvSource({
      "'K3S_TOKEN=$(cat /etc/rancher/k3s/token) ', '/var/lib/rancher/k3s/server/token does not"
          + " exist, please pass --token'",
      "' --etcd-s3=false', 'cannot use S3 config secret when restoring snapshot'",
    })
    void aRestoreNeedsEachPartOfItsCommand(String part, String refusal) {
      takeSnapshot();
      run("stop k3s && sudo rm");
      var command = command("--cluster-reset");
      assertThat(command).contains(part);

      var result = node.run(command.replace(part, ""), "");

      assertThat(result.exitCode()).isEqualTo(1);
      assertThat(result.stderr()).contains(refusal);
    }

    @Test
    void aRestoreWithAnotherTokenIsRefused() {
      takeSnapshot();
      run("stop k3s && sudo rm");
      node.file("/etc/rancher/k3s/token", "another");

      assertThat(run("--cluster-reset").stderr())
          .contains("bootstrap data already found and encrypted with different token");
    }

    @Test
    void whatTheSnapshotKnowsOfAnotherDiskGoes() {
      takeSnapshot();

      assertThat(run("sudo k3s kubectl delete node NAME").exitCode()).isZero();
      assertThat(run("sudo k3s kubectl --namespace kube-system delete secret NAME").exitCode())
          .isZero();

      assertThat(node.has("/cluster/nodes/bergen-4")).isFalse();
      assertThat(node.has("/cluster/secrets/bergen-4.node-password.k3s")).isFalse();
    }

    @Test
    void aLostServerIsTakenOutOfEtcdAndItsPasswordForgotten() {
      takeSnapshot();
      node.file("/cluster/members/bergen-4", "bergen-4-0123abcd");

      assertThat(run("    kubectl delete node bergen-2").exitCode()).isZero();
      assertThat(run("    kubectl --namespace kube-system delete secret bergen-2").exitCode())
          .isZero();

      assertThat(node.has("/cluster/members/bergen-4")).isFalse();
      assertThat(node.has("/cluster/secrets/bergen-4.node-password.k3s")).isFalse();
    }

    @Test
    void whatAnUpgradeThatWasCutOffLeavesIsSeen() {
      node.file("/var/lib/nordfaas/k3s/cordoned", "");

      assertThat(node.run(command("k3s/cordoned").replaceAll(" +#.*", ""), "").stdout())
          .isEqualTo("/var/lib/nordfaas/k3s/cordoned\n");
    }

    @Test
    void whatK3sHasLoggedLastIsShown() {
      install(bergen(0));

      assertThat(node.run(command("journalctl -u k3s").replaceAll(" +#.*", ""), "").stdout())
          .contains("Starting k3s v1.34.4+k3s1");
    }
  }
}
