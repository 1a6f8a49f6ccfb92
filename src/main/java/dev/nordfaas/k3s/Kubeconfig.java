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
   * @throws IllegalArgumentException if the text is not a kubeconfig with exactly one cluster; the
   *     message does not quote it
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

  /**
   * A kubeconfig for another user of the current cluster, with a token.
   *
   * @throws IllegalArgumentException if the text has no current cluster; the message does not quote
   *     it
   */
  public static String forToken(String kubeconfig, String user, String token) {
    var document = parse(kubeconfig).orElseThrow(Kubeconfig::noCurrentCluster);
    var context = named(document.path("contexts"), document.path("current-context").asString(""));
    var cluster = context.path("context").path("cluster").asString("");
    var result = YAML.createObjectNode();
    result.put("apiVersion", "v1");
    result.put("kind", "Config");
    var clusters = result.putArray("clusters");
    clusters
        .addObject()
        .put("name", cluster)
        .set("cluster", named(document.path("clusters"), cluster).path("cluster"));
    result.putArray("users").addObject().put("name", user).putObject("user").put("token", token);
    result
        .putArray("contexts")
        .addObject()
        .put("name", user)
        .putObject("context")
        .put("cluster", cluster)
        .put("user", user);
    result.put("current-context", user);
    return YAML.writeValueAsString(result);
  }

  private static JsonNode named(JsonNode list, String name) {
    for (var entry : list) {
      if (entry.path("name").asString("").equals(name)) {
        return entry;
      }
    }
    throw noCurrentCluster();
  }

  private static Optional<JsonNode> parse(String text) {
    try {
      return Optional.ofNullable(YAML.readTree(text));
    } catch (JacksonException e) {
      // Not as the cause: its message quotes the text, which contains a private key.
      return Optional.empty();
    }
  }

  private static IllegalArgumentException noCurrentCluster() {
    return new IllegalArgumentException(
        "the cluster's kubeconfig has no current-context with a cluster");
  }

  private static IllegalArgumentException notAKubeconfig() {
    return new IllegalArgumentException(
        "/etc/rancher/k3s/k3s.yaml of the first server is not a kubeconfig with one cluster");
  }
}
