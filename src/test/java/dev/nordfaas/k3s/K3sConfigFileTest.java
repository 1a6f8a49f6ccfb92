package dev.nordfaas.k3s;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.config.StackConfig;
import dev.nordfaas.testing.Fixtures;
import dev.nordfaas.testing.Golden;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.dataformat.yaml.YAMLMapper;

class K3sConfigFileTest {
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
