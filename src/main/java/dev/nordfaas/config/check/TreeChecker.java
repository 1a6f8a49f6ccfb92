package dev.nordfaas.config.check;

import dev.nordfaas.config.Key;
import dev.nordfaas.config.model.KeyModel;
import dev.nordfaas.config.model.KeyPath;
import dev.nordfaas.config.model.KeyType;
import dev.nordfaas.config.model.Quote;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Checks one section against the model and completes it: with defaults for missing keys and
 * substitutes for malformed ones, so that the result always binds.
 */
final class TreeChecker {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final Problems problems;
  private final boolean encrypted;
  private final Wording wording;
  private final ScalarChecker scalars;
  private boolean hasSecret;

  /**
   * @param encrypted whether the section has encrypted values: then no value is quoted, because the
   *     CLI does not say which one they are
   */
  TreeChecker(Problems problems, boolean encrypted) {
    this.problems = problems;
    this.encrypted = encrypted;
    this.wording = new Wording(encrypted);
    this.scalars = new ScalarChecker(wording);
  }

  /** Checks and completes a section. */
  JsonNode section(JsonNode given, KeyModel key, KeyPath path) {
    var today = new Renames(problems).apply(given, key.type(), path);
    var complete = present(today, key, path);
    if (encrypted && !hasSecret) {
      problems.add(
          path,
          "has an encrypted value, but no secret: the value would be in plain text in the state",
          "encrypt only what docs/stack-config.md calls a secret");
    }
    return complete;
  }

  /** Checks and completes an object with known keys. */
  ObjectNode group(ObjectNode given, KeyType.Group type, KeyPath path) {
    var complete = NODES.objectNode();
    for (var key : type.keys()) {
      var at = path.key(key.name());
      var found = given.get(key.name());
      complete.set(key.name(), found == null ? missing(key, at) : present(found, key, at));
    }
    given.propertyNames().stream()
        .filter(name -> !type.names().contains(name))
        .forEach(name -> unknown(problems, name, type.names(), given.propertyNames(), path));
    return complete;
  }

  /** Checks and completes what the user gave for a key. */
  JsonNode present(JsonNode found, KeyModel key, KeyPath path) {
    var checked = checked(withDefaults(found, key), key.key(), key.type(), path);
    return checked.isMissingNode() ? substitute(key) : checked;
  }

  private JsonNode missing(KeyModel key, KeyPath path) {
    var byDefault = key.defaultValue();
    if (byDefault.isPresent()) {
      return checked(byDefault.get(), key.key(), key.type(), path);
    }
    if (key.optional()) {
      return NODES.nullNode();
    }
    if (key.type() instanceof KeyType.Group group) {
      return group(NODES.objectNode(), group, path);
    }
    problems.addMalformed(path, "is missing", howToAdd(key, path));
    return substitute(key);
  }

  private static String howToAdd(KeyModel key, KeyPath path) {
    if (key.type() instanceof KeyType.Choice choice) {
      return "add it: " + Wording.either(choice.words());
    }
    if (key.type() == KeyType.Scalar.SECRET) {
      return setSecret(path);
    }
    return key.key().example().isEmpty() ? "add it" : "add it, for example " + key.key().example();
  }

  /** Reports a key that is not in the model. */
  static void unknown(
      Problems problems,
      String name,
      List<String> known,
      Collection<String> given,
      KeyPath parent) {
    var suggestion = Suggestion.nearest(name, known);
    problems.addMalformed(
        parent.key(name),
        "is unknown",
        suggestion
            .map(word -> "did you mean " + word + "?")
            .orElseGet(() -> "the keys here are " + String.join(", ", known)));
    // The key that was probably meant does not have the user's value then.
    suggestion
        .filter(word -> !given.contains(word))
        .ifPresent(word -> problems.taint(parent.key(word)));
  }

  /** The completed value, or a missing node if it is malformed. */
  private JsonNode checked(JsonNode found, Key key, KeyType type, KeyPath path) {
    if (found.isNull()) {
      return malformed(path, "has no value", howToFill(key, type));
    }
    if (type instanceof KeyType.Group group) {
      return found instanceof ObjectNode object
          ? group(object, group, path)
          : malformed(path, found, "an object", "write its keys below it");
    }
    if (type instanceof KeyType.MapOf map) {
      return found instanceof ObjectNode object
          ? map(object, key, map, path)
          : malformed(path, found, "an object", "write names and their values below it");
    }
    if (type instanceof KeyType.ListOf list) {
      return found instanceof ArrayNode array
          ? list(array, key, list, path)
          : malformed(path, found, "a list", "write it in brackets, such as [a, b]");
    }
    var value = isTextOfDigits(found, key, type) ? NODES.stringNode(found.asString()) : found;
    return complaint(value, key, type, path)
        .map(complaint -> malformed(path, complaint.reason(), complaint.fix()))
        .orElse(value);
  }

