package dev.nordfaas.policy;

import dev.nordfaas.config.FunctionConfig;
import dev.nordfaas.config.FunctionConfig.HttpTrigger;
import dev.nordfaas.config.StackConfig;
import dev.nordfaas.config.model.KeyPath;
import java.util.List;
import java.util.Optional;

/**
 * A function that is reached from outside.
 *
 * @param path of its key
 */
record HttpFunction(String name, KeyPath path, FunctionConfig function, HttpTrigger http) {
  /** All of a stack. */
  static List<HttpFunction> of(StackConfig config) {
    return config.functions().entrySet().stream()
        .flatMap(entry -> of(entry.getKey(), entry.getValue()).stream())
        .toList();
  }

  private static Optional<HttpFunction> of(String name, FunctionConfig function) {
    return function
        .http()
        .map(http -> new HttpFunction(name, KeyPath.of("functions", name), function, http));
  }

  /** The path of its key {@code http}. */
  KeyPath httpPath() {
    return path.key("http");
  }
}
