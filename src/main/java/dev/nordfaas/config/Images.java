package dev.nordfaas.config;

import java.lang.reflect.RecordComponent;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** The container images of a stack config. */
public final class Images {
  private Images() {}

  /**
   * All of them, sorted: the value of every key that is an image, wherever it is, and the images
   * that follow from OpenFaaS' edition.
   */
  public static SortedSet<String> of(StackConfig config) {
    var images = new TreeSet<String>();
    collect(config, images);
    if (config.openfaas().hasGateway()) {
      images.add(config.openfaas().gatewayImage());
      images.add(config.openfaas().providerImage());
    }
    return images;
  }

  private static void collect(Object value, SortedSet<String> images) {
    if (value instanceof Optional<?> optional) {
      optional.ifPresent(it -> collect(it, images));
    } else if (value instanceof Map<?, ?> map) {
      map.values().forEach(it -> collect(it, images));
    } else if (value instanceof Collection<?> list) {
      list.forEach(it -> collect(it, images));
    } else if (value instanceof Record) {
      for (var component : value.getClass().getRecordComponents()) {
        var held = read(component, value);
        if (isImage(component)) {
          add(held, images);
        } else {
          collect(held, images);
        }
      }
    }
  }

  private static boolean isImage(RecordComponent component) {
    var key = component.getAnnotation(Key.class);
    return key != null && key.pattern().equals(Patterns.IMAGE);
  }

  private static void add(Object value, SortedSet<String> images) {
    if (value instanceof Optional<?> optional) {
      optional.ifPresent(it -> images.add(it.toString()));
    } else {
      images.add(value.toString());
    }
  }

  private static Object read(RecordComponent component, Object owner) {
    try {
      return component.getAccessor().invoke(owner);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(component.toString(), e);
    }
  }
}
