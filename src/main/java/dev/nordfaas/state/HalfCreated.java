package dev.nordfaas.state;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Kubernetes objects that a killed run was creating, in what {@code pulumi stack export} prints.
 * They may be in the cluster, which the state does not know. Creating them again is not enough:
 * Kubernetes refuses another pod template for a Job of that name, and the plug-in (4.25.0) applies
 * each creation as another field manager, so that the first one stays an owner of fields that
 * nobody can remove.
 */
final class HalfCreated {
  private static final String KUBERNETES = "kubernetes:";

  /** Of each name that the plug-in makes for itself ({@code provider.go}, fieldManagerName). */
  private static final String MANAGER = "pulumi-kubernetes-";

  private final ObjectNode export;

  private HalfCreated(ObjectNode export) {
    this.export = export;
  }

  /** In a copy of that export. */
  static HalfCreated in(JsonNode export) {
    return new HalfCreated((ObjectNode) export.deepCopy());
  }

  JsonNode export() {
    return export;
  }

  /**
   * The objects that have to be read from the cluster: those that were being created, and those of
   * which an earlier {@link #adopt} has told the state while nobody has read them since.
   */
  List<String> urns() {
    return Stream.concat(pending().map(HalfCreated::resource), unread())
        .map(HalfCreated::urn)
        .distinct()
        .toList();
  }

  /** Makes resources of the pending creations, with the ids that the plug-in gives them. */
  HalfCreated adopt() {
    for (var operation : pending().toList()) {
      var resource = ((ObjectNode) resource(operation)).deepCopy();
      resource.put("id", ObjectId.ofResource(resource).orElseThrow());
      put(resource);
    }
    return this;
  }

  /**
   * Takes back what an earlier {@link #adopt} has told the state, where nobody has read it since.
   */
  HalfCreated forget() {
    var all = resources();
    var needed = new HashSet<String>();
    all.forEach(resource -> needed.addAll(dependencies(resource)));
    var gone = unread().map(HalfCreated::urn).filter(urn -> !needed.contains(urn)).toList();
    for (var place = all.size() - 1; place >= 0; place--) {
      if (gone.contains(urn(all.get(place)))) {
        all.remove(place);
      }
    }
    return this;
  }

  /**
   * Gives objects that were read the field manager that they have been applied by, where the
   * plug-in did not know it.
   */
  HalfCreated own() {
    for (var resource : resources()) {
      var outputs = resource.path("outputs");
      var known = outputs.path("__fieldManager").asString("");
      var managers = managers(outputs);
      if (isKubernetes(resource)
          && known.startsWith(MANAGER)
          && !managers.isEmpty()
          && !managers.contains(known)) {
        ((ObjectNode) outputs).put("__fieldManager", managers.get(managers.size() - 1));
      }
    }
    return this;
  }

  /** Those that applied it, in the order of their last time. */
  private static List<String> managers(JsonNode outputs) {
    return outputs
        .at("/metadata/managedFields")
        .valueStream()
        .filter(fields -> fields.path("operation").asString("").equals("Apply"))
        .filter(fields -> fields.path("manager").asString("").startsWith(MANAGER))
        .sorted(
            (one, other) ->
                one.path("time").asString("").compareTo(other.path("time").asString("")))
        .map(fields -> fields.path("manager").asString(""))
        .toList();
  }

  /** The pending creations that the cluster can be asked about. */
  private Stream<JsonNode> pending() {
    return export
        .at("/deployment/pending_operations")
        .valueStream()
        .filter(operation -> operation.path("type").asString("").equals("creating"))
        .filter(operation -> isKubernetes(resource(operation)))
        .filter(operation -> ObjectId.ofResource(resource(operation)).isPresent())
        .filter(operation -> place(resource(operation)).isPresent());
  }

  private Stream<JsonNode> unread() {
    return resources()
        .valueStream()
        .filter(HalfCreated::isKubernetes)
        .filter(resource -> resource.hasNonNull("id"))
        .filter(resource -> resource.path("outputs").isEmpty());
  }

  private static boolean isKubernetes(JsonNode resource) {
    return resource.path("custom").asBoolean(false)
        && resource.path("type").asString("").startsWith(KUBERNETES);
  }

  private ArrayNode resources() {
    return (ArrayNode) export.at("/deployment/resources");
  }

  private void put(ObjectNode resource) {
    var place = place(resource).orElseThrow();
    if (place < resources().size()) {
      resources().set(place, resource);
    } else {
      resources().add(resource);
    }
  }

  /**
   * Where it belongs: in place of the one that it was to replace, which has been deleted, if all
   * that it depends on comes before; else at the end. Nowhere if the state has it already.
   */
  private Optional<Integer> place(JsonNode resource) {
    var before = new HashSet<String>();
    for (var place = 0; place < resources().size(); place++) {
      var other = resources().get(place);
      if (urn(other).equals(urn(resource))) {
        var isGone = other.path("pendingReplacement").asBoolean(false);
        return isGone && before.containsAll(dependencies(resource))
            ? Optional.of(place)
            : Optional.empty();
      }
      before.add(urn(other));
    }
    return Optional.of(resources().size());
  }

  private static List<String> dependencies(JsonNode resource) {
    return Stream.concat(
            resource.path("dependencies").valueStream().map(urn -> urn.asString("")),
            Stream.of(resource.path("parent").asString("")))
        .filter(urn -> !urn.isEmpty())
        .toList();
  }

  private static JsonNode resource(JsonNode operation) {
    return operation.path("resource");
  }

  private static String urn(JsonNode resource) {
    return resource.path("urn").asString("");
  }
}
