package dev.nordfaas.render;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The properties of a resource, as the Pulumi SDK provides them. */
public final class Properties {
  private Properties() {}

  /**
   * The same with sorted keys, and with whole numbers as integers: the SDK turns them into doubles.
   */
  public static Map<String, Object> integral(Map<String, Object> properties) {
    var result = new TreeMap<String, Object>();
    properties.forEach((key, value) -> result.put(key, integralValue(value)));
    return result;
  }

  @SuppressWarnings("unchecked") // The keys of what the SDK deserialises are strings.
  private static Object integralValue(Object value) {
    if (value instanceof Map<?, ?> map) {
      return integral((Map<String, Object>) map);
    }
    if (value instanceof List<?> list) {
      return list.stream().map(Properties::integralValue).toList();
    }
    return value instanceof Double number && number == Math.rint(number)
        ? (Object) number.longValue()
        : value;
  }
}
