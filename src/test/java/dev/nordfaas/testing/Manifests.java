package dev.nordfaas.testing;

import java.util.List;
import java.util.Map;

/** Walks through recorded manifests. */
public final class Manifests {
  private Manifests() {}

  /**
   * The value at a path such as {@code spec.template.spec.containers.0.env}; null where the
   * manifest has none.
   */
  public static Object at(RecordingMocks.Registered object, String path) {
    Object value = object.inputs();
    for (var step : path.split("\\.")) {
      if (value instanceof Map<?, ?> map) {
        value = map.get(step);
      } else if (value instanceof List<?> list) {
        value = list.get(Integer.parseInt(step));
      } else {
        return null;
      }
    }
    return value;
  }
}
