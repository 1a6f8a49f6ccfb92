package dev.nordfaas.generated;

import java.util.List;

/** A program, or a type, that what is rendered is for. */
interface Checker extends AutoCloseable {

  /**
   * What it does not accept.
   *
   * @param file where, such as {@code kubernetes/nats/configmap.nats-config.yaml}
   * @param message what it says
   */
  record Refusal(String checker, String file, String message) {

    /** The same for refusals of one kind: names and numbers in the message do not count. */
    String kind() {
      return checker
          + " "
          + message
              .lines()
              .findFirst()
              .orElse("")
              .replaceAll("\"[^\"]*\"|'[^']*'|`[^`]*`", "…")
              .replaceAll("[0-9]+", "0")
              .replaceAll("(/[\\w.-]+)+", "/");
    }
  }

  /** Everything that it does not accept. */
  List<Refusal> check(Rendering rendering);

  @Override
  default void close() {}
}
