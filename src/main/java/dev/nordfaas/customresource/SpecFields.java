package dev.nordfaas.customresource;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Extracts the fields of a spec from a record. A mapper would do the same, but costs each preview
 * more than half a second.
 */
final class SpecFields {
  private SpecFields() {}

  /** Names and values; an empty {@code Optional}, list or map is left out. */
  static Map<String, Object> of(Record spec) {
    var fields = new LinkedHashMap<String, Object>();
    for (var component : spec.getClass().getRecordComponents()) {
      value(read(component, spec)).ifPresent(value -> fields.put(component.getName(), value));
    }
    return fields;
  }

  private static Optional<Object> value(Object value) {
    if (value instanceof Record record) {
      return Optional.of(of(record));
    }
    if (value instanceof Optional<?> optional) {
      return optional.flatMap(SpecFields::value);
    }
    if (value instanceof List<?> list) {
      return list.isEmpty()
          ? Optional.empty()
          : Optional.of(list.stream().flatMap(item -> value(item).stream()).toList());
    }
    if (value instanceof Map<?, ?> map && map.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(value);
  }

  private static Object read(RecordComponent component, Record spec) {
    try {
      var accessor = component.getAccessor();
      accessor.setAccessible(true);
      return accessor.invoke(spec);
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException(e);
    }
  }
}
