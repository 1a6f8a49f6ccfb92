package dev.nordfaas.config.model;

import dev.nordfaas.config.Retired;
import java.util.List;

/** What kind of value a key takes. */
public sealed interface KeyType {

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
