package dev.nordfaas.config.check;

import dev.nordfaas.config.Renamed;
import dev.nordfaas.config.StackConfig;
import dev.nordfaas.config.model.KeyPath;
import dev.nordfaas.config.model.KeyType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Turns the keys of an earlier release into those of today, with a warning about each. Whatever is
 * malformed is left as it is, for the checks that follow.
 */
record Renames(Problems problems) {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  /** The value with the keys of today. */
  JsonNode apply(JsonNode given, KeyType type, KeyPath path) {
    if (type instanceof KeyType.Group group && given instanceof ObjectNode object) {
      return group(object, group, path);
    }
    if (type instanceof KeyType.MapOf map && given instanceof ObjectNode object) {
      var entries = NODES.objectNode();
      object
          .properties()
          .forEach(
              entry ->
                  entries.set(
                      entry.getKey(),
                      apply(entry.getValue(), map.value(), path.key(entry.getKey()))));
      return entries;
    }
    if (type instanceof KeyType.ListOf list && given instanceof ArrayNode array) {
      var elements = NODES.arrayNode();
      for (var i = 0; i < array.size(); i++) {
        elements.add(apply(array.get(i), list.element(), path.index(i)));
      }
      return elements;
    }
    return given;
  }

  private ObjectNode group(ObjectNode given, KeyType.Group type, KeyPath path) {
    var object = NODES.objectNode();
    object.setAll(given);
    for (var key : type.keys()) {
      for (var earlier : key.earlierNames()) {
        if (object.has(earlier.from())) {
          rename(object, earlier, key.name(), path);
        }
      }
      if (object.has(key.name())) {
        var value = apply(object.get(key.name()), key.type(), path.key(key.name()));
        object.set(key.name(), value);
      }
    }
    for (var key : type.retired()) {
      if (object.has(key.key())) {
        object.remove(key.key());
        problems.warnOfEarlier(
            path.key(key.key()),
            "is no longer used: it " + key.reason(),
            "remove it, it is ignored until " + key.until());
      }
    }
    return object;
  }

  private void rename(ObjectNode object, Renamed earlier, String name, KeyPath parent) {
    var path = parent.key(name);
    var from = parent.key(earlier.from());
    var value = object.remove(earlier.from());
    if (object.has(name)) {
      problems.addMalformed(
          from,
          "is the earlier name of %s, which is given too".formatted(withoutNamespace(path)),
          "remove it");
      return;
    }
    var inList = earlier.shape() == Renamed.Shape.ELEMENT && !value.isNull();
    object.set(name, inList ? NODES.arrayNode().add(value) : value);
    problems.wasWritten(inList ? path.index(0) : path, from);
    problems.wasWritten(path, from);
    problems.warnOfEarlier(
        from,
        "is now " + withoutNamespace(path),
        "%s, the old name is accepted until %s"
            .formatted(inList ? "rename it and make it a list" : "rename it", earlier.until()));
  }

  private static String withoutNamespace(KeyPath path) {
    return path.toString().substring(StackConfig.NAMESPACE.length() + 1);
  }
}
