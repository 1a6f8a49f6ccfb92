package dev.nordfaas.config.check;

import dev.nordfaas.config.model.KeyPath;
import dev.nordfaas.config.model.KeyType;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * Orders paths as the reference lists the keys: known keys as declared, then unknown ones; names in
 * maps alphabetically; list elements by position; a parent before its children.
 */
record KeyOrder(KeyType root) implements Comparator<KeyPath> {

  @Override
  public int compare(KeyPath left, KeyPath right) {
    @Nullable KeyType type = root;
    var common = Math.min(left.segments().size(), right.segments().size());
    for (var i = 0; i < common; i++) {
      var a = left.segments().get(i);
      var b = right.segments().get(i);
      if (!a.equals(b)) {
        return compareSiblings(type, a, b);
      }
      type = child(type, a);
    }
    return Integer.compare(left.segments().size(), right.segments().size());
  }

  private static int compareSiblings(@Nullable KeyType parent, Object left, Object right) {
    if (left instanceof Integer a && right instanceof Integer b) {
      return Integer.compare(a, b);
    }
    return Comparator.comparingInt((Object segment) -> position(parent, segment))
        .thenComparing(Object::toString)
        .compare(left, right);
  }

  private static int position(@Nullable KeyType parent, Object segment) {
    if (!(parent instanceof KeyType.Group group)) {
      return 0;
    }
    var position = group.names().indexOf(segment.toString());
    return position < 0 ? Integer.MAX_VALUE : position;
  }

  private static @Nullable KeyType child(@Nullable KeyType parent, Object segment) {
    if (parent instanceof KeyType.Group group) {
      for (var key : group.keys()) {
        if (key.name().equals(segment)) {
          return key.type();
        }
      }
      return null;
    }
    if (parent instanceof KeyType.MapOf map) {
      return map.value();
    }
    return parent instanceof KeyType.ListOf list ? list.element() : null;
  }
}
