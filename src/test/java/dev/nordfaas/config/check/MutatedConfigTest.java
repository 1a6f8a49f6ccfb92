package dev.nordfaas.config.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.config.model.DocumentedKey;
import dev.nordfaas.policy.Rules;
import dev.nordfaas.testing.Fixtures;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Whatever stands in a stack config, the loader answers with a config or with its problems. */
class MutatedConfigTest {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final int LONG = 5_000;
  private static final ObjectNode OSLO = oslo();

  /** What takes the place of a value; a missing node removes the key. */
  private static final List<JsonNode> VALUES =
      List.of(
          NODES.missingNode(),
          NODES.nullNode(),
          NODES.stringNode(""),
          NODES.stringNode(" \t\n"),
          NODES.stringNode("blåbær \uD83C\uDDF3\uD83C\uDDF4 \u0000 \uD800"),
          NODES.stringNode("x".repeat(LONG)),
          NODES.stringNode("a.".repeat(LONG) + "a"),
          NODES.stringNode("/a".repeat(LONG)),
          NODES.stringNode("1:".repeat(LONG)),
          NODES.stringNode("0"),
          NODES.stringNode("0s"),
          NODES.stringNode("999999999d"),
          NODES.stringNode("0Mi"),
          NODES.stringNode("281474976710655k"),
          NODES.stringNode("::/0"),
          NODES.numberNode(0),
          NODES.numberNode(-1),
          NODES.numberNode(Integer.MAX_VALUE),
          NODES.numberNode(BigInteger.TEN.pow(400)),
          NODES.numberNode(new BigDecimal("1e-400")),
          NODES.booleanNode(true),
          NODES.arrayNode(),
          NODES.arrayNode().addNull(),
          NODES.arrayNode().add("").add(0).add(NODES.objectNode()),
          NODES.objectNode(),
          NODES.objectNode().putNull(""),
          NODES.objectNode().set("x".repeat(LONG), NODES.objectNode()),
          NODES.objectNode().set("postgres", NODES.objectNode()));

  /** Sixteen configs for each value, each with the value at every sixteenth key. */
  @Test
  void everyKeyWithEveryValue() {
    var keys = DocumentedKey.all().toList();
    for (var value : VALUES) {
      for (var first = 0; first < 16; first++) {
        var config = OSLO.deepCopy();
        for (var i = first; i < keys.size(); i += 16) {
          put(config, keys.get(i).path(), value);
        }
        var from = keys.get(first).path();
        assertAnswered(config, Set.of(), () -> change("every 16th key from " + from, value));
      }
    }
  }

  @Test
  void severalKeysWithRandomValues() {
    var random = new Random(42);
    var keys = DocumentedKey.all().toList();
    for (var i = 0; i < 500; i++) {
      var config = OSLO.deepCopy();
      var secret = random.nextBoolean() ? Set.of("ssh", "functions", "k3s") : Set.<String>of();
      var changes = new ArrayList<String>();
      for (var j = random.nextInt(8); j >= 0; j--) {
        var path = keys.get(random.nextInt(keys.size())).path();
        var value = VALUES.get(random.nextInt(VALUES.size()));
        put(config, path, value);
        changes.add(change(path, value));
      }
      assertAnswered(config, secret, changes::toString);
    }
  }

  private static void assertAnswered(
      ObjectNode config, Set<String> secret, Supplier<String> change) {
    var sections = new LinkedHashMap<String, String>();
    config
        .properties()
        .forEach(section -> sections.put(section.getKey(), text(section.getValue())));
    try {
      ConfigLoader.load(new ConfigSource("oslo", sections, secret), Rules::check);
    } catch (InvalidStackConfigException e) {
      assertThat(e.problems()).as(change).isNotEmpty();
    } catch (RuntimeException | StackOverflowError e) {
      throw new AssertionError(change.get(), e);
    }
  }

  private static String change(String path, JsonNode value) {
    var text = value.toString();
    return path + ": " + text.substring(0, Math.min(text.length(), 80));
  }

  /** As the CLI hands a section over. */
  private static String text(JsonNode section) {
    return section.isString() ? section.stringValue() : section.toString();
  }

  private static ObjectNode oslo() {
    var config = NODES.objectNode();
    Fixtures.source("oslo")
        .sections()
        .forEach((name, section) -> config.set(name, Json.parse(section)));
    return config;
  }

  /**
   * Puts the value at a path of the reference; {@code <name>} and {@code []} stand for the first.
   */
  private static void put(ObjectNode config, String path, JsonNode value) {
    JsonNode parent = config;
    var segments = path.replace("[]", ".[]").split("\\.");
    for (var i = 0; i < segments.length - 1; i++) {
      parent = child(parent, segments[i], segments[i + 1].equals("[]"));
    }
    var last = segments[segments.length - 1];
    if (parent instanceof ObjectNode object) {
      var name = name(object, last);
      if (value.isMissingNode()) {
        object.remove(name);
      } else {
        object.set(name, value.deepCopy());
      }
    }
  }

  private static JsonNode child(JsonNode parent, String segment, boolean list) {
    if (parent instanceof ArrayNode array) {
      return array.isEmpty() ? array.addObject() : array.get(0);
    }
    if (!(parent instanceof ObjectNode object)) {
      return parent;
    }
    var name = name(object, segment);
    if (!object.has(name)) {
      object.set(name, list ? NODES.arrayNode() : NODES.objectNode());
    }
    return object.get(name);
  }

  private static String name(ObjectNode object, String segment) {
    return segment.equals("<name>")
        ? object.propertyNames().stream().findFirst().orElse("a")
        : segment;
  }
}
