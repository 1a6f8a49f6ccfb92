package dev.nordfaas.generated;

import static dev.nordfaas.generated.RandomTexts.pick;

import dev.nordfaas.config.Key;
import dev.nordfaas.config.model.ConfigModel;
import dev.nordfaas.config.model.DocumentedKey;
import dev.nordfaas.config.model.KeyModel;
import dev.nordfaas.config.model.KeyType;
import dev.nordfaas.generated.Bases.Base;
import dev.nordfaas.plan.Plan;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Draws stack configs from the model of the config: a valid one, and changes of keys that the rules
 * accept. Whatever key there is in the model is changed sooner or later, without a word here.
 */
final class ConfigGenerator {
  private static final int MOST_CHANGES = 4;
  private static final int TRIES_OF_THE_FIRST = 4;

  private final RandomTexts texts = new RandomTexts();
  private final List<Base> bases = Bases.all();
  private final List<DocumentedKey> keys = DocumentedKey.all().toList();
  private final long seed;

  /**
   * A config that was drawn.
   *
   * @param number decides, with the seed, what it is
   * @param base what it started from
   * @param plan of the last config that was accepted
   * @param changed the keys that are changed in it
   * @param tried how many configs the rules were asked about
   * @param accepted how many of these they accepted
   */
  record Drawn(
      int number,
      Base base,
      GeneratedConfig config,
      Plan plan,
      Set<String> changed,
      int tried,
      int accepted) {}

  /** The rules did not answer. */
  static final class Crash extends RuntimeException {
    private final transient GeneratedConfig config;

    Crash(GeneratedConfig config, RuntimeException cause) {
      super(cause);
      this.config = config;
    }

    /** The config that they were asked about. */
    GeneratedConfig config() {
      return config;
    }
  }

  ConfigGenerator(long seed) {
    this.seed = seed;
  }

  /** The paths of all keys. */
  List<String> keys() {
    return keys.stream().map(DocumentedKey::path).toList();
  }

  /** The config of a number: always the same for the same seed. */
  Drawn draw(int number) {
    // Random's first numbers of neighbouring seeds are alike.
    var random = new Random((seed * 1_000_003 + number) * 0x9E3779B97F4A7C15L);
    var first = keys.get(number % keys.size());
    var base = base(first.path(), random);
    var config = new GeneratedConfig(base.tree());
    var plan = base.plan();
    var changed = new TreeSet<String>();
    var tried = 0;
    var accepted = 0;
    var changes = 1 + random.nextInt(MOST_CHANGES);
    for (var i = 0; i < TRIES_OF_THE_FIRST + changes; i++) {
      var isFirst = i < TRIES_OF_THE_FIRST;
      if (isFirst && changed.contains(first.path())) {
        continue;
      }
      var key = isFirst ? first : pick(random, keys);
      var tree = config.tree().deepCopy();
      if (!change(tree, key, random) || tree.equals(config.tree())) {
        continue;
      }
      var candidate = new GeneratedConfig(tree);
      tried++;
      var accepting = plan(candidate);
      if (accepting.isPresent()) {
        accepted++;
        config = candidate;
        plan = accepting.get();
        changed.add(key.path());
      }
    }
    return new Drawn(number, base, config, plan, changed, tried, accepted);
  }

  private static Optional<Plan> plan(GeneratedConfig config) {
    try {
      return config.plan();
    } catch (RuntimeException e) {
      throw new Crash(config, e);
    }
  }

  /** One that has what is above the key, if there is one. */
  private Base base(String path, Random random) {
    var having = bases.stream().filter(base -> has(base.tree(), path)).toList();
    return pick(random, having.isEmpty() || random.nextInt(4) == 0 ? bases : having);
  }

  private static boolean has(ObjectNode tree, String path) {
    List<JsonNode> nodes = List.of(tree);
    var segments = segments(path);
    for (var segment : segments.subList(0, segments.size() - 1)) {
      nodes =
          nodes.stream()
              .flatMap(
                  node ->
                      segment.equals("<name>") || segment.equals("[]")
                          ? node.valueStream()
                          : Optional.ofNullable(node.get(segment)).stream())
              .toList();
    }
    return !nodes.isEmpty();
  }

  private static List<String> segments(String path) {
    return List.of(path.replace("[]", ".[]").split("\\."));
  }

  /** Whether there was a place for another value. */
  private boolean change(ObjectNode tree, DocumentedKey key, Random random) {
    var values = new RandomValues(random, texts, List.copyOf(existing(tree)));
    var segments = segments(key.path());
    JsonNode node = tree;
    KeyType type = ConfigModel.stackConfig();
    Optional<Key> holder = Optional.empty();
    for (var i = 0; i < segments.size(); i++) {
      var last = i == segments.size() - 1;
      if (type instanceof KeyType.Group group) {
        var name = segments.get(i);
        var model = group.keys().stream().filter(it -> it.name().equals(name)).findFirst();
        if (last) {
          return set((ObjectNode) node, model.orElseThrow(), values, random);
        }
        holder = Optional.of(model.orElseThrow().key());
        type = model.orElseThrow().type();
        if (!((ObjectNode) node).has(name)) {
          ((ObjectNode) node).set(name, values.value(model.orElseThrow(), Optional.empty()));
        }
        node = node.get(name);
      } else if (type instanceof KeyType.MapOf map) {
        var object = (ObjectNode) node;
        if (object.isEmpty() || random.nextInt(8) == 0) {
          object.set(
              values.name(holder.orElseThrow()),
              values.value(holder.orElseThrow(), map.value(), Optional.empty()));
        }
        node = object.get(pick(random, List.copyOf(object.propertyNames())));
        type = map.value();
      } else {
        var list = (KeyType.ListOf) type;
        var array = (ArrayNode) node;
        if (array.isEmpty()) {
          array.add(values.value(holder.orElseThrow(), list.element(), Optional.empty()));
        }
        node = array.get(random.nextInt(array.size()));
        type = list.element();
      }
    }
    return false;
  }

  private static boolean set(ObjectNode parent, KeyModel key, RandomValues values, Random random) {
    var current = Optional.ofNullable(parent.get(key.name()));
    if (current.isPresent() && !key.required() && random.nextInt(6) == 0) {
      parent.remove(key.name());
    } else {
      parent.set(key.name(), values.value(key, current.or(key::defaultValue)));
    }
    return true;
  }

  /** All names and texts. */
  private static Set<String> existing(JsonNode tree) {
    var found = new LinkedHashSet<String>();
    collect(tree, found);
    return found;
  }

  private static void collect(JsonNode node, Set<String> found) {
    if (node.isString()) {
      found.add(node.stringValue());
    }
    if (node.isObject()) {
      found.addAll(node.propertyNames());
    }
    new ArrayList<>(node.valueStream().toList()).forEach(value -> collect(value, found));
  }
}
