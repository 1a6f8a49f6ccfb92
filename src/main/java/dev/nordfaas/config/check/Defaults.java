package dev.nordfaas.config.check;

import dev.nordfaas.config.model.ConfigModel;
import dev.nordfaas.config.model.KeyPath;
import tools.jackson.databind.node.JsonNodeFactory;

/** What objects of a stack config are that nothing is said of. */
public final class Defaults {
  private Defaults() {}

  /** The object, as if it were empty. */
  public static <R extends Record> R of(Class<R> type) {
    var empty = JsonNodeFactory.instance.objectNode();
    var complete =
        new TreeChecker(new Problems(), false).group(empty, ConfigModel.group(type), KeyPath.of());
    return Binder.bind(complete, type);
  }
}
