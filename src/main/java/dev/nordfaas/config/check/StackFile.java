package dev.nordfaas.config.check;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Reads a {@code Pulumi.<stack>.yaml} into what the Pulumi CLI makes of it. */
final class StackFile {
  private static final String SECRET_PLACEHOLDER = "[secret]";
  private static final Pattern NAME = Pattern.compile("Pulumi\\.(.+)\\.ya?ml");
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final String stack;

  private StackFile(String stack) {
    this.stack = stack;
  }

  static ConfigSource read(Path file) {
    var name = NAME.matcher(file.getFileName().toString());
    if (!name.matches()) {
      throw new IllegalArgumentException(file + " is not named Pulumi.<stack>.yaml");
    }
    try {
      return parse(name.group(1), Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static ConfigSource parse(String stack, String yaml) {
    return new StackFile(stack).parse(yaml);
  }

  private ConfigSource parse(String yaml) {
    var sections = new LinkedHashMap<String, String>();
    var secret = new LinkedHashSet<String>();
    entries(entries(compose(yaml)).get("config"))
        .forEach(
            (key, value) ->
                ConfigSource.section(key)
                    .ifPresent(
                        section -> {
                          sections.put(section, sectionText(value));
                          if (holdsSecret(value)) {
                            secret.add(section);
                          }
                        }));
    return new ConfigSource(stack, sections, secret);
  }

  private Node compose(String yaml) {
    try {
      return new Compose(LoadSettings.builder().setLabel("Pulumi." + stack + ".yaml").build())
          .composeString(yaml)
          .orElseGet(StackFile::emptyMapping);
    } catch (YamlEngineException e) {
      throw InvalidStackConfigException.unreadable(stack, String.valueOf(e.getMessage()));
    }
  }

  private static Node emptyMapping() {
    return new MappingNode(Tag.MAP, List.of(), FlowStyle.BLOCK);
  }

  /** The CLI passes on a scalar section as plain text. */
  private String sectionText(Node node) {
    var json = json(node);
    return json.isContainer() ? json.toString() : json.isNull() ? "" : json.asString();
  }

  private JsonNode json(Node node) {
    if (node.isRecursive()) {
      throw InvalidStackConfigException.unreadable(stack, "a value contains itself");
    }
    if (isSecret(node)) {
      return NODES.stringNode(SECRET_PLACEHOLDER);
    }
    if (node instanceof MappingNode) {
      return object(node);
    }
    if (node instanceof SequenceNode sequence) {
      var list = NODES.arrayNode();
      sequence.getValue().forEach(element -> list.add(json(element)));
      return list;
    }
    return GoYamlScalars.resolve((ScalarNode) node);
  }

  /** The CLI sorts keys. */
  private ObjectNode object(Node node) {
    var object = NODES.objectNode();
    new TreeMap<>(entries(node)).forEach((key, value) -> object.set(key, json(value)));
    return object;
  }

  private boolean holdsSecret(Node node) {
    if (node instanceof SequenceNode sequence) {
      return sequence.getValue().stream().anyMatch(this::holdsSecret);
    }
    return isSecret(node)
        || (node instanceof MappingNode
            && entries(node).values().stream().anyMatch(this::holdsSecret));
  }

  private boolean isSecret(Node node) {
    if (!(node instanceof MappingNode)) {
      return false;
    }
    var entries = entries(node);
    return entries.size() == 1 && entries.get("secure") instanceof ScalarNode;
  }

  private Map<String, Node> entries(@Nullable Node node) {
    var entries = new LinkedHashMap<String, Node>();
    if (node instanceof MappingNode mapping) {
      for (var tuple : mapping.getValue()) {
        var key = ((ScalarNode) tuple.getKeyNode()).getValue();
        if (entries.put(key, tuple.getValueNode()) != null) {
          throw InvalidStackConfigException.unreadable(stack, "duplicate key '%s'".formatted(key));
        }
      }
    }
    return entries;
  }
}
