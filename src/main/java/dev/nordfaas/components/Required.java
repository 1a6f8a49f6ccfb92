package dev.nordfaas.components;

import org.jspecify.annotations.Nullable;

/** Checks the arguments of components. */
final class Required {
  private Required() {}

  /**
   * The value.
   *
   * @throws IllegalArgumentException naming component and argument, if there is none
   */
  static <T> T argument(String component, String name, @Nullable T value) {
    if (value == null) {
      throw new IllegalArgumentException("%s needs %s".formatted(component, name));
    }
    return value;
  }
}
