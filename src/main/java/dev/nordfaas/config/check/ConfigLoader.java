package dev.nordfaas.config.check;

import dev.nordfaas.config.StackConfig;
import dev.nordfaas.config.model.ConfigModel;
import dev.nordfaas.config.model.KeyPath;
import dev.nordfaas.config.model.KeyType;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Turns the raw stack config into a {@link StackConfig}, or reports everything that is wrong. */
public final class ConfigLoader {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private ConfigLoader() {}

  /**
   * Checks a whole stack config, in which missing or malformed keys have been replaced by
   * well-formed values.
   *
   * @param <T> what the check derives from the config
   */
  @FunctionalInterface
  public interface Check<T> {
    /** Never throws; what it returns is used only if no problem was found. */
    T check(StackConfig config, Problems problems);
  }

  /**
   * Reads, completes and checks the stack config, key by key.
   *
   * @throws InvalidStackConfigException with all problems
   */
  public static StackConfig load(ConfigSource source) {
    return load(source, (config, problems) -> config);
  }

  /**
   * Reads, completes and checks the stack config, and returns the result of the check.
   *
   * @param check checks across keys
   * @throws InvalidStackConfigException with all problems, those of single keys and those of the
   *     check
   */
  public static <T> T load(ConfigSource source, Check<T> check) {
    var problems = new Problems();
    var config = Binder.bind(complete(source, problems), StackConfig.class);
    var checked = check.check(config, problems);
    if (!problems.isEmpty()) {
      throw new InvalidStackConfigException(source.stack(), problems);
    }
    return checked;
  }

  private static ObjectNode complete(ConfigSource source, Problems problems) {
    var model = ConfigModel.stackConfig();
    var complete = NODES.objectNode();
    for (var section : model.keys()) {
      var name = section.name();
      var encrypted = source.secretSections().contains(name);
      var given = tree(source.sections().get(name), section.type());
      complete.set(
          name,
          new TreeChecker(problems, encrypted)
              .section(
                  name.equals(FunctionFiles.FUNCTIONS)
                      ? FunctionFiles.merge(source, given, problems)
                      : given,
                  section,
                  KeyPath.of(name)));
    }
    complete.set(FunctionFiles.SECTION, NODES.arrayNode());
    source.sections().keySet().stream()
        .filter(name -> !model.names().contains(name))
        .forEach(
            name ->
                TreeChecker.unknown(
                    problems, name, model.names(), source.sections().keySet(), KeyPath.of()));
    return complete;
  }

  /** A missing section is treated as empty, so that its required keys are reported. */
  static JsonNode tree(@Nullable String text, KeyType type) {
    if (text == null || text.isEmpty()) {
      return type instanceof KeyType.ListOf ? NODES.arrayNode() : NODES.objectNode();
    }
    try {
      return Json.parse(text);
    } catch (JacksonException e) {
      return NODES.stringNode(text);
    }
  }
}
