package dev.nordfaas.policy;

import dev.nordfaas.config.check.Problems;
import dev.nordfaas.config.model.KeyPath;
import java.util.Collection;

/** What one key names and another one defines. */
final class References {
  private References() {}

  /**
   * Whether there is a thing of that name; otherwise that is a problem.
   *
   * @param what kind of thing
   * @param path the key that names it
   * @param names of all there are
   * @param definedAt the key that defines them
   */
  static boolean exists(
      String what,
      String name,
      KeyPath path,
      Collection<String> names,
      KeyPath definedAt,
      Problems problems) {
    if (!names.contains(name)) {
      problems.add(
          path,
          "there is no %s \"%s\"".formatted(what, name),
          names.isEmpty()
              ? "add it to " + definedAt
              : "use %s, or add it to %s".formatted(String.join(" or ", names), definedAt),
          definedAt);
    }
    return names.contains(name);
  }
}
