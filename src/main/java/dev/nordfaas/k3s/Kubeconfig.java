package dev.nordfaas.k3s;

import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;
import tools.jackson.dataformat.yaml.YAMLWriteFeature;

/** The kubeconfig that K3s leaves on a server. */
public final class Kubeconfig {
  private static final YAMLMapper YAML =
      YAMLMapper.builder()
          .disable(YAMLWriteFeature.WRITE_DOC_START_MARKER)
          .disable(YAMLWriteFeature.SPLIT_LINES)
          .enable(YAMLWriteFeature.MINIMIZE_QUOTES)
          .build();

  private Kubeconfig() {}

  /**
   * The kubeconfig with another server: K3s writes 127.0.0.1, which is right only on the node.
   *
   * @throws IllegalArgumentException if the text is no kubeconfig with exactly one cluster; the
   *     message holds nothing of the text
   */
  public static String withServer(String kubeconfig, String server) {
    var document = parse(kubeconfig).orElseThrow(Kubeconfig::notAKubeconfig);
    var clusters = document.path("clusters");
    if (clusters.size() != 1 || !(clusters.get(0).path("cluster") instanceof ObjectNode cluster)) {
      throw notAKubeconfig();
    }
    cluster.put("server", server);
    return YAML.writeValueAsString(document);
  }

  private static Optional<JsonNode> parse(String text) {
    try {
      return Optional.ofNullable(YAML.readTree(text));
    } catch (JacksonException e) {
      // Not as the cause: its message quotes the text, which holds a private key.
      return Optional.empty();
    }
  }

  private static IllegalArgumentException notAKubeconfig() {
    return new IllegalArgumentException(
        "/etc/rancher/k3s/k3s.yaml of the first server is no kubeconfig with one cluster");
  }
}
