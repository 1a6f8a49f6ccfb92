package dev.nordfaas.config;

import java.util.List;
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
   * A stack config that is valid.
   *
   * @param warnings what the plan has to show about it
   */
  public record Checked(StackConfig config, List<Problems.Problem> warnings) {}

  /**
   * Reads, checks and completes the stack config.
   *
   * @param rules what has to hold across keys
   * @throws InvalidStackConfigException with all problems, those of single keys and those of rules
   */
  public static StackConfig load(ConfigSource source, List<Rule> rules) {
    return check(source, rules).config();
  }

  /**
   * Does the same, for those who show warnings.
   *
   * @throws InvalidStackConfigException with all problems, those of single keys and those of rules
   */
  public static Checked check(ConfigSource source, List<Rule> rules) {
    var problems = new Problems();
    var config = Binder.bind(complete(source, problems), StackConfig.class);
    rules.forEach(rule -> rule.check(config, problems));
    if (!problems.isEmpty()) {
      throw new InvalidStackConfigException(source.stack(), problems);
    }
    return new Checked(config, problems.warnings());
  }

  private static ObjectNode complete(ConfigSource source, Problems problems) {
    var model = ConfigModel.stackConfig();
    var complete = NODES.objectNode();
    for (var section : model.keys()) {
      var name = section.name();
      var encrypted = source.secretSections().contains(name);
      complete.set(
          name,
          new TreeChecker(problems, encrypted)
              .section(tree(source.sections().get(name)), section, KeyPath.of(name)));
    }
    source.sections().keySet().stream()
        .filter(name -> !model.names().contains(name))
        .forEach(
            name ->
                TreeChecker.unknown(
                    problems, name, model.names(), source.sections().keySet(), KeyPath.of()));
    return complete;
  }

  /** A section that is missing is one without keys: what is required in it is reported then. */
  private static JsonNode tree(@Nullable String text) {
    if (text == null || text.isEmpty()) {
      return NODES.objectNode();
    }
    try {
      return Json.parse(text);
    } catch (JacksonException e) {
      return NODES.stringNode(text);
    }
  }
}
