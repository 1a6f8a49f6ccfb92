package dev.nordfaas.k3s;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.config.PatchedConfig;
import dev.nordfaas.config.StackConfig;
import dev.nordfaas.testing.Fixtures;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the scripts of a node are told. */
class RequestsTest {
  private static final String SUM = "0123456789abcdef".repeat(4);

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
            "first=true",
            "day=2026-11-24",
            "passphrase=",
            "s3-url=https://s3.example.no/backup/token-of-bergen",
            "s3-region=us-east-1",
            "s3-user=");
    assertThat(tokenLines(config, 1))
        .containsExactly("first=false", "day=2026-11-24", "passphrase=");
    assertThat(tokenLines(config, 3)).isEmpty();
  }

  @Test
  void aMembershipNamesTheLabels() {
    var config =
        PatchedConfig.of(
            "oslo", "set: {nordfaas:nodes.oslo-1.labels: {nordfaas.dev/disk: nvme, a: b}}");

    assertThat(MemberRequest.render(Topology.of(config.nodes()).firstServer()))
        .isEqualTo("node=oslo-1\nlabel=a=b\nlabel=nordfaas.dev/disk=nvme\n");
  }

  private static List<String> settings(StackConfig config, int index) {
    var topology = Topology.of(config.nodes());
    return InstallRequest.render(config.k3s(), topology, topology.members().get(index))
        .lines()
        .takeWhile(line -> !line.startsWith("==> "))
        .toList();
  }

  private static List<String> tokenLines(StackConfig config, int index) {
    var topology = Topology.of(config.nodes());
    return TokenRequest.of(config.k3s(), "bergen", topology, topology.members().get(index)).stream()
        .map(TokenRequest.Line::text)
        .toList();
  }
}
