package dev.nordfaas.k3s;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.config.check.PatchedConfig;
import dev.nordfaas.k3s.ComponentFlags.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import tools.jackson.dataformat.yaml.YAMLMapper;

class ComponentFlagsTest {
  @Test
  void everyKeyThatPassesFlagsOnIsChecked() {
    assertThat(ComponentFlags.keys())
        .containsExactlyInAnyOrderElementsOf(
            K3sKeys.all().stream().filter(key -> key.endsWith("-arg")).toList());
  }

  @Test
  void noFlagThatMayBeSetIsRefused() {
    for (var key : ComponentFlags.keys()) {
      for (var flag : ComponentFlags.harmless(key)) {
        var value = flag.equals("vmodule") ? "x=4" : "4";

        assertThat(ComponentFlags.refusal(key, flag + "=" + value)).as(key + " " + flag).isEmpty();
      }
    }
  }

  @Test
  void noFlagThatWeWriteMayBeSet() {
    var config =
        PatchedConfig.of(
            "bergen",
            """
            set:
              nordfaas:host.sysctls: {net.netfilter.nf_conntrack_max: 1048576}
              nordfaas:k3s.maxPods: 500
            """);
    var topology = Topology.of(config.nodes(), config.host(), config.k3s().firstServer());
    for (var member : topology.members()) {
      var file = new YAMLMapper().readTree(K3sConfigFile.render(config.k3s(), topology, member));
      for (var key : ComponentFlags.keys()) {
        for (var flag : file.path(key)) {
          assertThat(ComponentFlags.refusal(key, flag.stringValue()))
              .as(key + " " + flag)
              .map(Refusal::reason)
              .contains("cannot be set here");
        }
      }
    }
  }

  @Test
  void theDocsListTheFlagsThatMayBeSet() throws IOException {
    var docs = Files.readString(Path.of("docs/k3s.md"));
    for (var key : ComponentFlags.keys()) {
      var flags =
          ComponentFlags.harmless(key).stream().sorted().collect(Collectors.joining("`, `"));

      assertThat(docs).contains("| `%s` | `%s` |".formatted(key, flags));
    }
  }
}
