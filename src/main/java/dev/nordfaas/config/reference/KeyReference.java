package dev.nordfaas.config.reference;

import dev.nordfaas.config.model.KeyModel;
import dev.nordfaas.config.model.KeyType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One key as the reference shows it: if a parent's default is an object, the key's default comes
 * from it.
 *
 * @param path from the section on, with {@code <name>} for map keys and {@code []} for elements
 * @param defaultValue the value if the key is missing
 */
record KeyReference(String path, KeyModel model, Optional<JsonNode> defaultValue) {

  static KeyReference of(KeyModel section) {
    return new KeyReference(section.name(), section, section.defaultValue());
  }

  /** Whether the key, or one below it, has to be given. */
  boolean demanded() {
    if (model.optional()) {
      return false;
    }
    if (model.type() instanceof KeyType.Group) {
      return children().stream().anyMatch(KeyReference::demanded);
    }
    return defaultValue.isEmpty() || (defaultValue.get().isEmpty() && model.key().notEmpty());
  }

  /** The path of what has the keys one level below. */
  String below() {
    return below(model.type(), path);
  }

  private static String below(KeyType type, String path) {
    if (type instanceof KeyType.MapOf map) {
      return below(map.value(), path + ".<name>");
    }
    return type instanceof KeyType.ListOf list ? below(list.element(), path + "[]") : path;
  }

  /** The keys one level below: of this object, or of each value of this map or list. */
  List<KeyReference> children() {
    return children(model.type(), path, defaultValue.orElse(null));
  }

  private static List<KeyReference> children(
      KeyType type, String path, @Nullable JsonNode defaults) {
    if (type instanceof KeyType.MapOf map) {
      return children(map.value(), path + ".<name>", null);
    }
    if (type instanceof KeyType.ListOf list) {
      return children(list.element(), path + "[]", null);
    }
    var children = new ArrayList<KeyReference>();
    if (type instanceof KeyType.Group group) {
      for (var key : group.keys()) {
        var inherited = defaults == null ? null : defaults.get(key.name());
        children.add(
            new KeyReference(
                path + "." + key.name(),
                key,
                Optional.ofNullable(inherited).or(key::defaultValue)));
      }
    }
    return children;
  }
}
