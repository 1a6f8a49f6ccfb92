package dev.nordfaas.k3s;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.config.StackConfig;
import dev.nordfaas.manifest.PodTuning;
import dev.nordfaas.testing.Fixtures;
import dev.nordfaas.testing.Golden;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.dataformat.yaml.YAMLMapper;

class K3sConfigFileTest {
  /** The two lists that let a tuned pod start have to name what the pod has. */
  @Test
  void allowsWhatATunedPodAsksFor() {
    var topology = Topology.of(Fixtures.oslo().nodes());
    var files = K3sFiles.of(Fixtures.oslo().k3s(), topology, topology.firstServer());

    assertThat(files)
        .anySatisfy(
            file -> {
              assertThat(file.path()).isEqualTo(K3sConfigFile.PATH);
              assertThat(file.content())
                  .contains("\"allowed-unsafe-sysctls=" + PodTuning.SOMAXCONN + "\"")
                  .contains("\"admission-control-config-file=/etc/rancher/k3s/pod-security.yaml\"");
            })
        .anySatisfy(
            file -> {
              assertThat(file.path()).isEqualTo("/etc/rancher/k3s/pod-security.yaml");
              assertThat(file.content())
                  .contains("runtimeClasses: [" + PodTuning.RUNTIME_CLASS + "]")
                  .contains("enforce: restricted");
            });
  }

  @Test
  void describesTheOneServerOfOslo() {
    Golden.assertMatches("k3s/oslo-1/config.yaml", render(Fixtures.oslo(), 0));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4})
  void describesTheNodesOfBergen(int index) {
    Golden.assertMatches(
        "k3s/bergen-%d/config.yaml".formatted(index + 1), render(Fixtures.bergen(), index));
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 4})
  void anAgentHasNoKeyThatOnlyServersKnow(int index) {
    assertThat(parse(render(Fixtures.bergen(), index)))
        .containsOnlyKeys(
            "node-name",
            "node-ip",
            "node-external-ip",
            "server",
            "token-file",
            "protect-kernel-defaults",
            "kubelet-arg");
  }

  @Test
  void theModeOfTheKubeconfigIsText() {
    assertThat(parse(render(Fixtures.oslo(), 0))).containsEntry("write-kubeconfig-mode", "0600");
  }

  private static String render(StackConfig config, int index) {
    var topology = Topology.of(config.nodes());
    return K3sConfigFile.render(config.k3s(), topology, topology.members().get(index));
  }

  @SuppressWarnings("unchecked") // YAML objects have string keys.
  private static Map<String, Object> parse(String yaml) {
    return new YAMLMapper().readValue(yaml, Map.class);
  }
}
