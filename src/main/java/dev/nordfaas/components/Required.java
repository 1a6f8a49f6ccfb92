package dev.nordfaas.components;

import org.jspecify.annotations.Nullable;

/** Checks the arguments of components. */
final class Required {
  private Required() {}

  /**
   * * Returns the value. *
   *
   * @throws IllegalArgumentException if it is missing; the message names component and argument
   */
  static <T> T argument(String component, String name, @Nullable T value) {
    if (value == null) {
      throw new IllegalArgumentException("%s needs %s".formatted(component, name));
    }
    return value;
  }
}
