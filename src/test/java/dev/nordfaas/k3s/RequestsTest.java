package dev.nordfaas.k3s;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.config.StackConfig;
import dev.nordfaas.config.check.PatchedConfig;
import dev.nordfaas.testing.Fixtures;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What the scripts of a node are told. */
class RequestsTest {
  private static final String SUM = "0123456789abcdef".repeat(4);
  private static final String HOST_KEY = Fixtures.oslo().nodes().get("oslo-1").hostKey().text();

  @Test
  void theFirstServerKnowsTheOthers() {
    assertThat(settings(Fixtures.bergen(), 0))
        .containsExactly(
            "version=v1.34.4+k3s1",
            "role=server",
            "node=bergen-1",
            "installer=/usr/local/sbin/nordfaas-k3s-install",
            "peers=https://10.20.0.12:6443 https://10.20.0.13:6443");
    assertThat(settings(Fixtures.bergen(), 1)).noneMatch(line -> line.startsWith("peers="));
    assertThat(settings(Fixtures.oslo(), 0)).noneMatch(line -> line.startsWith("peers="));
  }

  @Test
  void oneThatJoinsKnowsAllServers() {
    assertThat(settings(Fixtures.bergen(), 4))
        .contains(
            "servers=https://10.20.0.11:6443 https://10.20.0.12:6443 https://10.20.0.13:6443");
    assertThat(settings(Fixtures.bergen(), 1))
        .contains("servers=https://10.20.0.11:6443 https://10.20.0.13:6443");
    assertThat(settings(Fixtures.bergen(), 0)).noneMatch(line -> line.startsWith("servers="));
  }

  @Test
  void anAirGappedNodeTakesWhatWasUploaded() {
    var config =
        PatchedConfig.of(
            "oslo",
            """
            set:
              nordfaas:k3s.sha256: {amd64: '%s'}
              nordfaas:k3s.airGap: {binary: airgap/k3s, images: airgap/k3s-airgap-images-amd64.tar.zst}
            """
                .formatted(SUM));

    assertThat(settings(config, 0))
        .contains(
            "sha256-amd64=" + SUM, "binary=nordfaas-k3s", "images=nordfaas-k3s-images.tar.zst");
  }

  /** An agent's config.yaml does not name it, and yet it has to restart. */
  @Test
  void aBackendThatEncryptsIsPartOfEveryNodesRequest() {
    var config = PatchedConfig.of("bergen", "set: {nordfaas:k3s.flannelBackend: wireguard-native}");

    assertThat(settings(config, 0)).contains("flannel-backend=wireguard-native");
    assertThat(settings(config, 4)).contains("flannel-backend=wireguard-native");
    assertThat(settings(Fixtures.bergen(), 4))
        .noneMatch(line -> line.startsWith("flannel-backend="));
  }

  @Test
  void aWishForRotationIsPartOfEveryNodesRequest() {
    var config =
        PatchedConfig.of(
            "bergen",
            "set: {nordfaas:k3s.rotation: {certificates: \"2026-11-25\", token: \"2026-11-24\"}}");

    assertThat(settings(config, 0)).contains("certificates-of=2026-11-25", "token-of=2026-11-24");
    assertThat(settings(config, 4)).contains("certificates-of=2026-11-25", "token-of=2026-11-24");
  }

  @Test
  void onlyServersKeepTheEncryptedTokenAndOnlyTheFirstUploadsIt() {
    var config =
        PatchedConfig.of(
            "bergen",
            """
            set:
              nordfaas:k3s.rotation: {token: "2026-11-24"}
              nordfaas:k3s.etcdSnapshots:
                tokenPassphrase: {secure: x}
                s3: {endpoint: "s3.example.no", country: "NO", bucket: backup, accessKey: {secure: x}, secretKey: {secure: x}}
            """);

    assertThat(tokenLines(config, 0))
        .containsExactly(
            "node=bergen-1",
            "role=server",
            "token=<SERVER_TOKEN>",
            "agent-token=<AGENT_TOKEN>",
            "first=true",
            "day=2026-11-24",
            "passphrase=[secret]",
            "s3-url=https://s3.example.no/backup/token-of-bergen",
            "s3-region=us-east-1",
            "s3-user=[secret]:[secret]",
            "s3-owner=<CLUSTER_ID> bergen-1 at 203.0.113.11");
    assertThat(tokenLines(config, 1))
        .containsExactly(
            "node=bergen-2",
            "role=server",
            "token=K10<CA_HASH>::server:<SERVER_TOKEN>",
            "agent-token=<AGENT_TOKEN>",
            "first=false",
            "day=2026-11-24",
            "passphrase=[secret]");
  }

  @Test
  void anAgentGetsNothingButTheAgentsTokenAndTheCaItIsFor() {
    for (var index : List.of(3, 4)) {
      assertThat(tokenLines(Fixtures.bergen(), index))
          .containsExactly(
              "node=bergen-" + (index + 1), "role=agent", "token=K10<CA_HASH>::node:<AGENT_TOKEN>");
    }
  }

  /** Only the first server joins nobody. */
  @Test
  void everyNodeThatJoinsKnowsTheCa() {
    for (var index : List.of(1, 2, 3, 4)) {
      assertThat(tokenLines(Fixtures.bergen(), index))
          .filteredOn(line -> line.startsWith("token="))
          .allMatch(line -> line.startsWith("token=K10<CA_HASH>::"));
    }
  }

  @Test
  void aMembershipNamesTheTaints() {
    var config =
        PatchedConfig.of(
            "oslo",
            "set: {nordfaas:nodes.oslo-1.taints: ['example.no/gpu=true:PreferNoSchedule']}");

    assertThat(
            MemberRequest.render(
                Topology.of(config.nodes(), config.host(), config.k3s().firstServer())
                    .firstServer()))
        .isEqualTo(
            "node=oslo-1\nhost-key=%s\ntaint=example.no/gpu=true:PreferNoSchedule\n"
                .formatted(HOST_KEY));
  }

  @Test
  void aMembershipNamesTheLabels() {
    var config =
        PatchedConfig.of(
            "oslo", "set: {nordfaas:nodes.oslo-1.labels: {nordfaas.dev/disk: nvme, a: b}}");

    assertThat(
            MemberRequest.render(
                Topology.of(config.nodes(), config.host(), config.k3s().firstServer())
                    .firstServer()))
        .isEqualTo(
            "node=oslo-1\nhost-key=%s\nlabel=a=b\nlabel=nordfaas.dev/disk=nvme\n"
                .formatted(HOST_KEY));
  }

  private static List<String> settings(StackConfig config, int index) {
    var topology = Topology.of(config.nodes(), config.host(), config.k3s().firstServer());
    return InstallRequest.render(config.k3s(), topology, topology.members().get(index))
        .lines()
        .takeWhile(line -> !line.startsWith("==> "))
        .toList();
  }

  private static List<String> tokenLines(StackConfig config, int index) {
    var topology = Topology.of(config.nodes(), config.host(), config.k3s().firstServer());
    return TokenRequest.of(config.k3s(), "bergen", topology, topology.members().get(index)).stream()
        .map(RequestsTest::text)
        .collect(Collectors.joining())
        .lines()
        .toList();
  }

  private static String text(TokenRequest.Part part) {
    if (part instanceof TokenRequest.Text text) {
      return text.text();
    }
    return part instanceof TokenRequest.Secret secret
        ? secret.value().toString()
        : "<" + part + ">";
  }
}