  private static boolean isTextOfDigits(JsonNode found, Key key, KeyType type) {
    return key.integers() && type == KeyType.Scalar.TEXT && found.isIntegralNumber();
  }

  private static String howToFill(Key key, KeyType type) {
    if (type instanceof KeyType.Group || type instanceof KeyType.MapOf) {
      return "write {} or its keys";
    }
    return key.example().isEmpty()
        ? "give it one or remove the key"
        : "give it one, for example " + key.example();
  }

  private Optional<ScalarChecker.Complaint> complaint(
      JsonNode found, Key key, KeyType type, KeyPath path) {
    if (type == KeyType.Scalar.SECRET) {
      hasSecret = true;
      if (!encrypted) {
        return Optional.of(new ScalarChecker.Complaint("is in plain text", setSecret(path)));
      }
    }
    return type instanceof KeyType.Choice choice
        ? scalars.choice(found, choice)
        : scalars.check(found, (KeyType.Scalar) type, key);
  }

  private JsonNode map(ObjectNode given, Key key, KeyType.MapOf type, KeyPath path) {
    var complete = NODES.objectNode();
    for (var entry : given.properties()) {
      var name = entry.getKey();
      var at = path.key(name);
      scalars
          .pattern(name, key.keyPattern(), key.keyHint(), "the name " + Quote.of(name))
          .ifPresent(complaint -> malformed(at, complaint.reason(), complaint.fix()));
      var value = checked(entry.getValue(), key, type.value(), at);
      if (!value.isMissingNode()) {
        complete.set(name, value);
      }
    }
    return given.isEmpty() && key.notEmpty() ? empty(path, key) : complete;
  }

  private JsonNode list(ArrayNode given, Key key, KeyType.ListOf type, KeyPath path) {
    var complete = NODES.arrayNode();
    for (var i = 0; i < given.size(); i++) {
      var value = checked(given.get(i), key, type.element(), path.index(i));
      if (value.isMissingNode()) {
        // Without this element, the positions of the others differ from the user's.
        problems.taint(path);
      } else {
        complete.add(value);
      }
    }
    return given.isEmpty() && key.notEmpty() ? empty(path, key) : complete;
  }

  private JsonNode empty(KeyPath path, Key key) {
    var example = key.example().isEmpty() ? "" : ", for example " + key.example();
    return malformed(path, "is empty", "add at least one" + example);
  }

  private JsonNode malformed(KeyPath path, JsonNode found, String expected, String fix) {
    return malformed(path, "is %s, not %s".formatted(wording.found(found), expected), fix);
  }

  private JsonNode malformed(KeyPath path, String reason, String fix) {
    problems.addMalformed(path, reason, fix);
    return NODES.missingNode();
  }

  private static String setSecret(KeyPath path) {
    return "set it with `pulumi config set --secret --path '%s'`".formatted(path);
  }

  /** A substitute that lets the rest bind: the default, the example, or an empty value. */
  private static JsonNode substitute(KeyModel key) {
    var silent = new TreeChecker(new Problems(), true);
    var value = key.defaultValue().or(key::example);
    if (value.isPresent()) {
      return silent.checked(value.get(), key.key(), key.type(), KeyPath.of());
    }
    if (key.optional()) {
      return NODES.nullNode();
    }
    if (key.type() instanceof KeyType.Group group) {
      return silent.group(NODES.objectNode(), group, KeyPath.of());
    }
    if (key.type() instanceof KeyType.Choice choice) {
      return NODES.stringNode(choice.words().get(0));
    }
    return key.type() instanceof KeyType.MapOf
        ? NODES.objectNode()
        : key.type() instanceof KeyType.ListOf ? NODES.arrayNode() : NODES.stringNode("");
  }

  /** Where the default is an object, the user's keys add to it or replace its own. */
  private static JsonNode withDefaults(JsonNode found, KeyModel key) {
    return found instanceof ObjectNode given
            && key.type() instanceof KeyType.Group
            && key.defaultValue().orElse(NODES.nullNode()) instanceof ObjectNode defaults
        ? merged(defaults, given)
        : found;
  }

  private static ObjectNode merged(ObjectNode defaults, ObjectNode given) {
    var merged = defaults.deepCopy();
    for (var entry : given.properties()) {
      merged.set(
          entry.getKey(),
          merged.get(entry.getKey()) instanceof ObjectNode inner
                  && entry.getValue() instanceof ObjectNode value
              ? merged(inner, value)
              : entry.getValue());
    }
    return merged;
  }
}
