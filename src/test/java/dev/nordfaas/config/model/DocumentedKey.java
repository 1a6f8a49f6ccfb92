package dev.nordfaas.config.model;

import java.util.stream.Stream;

/**
 * One key of the stack config and where it stands.
 *
 * @param path from the section on, with {@code <name>} for map keys and {@code []} for elements
 * @param model what is known of it
 */
public record DocumentedKey(String path, KeyModel model) {

  /** All keys, each before those below it. */
  public static Stream<DocumentedKey> all() {
    return below(ConfigModel.stackConfig(), "");
  }

  private static Stream<DocumentedKey> below(KeyType type, String path) {
    if (type instanceof KeyType.MapOf map) {
      return below(map.value(), path + ".<name>");
    }
    if (type instanceof KeyType.ListOf list) {
      return below(list.element(), path + "[]");
    }
    return type instanceof KeyType.Group group
        ? group.keys().stream()
            .map(
                key ->
                    new DocumentedKey(path.isEmpty() ? key.name() : path + "." + key.name(), key))
            .flatMap(key -> Stream.concat(Stream.of(key), below(key.model().type(), key.path())))
        : Stream.empty();
  }
}
