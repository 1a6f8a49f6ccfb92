package dev.nordfaas.state;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What {@code pulumi import --file} takes. {@code pulumi preview --import-file} writes the like,
 * but not for a provider that is not in the state yet, and without ids.
 */
final class ImportFile {
  private static final String STACK = "pulumi:pulumi:Stack";

  private final JsonMapper mapper = new JsonMapper();
  private final Map<String, JsonNode> steps = new HashMap<>();
  private final ObjectNode names = mapper.createObjectNode();
  private final ArrayNode resources = mapper.createArrayNode();
  private final Set<String> listed = new HashSet<>();

  private ImportFile(JsonNode preview) {
    for (var step : preview.path("steps")) {
      steps.put(step.path("urn").asString(""), step);
    }
  }

  /** For the objects, with the components that they are parts of. */
  static JsonNode of(JsonNode preview, List<PlannedObject> objects) {
    var file = new ImportFile(preview);
    objects.forEach(file::add);
    var result = file.mapper.createObjectNode();
    result.set("nameTable", file.names);
    result.set("resources", file.resources);
    return result;
  }

  private void add(PlannedObject object) {
    var entry = entry(object.resource());
    entry.put("id", object.id());
    provider(object.resource())
        .ifPresent(
            provider -> {
              names.put(nameOf(provider), provider);
              entry.put("provider", nameOf(provider));
            });
    resources.add(entry);
  }

  /** Lists its parents before it: those that would be created, with it; others by their URN. */
  private ObjectNode entry(JsonNode resource) {
    var urn = resource.path("urn").asString("");
    var entry = mapper.createObjectNode();
    entry.put("type", resource.path("type").asString(""));
    entry.put("name", nameOf(urn));
    entry.put("logicalName", lastOf(urn));
    var parent = parentOf(resource);
    if (!parent.isEmpty() && !typeOf(parent).equals(STACK)) {
      addParent(parent);
      entry.put("parent", nameOf(parent));
    }
    return entry;
  }

  private void addParent(String urn) {
    if (!listed.add(urn)) {
      return;
    }
    var step = steps.get(urn);
    if (step == null || !step.path("op").asString("").equals("create")) {
      names.put(nameOf(urn), urn);
      return;
    }
    var entry = entry(step.path("newState"));
    entry.put("component", true);
    resources.add(entry);
  }

  /** Without the id of the resource that it ends with; empty if it is the plug-in's default one. */
  private static Optional<String> provider(JsonNode resource) {
    var provider = resource.path("provider").asString("");
    return Optional.of(provider)
        .filter(it -> !it.isEmpty() && !it.contains("::default_"))
        .map(it -> it.substring(0, it.lastIndexOf("::")));
  }

  /**
   * Providers that the objects need and that the state does not have, each after the components
   * that it is part of. An import would make providers of its own instead, without any inputs.
   */
  static List<String> missingProviders(JsonNode preview, List<PlannedObject> objects) {
    var created = new LinkedHashMap<String, JsonNode>();
    for (var step : preview.path("steps")) {
      if (step.path("op").asString("").equals("create")) {
        created.put(step.path("urn").asString(""), step.path("newState"));
      }
    }
    var missing = new LinkedHashSet<String>();
    objects.stream()
        .flatMap(object -> provider(object.resource()).stream())
        .distinct()
        .filter(created::containsKey)
        .forEach(
            provider -> {
              missing.addAll(parents(provider, created));
              missing.add(provider);
            });
    return List.copyOf(missing);
  }

  /** Those that would be created as well, the outermost first. */
  private static List<String> parents(String urn, Map<String, JsonNode> created) {
    var parents = new ArrayList<String>();
    var parent = parentOf(created.getOrDefault(urn, MissingNode.getInstance()));
    while (created.containsKey(parent) && !typeOf(parent).equals(STACK)) {
      parents.add(0, parent);
      parent = parentOf(created.getOrDefault(parent, MissingNode.getInstance()));
    }
    return parents;
  }

  private static String parentOf(JsonNode resource) {
    return resource.path("parent").asString("");
  }

  /** Unique within the file: two resources of different types may have one name. */
  private static String nameOf(String urn) {
    return typeOf(urn) + " " + lastOf(urn);
  }

  private static String lastOf(String urn) {
    return urn.substring(urn.lastIndexOf("::") + 2);
  }

  private static String typeOf(String urn) {
    var types = urn.substring(0, urn.lastIndexOf("::"));
    var qualified = types.substring(types.lastIndexOf("::") + 2);
    return qualified.substring(qualified.lastIndexOf('$') + 1);
  }
}
