package dev.nordfaas.approval;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The resources of an exported state, each with a digest of what a plan depends on.
 *
 * <p>A secret counts as changed when its resource does: whenever Pulumi writes the state it may
 * encrypt it anew. What the nightly comparison asks of hosts again counts by its answer alone.
 */
final class StateDigest {
  private static final Pattern ASKED_AGAIN =
      Pattern.compile(".*\\$command:remote:Command::.*-(drift|kubeconfig)");
  private static final String CIPHERTEXT = "ciphertext";

  private StateDigest() {}

  /**
   * Digests by URN, and by {@code pending URN} for what a killed run was doing.
   *
   * @param export what {@code pulumi stack export} prints
   */
  static SortedMap<String, String> of(JsonNode export) {
    var digests = new TreeMap<String, String>();
    var deployment = export.path("deployment");
    for (var resource : deployment.path("resources").values()) {
      add(digests, resource.get("urn").stringValue(), essence(resource));
    }
    for (var operation : deployment.path("pending_operations").values()) {
      add(
          digests,
          "pending " + operation.at("/resource/urn").stringValue(),
          operation.path("type").asString(""));
    }
    return digests;
  }

  /** A URN is there twice while a replaced resource has not been deleted yet. */
  private static void add(SortedMap<String, String> digests, String urn, String text) {
    digests.merge(urn, Digest.of(text), (one, other) -> Digest.of(one + other));
  }

  private static String essence(JsonNode resource) {
    var copy = (ObjectNode) resource.deepCopy();
    copy.remove(List.of("sourcePosition", "stackTrace"));
    if (ASKED_AGAIN.matcher(copy.get("urn").stringValue()).matches()) {
      copy.remove(List.of("id", "created", "modified"));
    }
    return new JsonMapper().writeValueAsString(sorted(copy));
  }

  private static JsonNode sorted(JsonNode node) {
    if (node instanceof ObjectNode object) {
      var copy = object.objectNode();
      object.propertyNames().stream()
          .sorted()
          .filter(name -> !name.equals(CIPHERTEXT))
          .forEach(name -> copy.set(name, sorted(object.get(name))));
      return copy;
    }
    if (node instanceof ArrayNode array) {
      var copy = array.arrayNode();
      array.values().forEach(value -> copy.add(sorted(value)));
      return copy;
    }
    return node;
  }
}
