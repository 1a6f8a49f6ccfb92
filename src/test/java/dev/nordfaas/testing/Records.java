package dev.nordfaas.testing;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/** Records that differ from others in some of their components. */
public final class Records {
  private Records() {}

  /**
   * A copy with other values of the components of these names.
   *
   * @throws IllegalArgumentException if the record has no component of such a name, or of that type
   */
  public static <R extends Record> R with(R original, Map<String, ?> values) {
    var left = new TreeMap<String, Object>(values);
    var components = original.getClass().getRecordComponents();
    var arguments =
        Arrays.stream(components)
            .map(
                component ->
                    left.containsKey(component.getName())
                        ? left.remove(component.getName())
                        : value(original, component))
            .toArray();
    if (!left.isEmpty()) {
      throw new IllegalArgumentException(
          "%s has no %s".formatted(original.getClass().getSimpleName(), left.keySet()));
    }
    try {
      @SuppressWarnings("unchecked")
      var type = (Class<R>) original.getClass();
      return type.getDeclaredConstructor(
              Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new))
          .newInstance(arguments);
    } catch (InvocationTargetException e) {
      throw new IllegalArgumentException(e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }

  private static Object value(Record original, RecordComponent component) {
    try {
      return component.getAccessor().invoke(original);
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }
}
