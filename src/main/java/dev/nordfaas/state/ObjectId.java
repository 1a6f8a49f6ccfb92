package dev.nordfaas.state;

import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** What the Kubernetes plug-in calls an object: {@code namespace/name}, or only a name. */
final class ObjectId {
  private ObjectId() {}

  /**
   * Of a resource of a state or of a preview; empty if its name or its namespace is not known yet.
   */
  static Optional<String> ofResource(JsonNode resource) {
    return ofMetadata(resource.at("/inputs/metadata"));
  }

  /** Of an object as Kubernetes has it. */
  static Optional<String> ofObject(JsonNode object) {
    return ofMetadata(object.path("metadata"));
  }

  private static Optional<String> ofMetadata(JsonNode metadata) {
    var name = metadata.path("name");
    var namespace = metadata.path("namespace");
    if (!name.isString() || !(namespace.isMissingNode() || namespace.isString())) {
      return Optional.empty();
    }
    return Optional.of(
        namespace.isString()
            ? namespace.stringValue() + "/" + name.stringValue()
            : name.stringValue());
  }
}
