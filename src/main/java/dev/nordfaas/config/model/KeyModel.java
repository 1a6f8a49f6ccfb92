package dev.nordfaas.config.model;

import dev.nordfaas.config.Key;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * What is known of one key.
 *
 * @param name as the config writes it
 * @param type what kind of value it takes
 * @param optional whether it may be missing without anything in its place
 * @param key its documentation, default and bounds
 */
public record KeyModel(String name, KeyType type, boolean optional, Key key) {

  /** What holds without the key. */
  public Optional<JsonNode> defaultValue() {
    return key.defaultValue().isEmpty()
        ? Optional.empty()
        : Optional.of(FlowYaml.parse(key.defaultValue()));
  }

  /** A valid value, for messages and the reference. */
  public Optional<JsonNode> example() {
    return key.example().isEmpty() ? Optional.empty() : Optional.of(FlowYaml.parse(key.example()));
  }

  /** Whether the key has to be given. */
  public boolean required() {
    return !optional && key.defaultValue().isEmpty();
  }
}
