package dev.nordfaas.k3s;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.config.StackConfig;
import dev.nordfaas.config.check.PatchedConfig;
import dev.nordfaas.host.HostFile;
import dev.nordfaas.testing.Fixtures;
import dev.nordfaas.testing.Golden;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class K3sFilesTest {
  @Test
  void podsAreRestrictedOutsideOfNamedNamespaces() {
    var config =
        PatchedConfig.of("oslo", "set: {nordfaas:k3s.podSecurityExemptions: [monitoring]}");

    Golden.assertMatches(
        "k3s/exemptions/pod-security.yaml",
        files(config, 0).get("/etc/rancher/k3s/pod-security.yaml"));
  }

  @Test
  void mirrorsAreOnEveryNode() {
    var config =
        PatchedConfig.of(
            "bergen",
            """
            set:
              nordfaas:k3s.registries:
                docker.io: {endpoints: ["https://mirror.example.no", "https://10.20.0.9:5000"], country: "NO"}
                ghcr.io: {endpoints: ["https://mirror.example.no/ghcr"], country: "NO"}
            """);

    Golden.assertMatches(
        "k3s/mirrors/registries.yaml", files(config, 4).get("/etc/rancher/k3s/registries.yaml"));
  }

  @Test
  void anAgentHasNoFileOfTheApiServer() {
    assertThat(files(Fixtures.bergen(), 3))
        .containsOnlyKeys("/etc/rancher/k3s/config.yaml", "/usr/local/sbin/nordfaas-k3s-install");
  }

  @Test
  void anotherInstallerTakesThePlaceOfOurs() {
    var config = PatchedConfig.of("oslo", "set: {nordfaas:k3s.installer: /opt/install}");

    assertThat(files(config, 0)).doesNotContainKey("/usr/local/sbin/nordfaas-k3s-install");
  }

  private static Map<String, String> files(StackConfig config, int index) {
    var topology = Topology.of(config.nodes(), config.host(), config.k3s().firstServer());
    return K3sFiles.of(config.k3s(), topology, topology.members().get(index)).stream()
        .collect(Collectors.toMap(HostFile::path, HostFile::content));
  }
}
