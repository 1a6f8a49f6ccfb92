package dev.nordfaas.config.model;

import dev.nordfaas.config.Retired;
import java.util.List;
import java.util.Optional;

/** What kind of value a key takes. */
public sealed interface KeyType {
  /** Whether it is a secret, or secrets by names that the user chooses. */
  default boolean isSecret() {
    return this == Scalar.SECRET || (this instanceof MapOf map && map.value() == Scalar.SECRET);
  }

  /** A single value. */
  enum Scalar implements KeyType {
    TEXT,
    INTEGER,
    BOOLEAN,
    SIZE,
    CPU,
    DURATION,
    NETWORK,
    DOMAIN,
    WEB_ORIGIN,
    HOST_KEY,
    AUTHORIZED_KEY,
    SECRET
  }

  /** One of a few words. */
  record Choice(List<String> words) implements KeyType {}

  /**
   * Keys that are known in advance.
   *
   * @param retired keys that there were
   */
  record Group(List<KeyModel> keys, List<Retired> retired) implements KeyType {
    public Group {
      keys = List.copyOf(keys);
      retired = List.copyOf(retired);
    }

    /** The key of that name, if there is one. */
    public Optional<KeyModel> key(String name) {
      return keys.stream().filter(key -> key.name().equals(name)).findFirst();
    }

    /** The names of the keys, as declared. */
    public List<String> names() {
      return keys.stream().map(KeyModel::name).toList();
    }
  }

  /** Values by names that the user chooses. */
  record MapOf(KeyType value) implements KeyType {}

  /** Values in an order. */
  record ListOf(KeyType element) implements KeyType {}
}
