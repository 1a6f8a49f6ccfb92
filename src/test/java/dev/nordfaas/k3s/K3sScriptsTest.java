package dev.nordfaas.k3s;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.config.PatchedConfig;
import dev.nordfaas.config.StackConfig;
import dev.nordfaas.template.NodeScript;
import dev.nordfaas.testing.Fixtures;
import dev.nordfaas.testing.Node;
import dev.nordfaas.testing.Node.Result;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The scripts of K3s, on a stand-in for a node with a {@code k3s} that writes down its calls. */
class K3sScriptsTest {
  private static final String K3S = "/usr/local/bin/k3s";

  @TempDir Path folder;
  private Node node;

  @BeforeEach
  void createNode() {
    node =
        new Node(folder)
            .program("ip", "echo '2: eth1    inet 10.20.0.11/24 scope global eth1'")
            .program("uname", "case $1 in -m) echo x86_64 ;; *) echo bergen-1 ;; esac")
            .program("chown", "")
            .program("sleep", "")
            .program(
                "systemctl",
                """
                case "$1 $*" in
                  is-active*) [ -e "$ROOT/active" ] ;;
                  start*)
                    : >"$ROOT/active"
                    mkdir -p "$ROOT/etc/rancher/k3s" "$ROOT/var/lib/rancher/k3s/agent" \\
                      "$ROOT/var/lib/rancher/k3s/server/db/etcd"
                    : >"$ROOT/etc/rancher/k3s/k3s.yaml"
                    : >"$ROOT/var/lib/rancher/k3s/agent/kubelet.kubeconfig"
                    ;;
                  stop*) rm -f "$ROOT/active" ;;
                esac
                """)
            .program(
                "curl",
                """
                case "$*" in *"--config -"*) cat >>"$ROOT/curl.stdin" ;; esac
                case "$*" in */cacerts) [ -e "$ROOT/peer" ]; exit ;; *v1-k3s/token) exit ;; esac
                while [ $# -gt 0 ] && [ "$1" != --output ]; do shift; done
                case $3 in
                  */sha256sum-amd64.txt)
                    printf '%s  k3s\\n' "$(sha256sum <"$ROOT/release" | cut -d ' ' -f 1)" >"$2" ;;
                  */k3s) cp "$ROOT/release" "$2" ;;
                esac
                """)
            .file("/ready", "True")
            .file("/unschedulable", "")
            .file("/nodes", "bergen-1 v1.34.4+k3s1 true\n");
    release("v1.34.4+k3s1");
  }

  /** What the download gives. */
  private void release(String version) {
    node.executable("/release", k3s(version));
  }

  private void installed(String version) {
    node.executable(K3S, k3s(version))
        .file("/etc/rancher/k3s/k3s.yaml", "")
        .file("/var/lib/rancher/k3s/agent/kubelet.kubeconfig", "");
  }

  private static String k3s(String version) {
    return """
    case "$*" in
      --version) echo "k3s version VERSION (abc)"; echo "go version go1.24" ;;
      *"get --raw /readyz") echo ok ;;
      *"get --raw /version") printf '{\\n  "gitVersion": "%s"\\n}\\n' "$(cat "$ROOT/api")" ;;
      *"get nodes"*) cat "$ROOT/nodes" ;;
      *unschedulable*) echo "bergen-1 $(cat "$ROOT/unschedulable")" ;;
      *lastHeartbeatTime*) echo "$(cat "$ROOT/ready") $(date -u +%Y-%m-%dT%H:%M:%SZ) VERSION" ;;
    esac
    """
        .replace("VERSION", version);
  }

