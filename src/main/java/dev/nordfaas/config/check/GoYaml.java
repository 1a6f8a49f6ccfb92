package dev.nordfaas.config.check;

import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.snakeyaml.engine.v2.api.ConstructNode;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.composer.Composer;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.resolver.ScalarResolver;
import org.snakeyaml.engine.v2.scanner.StreamReader;
import org.snakeyaml.engine.v2.schema.Schema;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads YAML as the Pulumi CLI does, which is written in Go (source: gopkg.in/yaml.v3, decode.go
 * and resolve.go; what it makes of each form was seen with Pulumi 3.259.0), or refuses what the CLI
 * refuses.
 */
final class GoYaml {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final String MERGE = "<<";

  private static final LoadSettings SETTINGS =
      LoadSettings.builder()
          .setSchema(new ScalarsAsWritten())
          .setAllowNonScalarKeys(true)
          .setAllowDuplicateKeys(true)
          .setMaxAliasesForCollections(Integer.MAX_VALUE)
          .setCodePointLimit(Integer.MAX_VALUE)
          .build();

  private final Set<Node> defined = Collections.newSetFromMap(new IdentityHashMap<>());
  private int decoded;
  private int decodedInAliases;
  private int aliasDepth;

  private GoYaml() {}

  /** Tells a scalar with a tag from one without, which the resolved tags would not. */
  private static final class ScalarsAsWritten implements Schema {
    @Override
    public ScalarResolver getScalarResolver() {
      return (value, implicit) -> GoYamlScalars.UNTAGGED;
    }

    @Override
    public Map<Tag, ConstructNode> getSchemaTagConstructors() {
      return Map.of();
    }
  }

  /**
   * The first document, which is the only one that the CLI reads; null if there is none.
   *
   * @throws YamlEngineException if the CLI would refuse it, or if it is too deep
   */
  static JsonNode read(String yaml) {
    return first(documents(yaml));
  }

  /**
   * The only document; null if there is none.
   *
   * @throws YamlEngineException as {@link #read}, and if there is a second one
   */
  static JsonNode readOnly(String yaml) {
    var documents = documents(yaml);
    var only = first(documents);
    if (documents.hasNext()) {
      throw new YamlEngineException("there is a second document in it");
    }
    return only;
  }

  private static Iterator<Node> documents(String yaml) {
    return new Composer(
        SETTINGS, new ShallowParser(new ParserImpl(SETTINGS, new StreamReader(SETTINGS, yaml))));
  }

  private static JsonNode first(Iterator<Node> documents) {
    return documents.hasNext() ? new GoYaml().value(documents.next()) : NODES.nullNode();
  }

  private JsonNode value(Node node) {
    if (node.isRecursive()) {
      throw at(node, "a value contains itself");
    }
    var isAlias = isAlias(node);
    aliasDepth += isAlias ? 1 : 0;
    count();
    var value = content(node);
    aliasDepth -= isAlias ? 1 : 0;
    return value;
  }

  /** The second time that a node with an anchor is met, an alias has led there. */
  private boolean isAlias(Node node) {
    return node.getAnchor().isPresent() && !defined.add(node);
  }

  /** Against files whose aliases of aliases take all memory; the numbers are those of the CLI. */
  private void count() {
    decoded++;
    decodedInAliases += aliasDepth > 0 ? 1 : 0;
    if (decodedInAliases > 100
        && decoded > 1000
        && (double) decodedInAliases / decoded > allowedRatio(decoded)) {
      throw new YamlEngineException("aliases make it too large");
    }
  }

  private static double allowedRatio(int decoded) {
    var low = 400_000;
    var high = 4_000_000;
    return decoded <= low
        ? 0.99
        : decoded >= high ? 0.10 : 0.99 - 0.89 * (decoded - low) / (high - low);
  }

  private JsonNode content(Node node) {
    if (node instanceof MappingNode mapping) {
      return mapping(mapping);
    }
    if (node instanceof SequenceNode sequence) {
      var list = NODES.arrayNode();
      sequence.getValue().forEach(element -> list.add(value(element)));
      return list;
    }
    return scalar((ScalarNode) node);
  }

  private static JsonNode scalar(ScalarNode node) {
    try {
      return GoYamlScalars.resolve(node);
    } catch (IllegalArgumentException e) {
      throw at(node, String.valueOf(e.getMessage()));
    }
  }

  /** The map's own keys take precedence over merged ones, wherever these are, and as a whole. */
  private ObjectNode mapping(MappingNode mapping) {
    checkDuplicates(mapping);
    var object = NODES.objectNode();
    Node merged = null;
    for (var tuple : mapping.getValue()) {
      if (isMerge(tuple.getKeyNode())) {
        merged = tuple.getValueNode();
      } else {
        object.set(key(tuple.getKeyNode()), value(tuple.getValueNode()));
      }
    }
    if (merged != null) {
      for (var source : sources(merged)) {
        value(source).properties().stream()
            .filter(entry -> !object.has(entry.getKey()))
            .forEach(entry -> object.set(entry.getKey(), entry.getValue()));
      }
    }
    return object;
  }

  /** Also in quotes, and with a tag. */
  private static boolean isMerge(Node key) {
    return key instanceof ScalarNode scalar && scalar.getValue().equals(MERGE);
  }

  /** The first one takes precedence. */
  private List<Node> sources(Node merged) {
    var sources =
        merged instanceof SequenceNode list && !defined.contains(list)
            ? list.getValue()
            : List.of(merged);
    if (sources.stream().allMatch(MappingNode.class::isInstance)) {
      return sources;
    }
    throw at(merged, "what << merges has to be a map, or a list of maps");
  }

  private static void checkDuplicates(MappingNode mapping) {
    var lines = new HashMap<String, Integer>();
    for (NodeTuple tuple : mapping.getValue()) {
      if (tuple.getKeyNode() instanceof ScalarNode key) {
        var first = lines.putIfAbsent(key.getValue(), line(key));
        if (first != null) {
          throw at(key, "duplicate key '%s', first in line %d".formatted(key.getValue(), first));
        }
      }
    }
  }

  private static String key(Node node) {
    if (!(node instanceof ScalarNode scalar)) {
      throw at(node, "a key has to be a text");
    }
    var key = scalar(scalar);
    return key.isNull() ? "<nil>" : key.asString();
  }

  private static int line(Node node) {
    return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(0);
  }

  private static YamlEngineException at(Node node, String reason) {
    return new YamlEngineException("line %d: %s".formatted(line(node), reason));
  }
}
