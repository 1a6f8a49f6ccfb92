package dev.nordfaas.config.model;

import dev.nordfaas.config.Key;
import dev.nordfaas.config.Renamed;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * Describes one key.
 *
 * @param name as the config writes it
 * @param type what kind of value it takes
 * @param optional whether it may be missing without having a default
 * @param key its documentation, default and bounds
 */
public record KeyModel(String name, KeyType type, boolean optional, Key key) {

  /** The value if the key is missing. */
  public Optional<JsonNode> defaultValue() {
    return key.defaultValue().isEmpty()
        ? Optional.empty()
        : Optional.of(FlowYaml.parse(key.defaultValue()));
  }

  /** A valid value, for messages and the reference. */
  public Optional<JsonNode> example() {
    return key.example().isEmpty() ? Optional.empty() : Optional.of(FlowYaml.parse(key.example()));
  }

  /** Its earlier names. */
  public List<Renamed> earlierNames() {
    return List.of(key.renamedFrom());
  }

  /** Whether the key has to be given. */
  public boolean required() {
    return !optional && key.defaultValue().isEmpty();
  }
}
