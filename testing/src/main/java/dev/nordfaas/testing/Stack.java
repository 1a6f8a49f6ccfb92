package dev.nordfaas.testing;

import dev.nordfaas.config.check.ConfigLoader;
import dev.nordfaas.config.check.ConfigSource;
import dev.nordfaas.config.check.FunctionFiles;
import dev.nordfaas.plan.Plan;
import dev.nordfaas.policy.CheckedPlan;
import dev.nordfaas.policy.Rules;
import java.util.LinkedHashMap;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The config of a stack, with functions of its files, and variants of it. */
public final class Stack {
  private static final JsonMapper JSON = new JsonMapper();

  private final ConfigSource source;

  Stack(ConfigSource source) {
    this.source = source;
  }

  /**
   * The same stack with another value of a key.
   *
   * @param key such as {@code functions.hello.scale.max}; a name in it must not contain dots
   * @param value text, number, boolean, list or map; an empty map for a section without keys
   * @return the variant; this stack stays as it is
   */
  public Stack with(String key, Object value) {
    var path = List.of(key.split("\\."));
    var section = path.get(0);
    if (path.size() == 1) {
      return withSection(section, JSON.valueToTree(value));
    }
    var tree = tree(section);
    parent(tree, path).set(path.get(path.size() - 1), JSON.<JsonNode>valueToTree(value));
    return withSection(section, tree);
  }

  /**
   * The same stack without a key.
   *
   * @param key such as {@code functions.hello.scale}; a name in it must not contain dots
   * @return the variant; this stack stays as it is
   */
  public Stack without(String key) {
    var path = List.of(key.split("\\."));
    var section = path.get(0);
    if (path.size() == 1) {
      var whole = of(section);
      var sections = new LinkedHashMap<>(whole.sections());
      sections.remove(section);
      return new Stack(whole.with(sections));
    }
    var tree = tree(section);
    parent(tree, path).remove(path.get(path.size() - 1));
    return withSection(section, tree);
  }

  /**
   * What the stack consists of, after all rules were asked, as in {@code pulumi preview}.
   *
   * @return the plan
   * @throws dev.nordfaas.config.check.InvalidStackConfigException with every problem of the config
   */
  public Plan plan() {
    return checked().plan();
  }

  /**
   * What {@code pulumi preview} warns of.
   *
   * @return each warning in one line: key, reason and fix
   * @throws dev.nordfaas.config.check.InvalidStackConfigException with every problem of the config
   */
  public List<String> warnings() {
    return checked().warnings().stream().map(Object::toString).toList();
  }

  private CheckedPlan checked() {
    return ConfigLoader.load(source, Rules::check);
  }

  /** What a variant of the section is made from: of functions, wherever they are written. */
  private ConfigSource of(String section) {
    return section.equals("functions") ? FunctionFiles.inlined(source) : source;
  }

  private ObjectNode tree(String section) {
    var text = of(section).sections().get(section);
    return text == null ? JSON.createObjectNode() : (ObjectNode) JSON.readTree(text);
  }

  /** The map that the last key is in; those that are missing are added. */
  private static ObjectNode parent(ObjectNode tree, List<String> path) {
    var map = tree;
    for (var name : path.subList(1, path.size() - 1)) {
      map = map.get(name) instanceof ObjectNode child ? child : map.putObject(name);
    }
    return map;
  }

  private Stack withSection(String section, JsonNode tree) {
    var whole = of(section);
    var sections = new LinkedHashMap<>(whole.sections());
    sections.put(section, JSON.writeValueAsString(tree));
    return new Stack(whole.with(sections));
  }
}
