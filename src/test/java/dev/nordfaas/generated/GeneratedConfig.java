package dev.nordfaas.generated;

import dev.nordfaas.config.check.ConfigLoader;
import dev.nordfaas.config.check.ConfigSource;
import dev.nordfaas.config.check.InvalidStackConfigException;
import dev.nordfaas.config.model.ConfigModel;
import dev.nordfaas.config.model.KeyType;
import dev.nordfaas.plan.Plan;
import dev.nordfaas.policy.Rules;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;
import tools.jackson.dataformat.yaml.YAMLWriteFeature;

/**
 * A stack config that nobody wrote.
 *
 * @param tree the sections by their names
 */
record GeneratedConfig(ObjectNode tree) {
  private static final YAMLMapper YAML =
      YAMLMapper.builder()
          .enable(YAMLWriteFeature.MINIMIZE_QUOTES)
          .enable(YAMLWriteFeature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
          .disable(YAMLWriteFeature.SPLIT_LINES)
          .disable(YAMLWriteFeature.WRITE_DOC_START_MARKER)
          .build();

  /** The plan, if neither the loader nor a rule refuses the config. */
  Optional<Plan> plan() {
    try {
      return Optional.of(ConfigLoader.load(source(), Rules::check).plan());
    } catch (InvalidStackConfigException e) {
      return Optional.empty();
    }
  }

  /** What the CLI would hand over. */
  ConfigSource source() {
    var sections = new LinkedHashMap<String, String>();
    tree.properties().forEach(it -> sections.put(it.getKey(), it.getValue().toString()));
    return new ConfigSource("generated", sections, encrypted());
  }

  private Set<String> encrypted() {
    var sections = new HashSet<String>();
    for (var section : ConfigModel.stackConfig().keys()) {
      var node = tree.get(section.name());
      if (node != null && hasSecret(node, section.type())) {
        sections.add(section.name());
      }
    }
    return sections;
  }

  private static boolean hasSecret(JsonNode node, KeyType type) {
    if (type instanceof KeyType.Group group) {
      return group.keys().stream()
          .anyMatch(key -> node.has(key.name()) && hasSecret(node.get(key.name()), key.type()));
    }
    if (type instanceof KeyType.MapOf map) {
      return node.valueStream().anyMatch(value -> hasSecret(value, map.value()));
    }
    if (type instanceof KeyType.ListOf list) {
      return node.valueStream().anyMatch(value -> hasSecret(value, list.element()));
    }
    return type == KeyType.Scalar.SECRET;
  }

  /** As a {@code Pulumi.<stack>.yaml}; secrets are in plain text. */
  String yaml() {
    var stack = tree.objectNode();
    var config = stack.putObject("config");
    tree.properties().forEach(it -> config.set("nordfaas:" + it.getKey(), it.getValue()));
    return YAML.writeValueAsString(stack);
  }

  /** The number of values in it, for comparing sizes. */
  static int size(JsonNode node) {
    return node instanceof ObjectNode || node instanceof ArrayNode
        ? 1 + node.valueStream().mapToInt(GeneratedConfig::size).sum()
        : 1;
  }
}
