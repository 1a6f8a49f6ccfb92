package dev.nordfaas.generated;

import static dev.nordfaas.generated.RandomTexts.pick;

import dev.nordfaas.config.DomainName;
import dev.nordfaas.config.Key;
import dev.nordfaas.config.WebOrigin;
import dev.nordfaas.config.model.KeyModel;
import dev.nordfaas.config.model.KeyType;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Draws values of keys: of the key's type and within its bounds, often at a bound, or close to the
 * value that is there.
 */
final class RandomValues {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final List<String> SIZE_UNITS =
      List.of("Ki", "Mi", "Gi", "Ti", "k", "M", "G", "T");
  private static final List<String> SIZES =
      List.of("1k", "1Ki", "1023Ki", "1Mi", "1025Ki", "16Mi", "64Mi", "1Gi", "1G", "1Ti", "200T");
  private static final List<String> DURATIONS =
      List.of("0s", "0ms", "1ms", "999ms", "1s", "1001ms", "59s", "60s", "90m", "1d", "3650d");
  private static final List<String> CPUS = List.of("1m", "1", "2", "1001m", "999", "999999m");
  private static final List<String> NETWORKS =
      List.of("0.0.0.0/0", "::/0", "10.0.0.0/8", "192.0.2.1/32", "2001:db8::1/128", "fd00::/8");
  private static final List<String> SECRETS =
      List.of("[secret]", "a", "s3cret", "it's \"quoted\" \\ $HOME ${X} {x} %s #", "two\nlines\n");

  private static final List<String> PUBLIC_KEYS =
      List.of(
          "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIzVSagZrLD8s0egEzxoQFYuue3ANdxxlXsrj8VLAEPi",
          "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIzVSagZrLD8s0egEzxoQFYuue3ANdxxlXsrj8VLAEPi it's ola",
          "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOp7EA6KzoVcvqT5n862lMahNNeNMDzOq8pLRV80/nhD");

  private final Random random;
  private final RandomTexts texts;
  private final List<String> existing;

  /**
   * @param existing names and texts of the config, of which references may be made
   */
  RandomValues(Random random, RandomTexts texts, List<String> existing) {
    this.random = random;
    this.texts = texts;
    this.existing = existing;
  }

  /** A value of a key that has one or not. */
  JsonNode value(KeyModel key, Optional<JsonNode> current) {
    return value(key.key(), key.type(), current);
  }

  JsonNode value(Key key, KeyType type, Optional<JsonNode> current) {
    if (type instanceof KeyType.Group group) {
      return group(group);
    }
    if (type instanceof KeyType.MapOf map) {
      return map(key, map, current);
    }
    if (type instanceof KeyType.ListOf list) {
      return list(key, list, current);
    }
    if (type instanceof KeyType.Choice choice) {
      return NODES.stringNode(pick(random, choice.words()));
    }
    return switch ((KeyType.Scalar) type) {
      case TEXT -> text(key);
      case INTEGER -> NODES.numberNode(integer(key, current));
      case BOOLEAN -> NODES.booleanNode(random.nextBoolean());
      case SIZE -> NODES.stringNode(size(current));
      case CPU -> NODES.stringNode(cpu(current));
      case DURATION -> NODES.stringNode(duration(current));
      case NETWORK -> NODES.stringNode(network());
      case DOMAIN -> NODES.stringNode(texts.matching(DomainName.PATTERN, random, existing));
      case WEB_ORIGIN -> NODES.stringNode(texts.matching(WebOrigin.PATTERN, random, existing));
      case HOST_KEY, AUTHORIZED_KEY -> NODES.stringNode(pick(random, PUBLIC_KEYS));
      case SECRET -> NODES.stringNode(pick(random, SECRETS));
    };
  }

  private ObjectNode group(KeyType.Group type) {
    var group = NODES.objectNode();
    for (var key : type.keys()) {
      if (isNeeded(key) || random.nextInt(5) == 0) {
        group.set(key.name(), value(key, Optional.empty()));
      }
    }
    return group;
  }

  private static boolean isNeeded(KeyModel key) {
    return key.required()
        && (!(key.type() instanceof KeyType.Group group)
            || group.keys().stream().anyMatch(RandomValues::isNeeded));
  }

  /** The name of an entry of a map. */
  String name(Key key) {
    return key.keyPattern().isEmpty()
        ? texts.any(random, existing)
        : texts.matching(key.keyPattern(), random, existing);
  }