  /** Checksum of what the download gives. */
  private String sum() {
    try {
      var content = node.read("/release").getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private static String request(StackConfig config, int index) {
    var topology = Topology.of(config.nodes(), config.host());
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
              "10.20.0.12 is no address of bergen-1: set the node's privateAddress to one of"
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
      node.program("ip", "echo '2: eth1    inet 10.20.0.14/24 scope global eth1'");

      var result = install(bergen(3));

      assertThat(result.stderr()).isEmpty();
      assertThat(node.calls())
          .contains("systemctl start --no-block k3s-agent.service")
          .anyMatch(call -> call.contains("/var/lib/rancher/k3s/agent/kubelet.kubeconfig"));
    }

    @Test
    void refusesToMakeAnAgentOfAServer() {
      install(bergen(0));
      node.program("ip", "echo '2: eth1    inet 10.20.0.14/24 scope global eth1'");

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
      node.file("/peer", "").file("/var/lib/rancher/k3s/server/db/etcd/name", "bergen-1");

      assertThat(install(bergen(0)).exitCode()).isZero();
    }

    @Test
    void rotatesCertificatesOnceADay() {
      install(bergen(0));
      changes();
      var request = bergen(0, "set: {nordfaas:k3s.rotation: {certificates: \"2026-11-25\"}}");

      install(request);

      assertThat(changes())
          .containsSubsequence(
              "systemctl stop k3s.service",
              "k3s certificate rotate",
              "systemctl start --no-block k3s.service");
      install(
          bergen(
              0,
              "set: {nordfaas:k3s.rotation: {certificates: \"2026-11-25\"}, nordfaas:k3s.maxPods: 50}"));
      assertThat(changes())
          .contains("systemctl start --no-block k3s.service")
          .doesNotContain("k3s certificate rotate");
    }

    @Test
    void aFreshNodeHasFreshCertificates() {
      install(bergen(0, "set: {nordfaas:k3s.rotation: {certificates: \"2026-11-25\"}}"));

      assertThat(node.calls()).noneMatch(call -> call.contains("rotate"));
    }

    @Test
    void runsAnotherInstallerInPlaceOfOurs() {
      node.program("lab-install", "echo \"$INSTALL_K3S_VERSION\" >>\"$ROOT/calls\"")
          .program("kubectl", k3s("v1.34.6"))
          .file("/etc/rancher/k3s/k3s.yaml", "");

      var result =
          install(
              bergen(0)
                  .replace(
                      "=/usr/local/sbin/nordfaas-k3s-install", "=" + folder + "/bin/lab-install"));

      assertThat(result.stderr()).isEmpty();
      assertThat(node.calls())
          .contains("lab-install server", "v1.34.4+k3s1")
          .noneMatch(call -> call.startsWith("systemctl start") || call.startsWith("curl"));
    }
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
      assertThat(node.has("/etc/rancher/k3s/config.yaml")).isFalse();
      assertThat(node.read(K3S)).contains("v1.33.9+k3s1");
    }

    @Test
    void aBinaryOfAnotherReleaseIsRefused() {
      release("v1.34.3+k3s1");

      var result = install(bergen(0));

      assertThat(result.stderr())
          .startsWith(
              "nordfaas-k3s-install: the binary says that it is K3s v1.34.3+k3s1, wanted v1.34.4+k3s1.");
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
          .startsWith("nordfaas-k3s-install: INSTALL_K3S_CHANNEL is not known here");
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
    }

    @Test
    void leavesANodeCordonedThatSomebodyElseHasCordoned() {
      installed("v1.33.9+k3s1");
      node.file("/unschedulable", "true");

      install(bergen(0));

      assertThat(changes()).noneMatch(call -> call.contains("cordon"));
    }

    @Test
    void aNodeThatDoesNotGetReadyStaysCordonedUntilTheNextRun() {
      installed("v1.33.9+k3s1");
      node.file("/ready", "False");

      var result = install(bergen(0));

      assertThat(result.exitCode()).isEqualTo(1);
      assertThat(result.stderr())
          .startsWith("node bergen-1 is not ready with K3s v1.34.4+k3s1 after 300 s: False 20");
      assertThat(changes()).contains("cordon bergen-1").doesNotContain("uncordon bergen-1");
      node.file("/ready", "True").file("/unschedulable", "true");

      var again = install(bergen(0));

      assertThat(again.stderr()).isEmpty();
      assertThat(changes()).contains("uncordon bergen-1");
    }

    @Test
    void aNodeIsReadyOnlyOnceItsKubeletHasSpokenAgain() {
      node.executable(
          "/release",
          k3s("v1.34.4+k3s1").replace("$(date -u +%Y-%m-%dT%H:%M:%SZ)", "2020-01-01T00:00:00Z"));

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
      node.file(
          "/nodes",
          """
          bergen-1 v1.33.9+k3s1 true
          bergen-2 v1.32.1+k3s1 true
          bergen-3 v1.33.1+k3s1 true
          bergen-4 v1.31.1+k3s1
          bergen-5 v1.30.1+k3s1
          """);

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
      installed("v1.33.9+k3s1");
      node.program("ip", "echo '2: eth1    inet 10.20.0.14/24 scope global eth1'")
          .file("/api", "v1.33.9+k3s1");

      var result = install(bergen(3));

      assertThat(result.exitCode()).isEqualTo(1);
      assertThat(result.stderr())
          .isEqualTo(
              "K3s v1.34.4+k3s1 on the agent bergen-4 would be newer than the servers' v1.33.9+k3s1."
                  + " Upgrade the servers first: run 'pulumi up' without --target.\n");
      assertThatNothingIsTouched();
    }

    private void assertThatNothingIsTouched() {
      assertThat(changes()).isEmpty();
      assertThat(node.has("/etc/rancher/k3s/config.yaml")).isFalse();
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

  @Nested
  class Member {
    private static final String OF_NODE = "node=bergen-4\n";

    private List<String> run(NodeScript script, String stdin) {
      var result = node.run(script.text(), stdin);
      assertThat(result.stderr()).isEmpty();
      return node.calls().stream()
          .filter(call -> !call.contains(" get "))
          .map(call -> call.replaceFirst("k3s kubectl --kubeconfig \\S+ ", ""))
          .toList();
    }

    private void cluster(String script) {
      node.program("k3s", "case \"$*\" in\n" + script + "\nesac");
    }

    @Test
    void getsItsLabelsAndLosesThoseThatTheConfigHasNoMore() {
      cluster("*annotations*) echo 'a,nordfaas.dev/disk' ;;");

      assertThat(run(NodeScript.K3S_ADMIT, OF_NODE + "label=nordfaas.dev/disk=nvme\nlabel=b=\n"))
          .containsExactly(
              "label node bergen-4 --overwrite nordfaas.dev/disk=nvme b= a-",
              "annotate node bergen-4 --overwrite nordfaas.dev/labels=nordfaas.dev/disk,b");
    }

    @Test
    void withoutLabelsIsLeftAlone() {
      cluster("*) ;;");

      assertThat(run(NodeScript.K3S_ADMIT, OF_NODE)).isEmpty();
    }

    @Test
    void isDrainedBeforeItLeaves() {
      cluster("*Ready*) echo 'bergen-4 True' ;;");

      assertThat(run(NodeScript.K3S_LEAVE, OF_NODE))
          .containsExactly(
              "drain bergen-4 --ignore-daemonsets --delete-emptydir-data --timeout 300s",
              "delete node bergen-4");
    }

    @Test
    void thatDoesNotAnswerLeavesWithoutADrain() {
      cluster("*Ready*) echo 'bergen-4 Unknown' ;;");

      assertThat(run(NodeScript.K3S_LEAVE, OF_NODE)).containsExactly("delete node bergen-4");
    }

    @Test
    void thatHasLeftAlreadyIsNoProblem() {
      cluster("*) ;;");

      assertThat(run(NodeScript.K3S_LEAVE, OF_NODE)).isEmpty();
    }

    @Test
    void withDataThatIsNowhereElseStays() {
      cluster(
          """
          *Ready*) echo 'bergen-4 True' ;;
          *persistentvolumes*) printf 'nats/data-nats-0 bergen-1\\npostgres/data-postgres-0 bergen-4\\n' ;;
          """);

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
      cluster("*Ready*) echo 'bergen-4 True' ;; *drain*) exit 1 ;;");

      var result = node.run(NodeScript.K3S_LEAVE.text(), OF_NODE);

      assertThat(result.exitCode()).isEqualTo(1);
      assertThat(result.stderr()).startsWith("Pods of bergen-4 could not be moved within 300 s");
      assertThat(node.calls()).noneMatch(call -> call.contains("delete node"));
    }

    @Test
    void isStoppedForGood() {
      node.file("/etc/systemd/system/k3s-agent.service", "");

      var result = node.run(NodeScript.K3S_STOP.text(), "");

      assertThat(result.stdout()).isEqualTo("k3s-agent is stopped\n");
      assertThat(node.calls()).containsExactly("systemctl disable --quiet --now k3s-agent.service");
    }
  }
}
