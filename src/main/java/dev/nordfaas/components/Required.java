package dev.nordfaas.components;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Checks the inputs of components. */
final class Required {
  private Required() {}

  /**
   * The value of a required input.
   *
   * @throws NullPointerException if it was not set, with the component's and the input's name
   */
  static <T> T input(String component, String name, @Nullable T value) {
    return Objects.requireNonNull(value, () -> "%s needs %s".formatted(component, name));
  }
}