  private ObjectNode map(Key key, KeyType.MapOf type, Optional<JsonNode> current) {
    var map =
        current.filter(ObjectNode.class::isInstance).isPresent() && random.nextInt(4) != 0
            ? (ObjectNode) current.orElseThrow().deepCopy()
            : NODES.objectNode();
    var names = List.copyOf(map.propertyNames());
    if (!names.isEmpty()) {
      switch (random.nextInt(4)) {
        case 0 -> {
          map.remove(pick(random, names));
          return map;
        }
        case 1 -> {
          // What refers to other things still does.
          map.set(name(key), map.get(pick(random, names)).deepCopy());
          return map;
        }
        default -> {}
      }
    }
    for (var i = entries(); i > 0; i--) {
      map.set(name(key), value(key, type.value(), Optional.empty()));
    }
    return map;
  }

  private ArrayNode list(Key key, KeyType.ListOf type, Optional<JsonNode> current) {
    var list =
        current.filter(ArrayNode.class::isInstance).isPresent() && random.nextInt(3) != 0
            ? (ArrayNode) current.orElseThrow().deepCopy()
            : NODES.arrayNode();
    if (!list.isEmpty() && random.nextInt(4) == 0) {
      list.add(list.get(random.nextInt(list.size())).deepCopy());
      return list;
    }
    if (!list.isEmpty() && random.nextInt(4) == 0) {
      list.remove(random.nextInt(list.size()));
      return list;
    }
    for (var i = entries(); i > 0; i--) {
      list.add(value(key, type.element(), Optional.empty()));
    }
    return list;
  }

  /** Mostly one or two; sometimes none, or many. */
  private int entries() {
    return switch (random.nextInt(12)) {
      case 0 -> 0;
      case 1 -> 3 + random.nextInt(30);
      case 2, 3, 4 -> 2;
      default -> 1;
    };
  }

  private JsonNode text(Key key) {
    if (key.integers() && random.nextInt(3) == 0) {
      var number = random.nextInt(1 << random.nextInt(31));
      if (key.pattern().isEmpty() || Integer.toString(number).matches(key.pattern())) {
        return NODES.numberNode(number);
      }
    }
    if (!key.example().isEmpty() && random.nextInt(4) == 0) {
      return NODES.stringNode(key.example().replaceAll("^\"|\"$", ""));
    }
    return NODES.stringNode(
        key.pattern().isEmpty()
            ? texts.any(random, existing)
            : texts.matching(key.pattern(), random, existing));
  }

  private int integer(Key key, Optional<JsonNode> current) {
    var min = Math.max(key.min(), Integer.MIN_VALUE);
    var max = Math.min(key.max(), Integer.MAX_VALUE);
    long drawn =
        switch (random.nextInt(8)) {
          case 0 -> min;
          case 1 -> max;
          case 2 -> min + 1;
          case 3 -> max - 1;
          case 4, 5 -> near(current.map(JsonNode::asInt).orElse((int) min));
          default -> min + (long) ((max - min) * Math.pow(random.nextDouble(), 6));
        };
    return (int) Math.min(max, Math.max(min, drawn));
  }

  private long near(long value) {
    return switch (random.nextInt(4)) {
      case 0 -> value + 1;
      case 1 -> value - 1;
      case 2 -> value * 2;
      default -> value / 2;
    };
  }

  private String size(Optional<JsonNode> current) {
    return quantity(current, SIZES, SIZE_UNITS, 4096);
  }

  private String duration(Optional<JsonNode> current) {
    return quantity(current, DURATIONS, List.of("ms", "s", "m", "h", "d"), 400);
  }

  private String cpu(Optional<JsonNode> current) {
    return random.nextBoolean()
        ? quantity(current, CPUS, List.of("m"), 4000)
        : Integer.toString(1 + random.nextInt(8));
  }

  private String quantity(
      Optional<JsonNode> current, List<String> bounds, List<String> units, int most) {
    var text = current.filter(JsonNode::isString).map(JsonNode::stringValue).orElse("");
    if (text.matches("[0-9]{1,9}[A-Za-z]+") && random.nextInt(3) != 0) {
      var unit = text.replaceAll("[0-9]", "");
      return Math.max(0, near(Long.parseLong(text.replaceAll("[A-Za-z]", "")))) + unit;
    }
    return random.nextInt(3) == 0
        ? pick(random, bounds)
        : (1 + (int) (most * Math.pow(random.nextDouble(), 3))) + pick(random, units);
  }

  private String network() {
    if (random.nextBoolean()) {
      return pick(random, NETWORKS);
    }
    var bits = 8 + random.nextInt(25);
    var address = (random.nextInt() | 0x01000000) & (int) (0xffffffffL << (32 - bits));
    return "%d.%d.%d.%d/%d"
        .formatted(address >>> 24, address >>> 16 & 255, address >>> 8 & 255, address & 255, bits);
  }
}
