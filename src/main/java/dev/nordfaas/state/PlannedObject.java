package dev.nordfaas.state;

import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * A Kubernetes object that {@code up} would create, as a step of {@code pulumi preview --json}
 * describes it.
 *
 * @param id what the plug-in would call it
 * @param resource the step's new state
 */
record PlannedObject(String id, JsonNode resource) {
  private static final String KUBERNETES = "kubernetes:";

  /**
   * Objects of somebody else in which the program sets a few fields: there is nothing to import.
   */
  private static final String PATCH = "Patch";

  /** All that the preview creates. */
  static List<PlannedObject> of(JsonNode preview) {
    return preview
        .path("steps")
        .valueStream()
        .filter(step -> step.path("op").asString("").equals("create"))
        .map(step -> step.path("newState"))
        .flatMap(resource -> of(resource, ObjectId.ofResource(resource)).stream())
        .toList();
  }

  private static Optional<PlannedObject> of(JsonNode resource, Optional<String> id) {
    var type = resource.path("type").asString("");
    return id.filter(it -> type.startsWith(KUBERNETES) && !type.endsWith(PATCH))
        .filter(it -> resource.path("inputs").hasNonNull("kind"))
        .map(it -> new PlannedObject(it, resource));
  }

  JsonNode inputs() {
    return resource.path("inputs");
  }

  String kind() {
    return inputs().path("kind").asString("");
  }

  String urn() {
    return resource.path("urn").asString("");
  }

  String type() {
    return resource.path("type").asString("");
  }

  /** Such as {@code StatefulSet nats/nats}. */
  String text() {
    return kind() + " " + id;
  }

  /** By which it is found in the cluster. */
  String key() {
    return key(inputs(), id);
  }

  /** The same of an object as Kubernetes has it, whatever version of its group. */
  static String key(JsonNode object, String id) {
    return "%s/%s %s"
        .formatted(
            object.path("apiVersion").asString("").replaceFirst("/?[^/]*$", ""),
            object.path("kind").asString(""),
            id);
  }
}
