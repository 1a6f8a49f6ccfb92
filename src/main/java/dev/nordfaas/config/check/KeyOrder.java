package dev.nordfaas.config.check;

import dev.nordfaas.config.model.ConfigModel;
import dev.nordfaas.config.model.KeyPath;
import dev.nordfaas.config.model.KeyType;
import java.util.Comparator;
import java.util.Optional;

/**
 * Orders paths as the reference lists the keys: known keys as declared, then unknown ones; names in
 * maps alphabetically; list elements by position; a parent before its children.
 */
record KeyOrder(KeyType root) implements Comparator<KeyPath> {

  @Override
  public int compare(KeyPath left, KeyPath right) {
    var type = Optional.of(root);
    var common = Math.min(left.segments().size(), right.segments().size());
    for (var i = 0; i < common; i++) {
      var a = left.segments().get(i);
      var b = right.segments().get(i);
      if (!a.equals(b)) {
        return compareSiblings(type, a, b);
      }
      type = type.flatMap(parent -> ConfigModel.below(parent, a));
    }
    return Integer.compare(left.segments().size(), right.segments().size());
  }

  private static int compareSiblings(Optional<KeyType> parent, Object left, Object right) {
    if (left instanceof Integer a && right instanceof Integer b) {
      return Integer.compare(a, b);
    }
    return Comparator.comparingInt((Object segment) -> position(parent, segment))
        .thenComparing(Object::toString)
        .compare(left, right);
  }

  private static int position(Optional<KeyType> parent, Object segment) {
    if (parent.isEmpty() || !(parent.get() instanceof KeyType.Group group)) {
      return 0;
    }
    var position = group.names().indexOf(segment.toString());
    return position < 0 ? Integer.MAX_VALUE : position;
  }
}
