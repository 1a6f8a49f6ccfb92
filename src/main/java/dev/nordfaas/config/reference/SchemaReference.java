package dev.nordfaas.config.reference;

import dev.nordfaas.config.ByteSize;
import dev.nordfaas.config.Cidr;
import dev.nordfaas.config.Cpu;
import dev.nordfaas.config.Durations;
import dev.nordfaas.config.Key;
import dev.nordfaas.config.Renamed;
import dev.nordfaas.config.StackConfig;
import dev.nordfaas.config.model.ConfigModel;
import dev.nordfaas.config.model.KeyModel;
import dev.nordfaas.config.model.KeyType;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes {@code docs/stack-config.schema.json} and {@code docs/function-file.schema.json}:
 * draft-07, the newest that the YAML language server of the editors supports in full.
 */
final class SchemaReference {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final String FUNCTIONS = "functions";
  private static final String FUNCTION_FILES = StackConfig.NAMESPACE + ":functionFiles";

  /**
   * How much of a value can be in one file.
   *
   * @param whole whether what is required has to be there; otherwise another file can have it
   * @param secrets whether secrets can be there
   */
  private record Extent(boolean whole, boolean secrets) {
    private static final Extent ALL = new Extent(true, true);
    private static final Extent PART = new Extent(false, true);
    private static final Extent PART_WITHOUT_SECRETS = new Extent(false, false);

    /** A list is in one file only. */
    private Extent ofElements() {
      return new Extent(true, secrets);
    }
  }

  private SchemaReference() {}

  static String render() {
    var root = root("Pulumi.<stack>.yaml of nordfaas");
    root.put("type", "object");
    var properties = root.putObject("properties");
    properties.set("config", config());
    for (var key : new String[] {"encryptionsalt", "encryptedkey", "secretsprovider"}) {
      properties.putObject(key).put("type", "string");
    }
    properties.putObject("environment");
    root.putArray("required").add("config");
    root.put("additionalProperties", false);
    return text(root);
  }

  /** That of a file in {@code functionFiles}. */
  static String renderFunctionFile() {
    var functions = KeyReference.of(functions());
    var root = root("File with functions of nordfaas");
    root.setAll(schema(functions, functions.model().type(), Extent.PART_WITHOUT_SECRETS));
    root.put("minProperties", 1);
    return text(root);
  }

  private static KeyModel functions() {
    return ConfigModel.stackConfig().key(FUNCTIONS).orElseThrow();
  }

  private static ObjectNode root(String title) {
    return NODES
        .objectNode()
        .put("$schema", "http://json-schema.org/draft-07/schema#")
        .put("title", title)
        .put("description", "Generated from the records of dev.nordfaas.config by `make docs`.");
  }

  private static String text(ObjectNode root) {
    return JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .build()
            .writeValueAsString(root)
        + "\n";
  }

  private static ObjectNode config() {
    var config = NODES.objectNode();
    config.put("type", "object");
    var properties = config.putObject("properties");
    var required = NODES.arrayNode();
    for (var section : ConfigModel.stackConfig().keys()) {
      var reference = KeyReference.of(section);
      var name = StackConfig.NAMESPACE + ":" + section.name();
      properties.set(
          name, schema(reference, section.name().equals(FUNCTIONS) ? Extent.PART : Extent.ALL));
      if (reference.demanded()) {
        required.add(name);
      }
    }
    config.putObject("patternProperties").putObject("^(?!" + StackConfig.NAMESPACE + ":)");
    config.set("required", required);
    config.put("additionalProperties", false);
    config.putObject("if").putArray("required").add(FUNCTION_FILES);
    config
        .putObject("else")
        .putObject("properties")
        .set(
            StackConfig.NAMESPACE + ":" + FUNCTIONS,
            requirements(KeyReference.of(functions()), functions().type()));
    return config;
  }

  /** What turns {@link Extent#PART} into {@link Extent#ALL}; empty if nothing has to. */
  private static ObjectNode requirements(KeyReference key, KeyType type) {
    var schema = NODES.objectNode();
    if (type instanceof KeyType.MapOf map) {
      var ofValues = requirements(key, map.value());
      return ofValues.isEmpty() ? schema : schema.set("additionalProperties", ofValues);
    }
    if (!(type instanceof KeyType.Group)) {
      return schema;
    }
    var properties = NODES.objectNode();
    for (var child : key.children()) {
      var below = requirements(child, child.model().type());
      if (!below.isEmpty()) {
        properties.set(child.model().name(), below);
      }
    }
    if (!properties.isEmpty()) {
      schema.set("properties", properties);
    }
    var required = required(key);
    return required.isEmpty() ? schema : schema.set("required", required);
  }

  private static ArrayNode required(KeyReference key) {
    var required = NODES.arrayNode();
    key.children().stream()
        // With an earlier name it is not missing.
        .filter(child -> child.demanded() && child.model().earlierNames().isEmpty())
        .forEach(child -> required.add(child.model().name()));
    return required;
  }

  private static ObjectNode schema(KeyReference key, Extent extent) {
    var schema = NODES.objectNode();
    schema.put("description", key.model().key().value());
    schema.setAll(schema(key, key.model().type(), extent));
    if (!(key.model().type() instanceof KeyType.Group)) {
      key.defaultValue().ifPresent(value -> schema.set("default", value));
    }
    return schema;
  }

  private static ObjectNode schema(KeyReference key, KeyType type, Extent extent) {
    var schema = NODES.objectNode();
    if (type instanceof KeyType.Group group) {
      return group(key, group, schema, extent);
    }
    var documented = key.model().key();
    if (type instanceof KeyType.MapOf map) {
      schema.put("type", "object");
      if (!documented.keyPattern().isEmpty()) {
        schema.putObject("propertyNames").put("pattern", whole(documented.keyPattern()));
      }
      schema.set("additionalProperties", schema(key, map.value(), extent));
      if (documented.notEmpty()) {
        schema.put("minProperties", 1);
      }
      return schema;
    }
    if (type instanceof KeyType.ListOf list) {
      schema.put("type", "array");
      schema.set("items", schema(key, list.element(), extent.ofElements()));
      if (documented.notEmpty()) {
        schema.put("minItems", 1);
      }
      return schema;
    }
    return scalar(documented, type, schema);
  }

  private static ObjectNode group(
      KeyReference key, KeyType.Group type, ObjectNode schema, Extent extent) {
    schema.put("type", "object");
    var properties = schema.putObject("properties");
    for (var child : key.children()) {
      if (!extent.secrets() && child.model().type().isSecret()) {
        continue;
      }
      properties.set(child.model().name(), schema(child, extent));
      for (var earlier : child.model().earlierNames()) {
        properties.set(earlier.from(), earlier(child, earlier, extent));
      }
    }
    for (var retired : type.retired()) {
      properties.set(
          retired.key(),
          deprecated(
              "No longer used: it %s. Ignored until %s."
                  .formatted(retired.reason(), retired.until())));
    }
    var required = required(key);
    if (extent.whole() && !required.isEmpty()) {
      schema.set("required", required);
    }
    return schema.put("additionalProperties", false);
  }

  private static ObjectNode earlier(KeyReference key, Renamed earlier, Extent extent) {
    var type = key.model().type();
    var isElement = earlier.shape() == Renamed.Shape.ELEMENT;
    var schema =
        deprecated(
            "Now %s%s. Accepted until %s."
                .formatted(key.model().name(), isElement ? ", a list" : "", earlier.until()));
    return schema.setAll(
        schema(
            key, isElement && type instanceof KeyType.ListOf list ? list.element() : type, extent));
  }

  /** Editors strike it through, and show the message. */
  private static ObjectNode deprecated(String message) {
    return NODES
        .objectNode()
        .put("description", message)
        .put("deprecated", true)
        .put("deprecationMessage", message);
  }

  private static ObjectNode scalar(Key key, KeyType type, ObjectNode schema) {
    if (type instanceof KeyType.Choice choice) {
      var words = schema.putArray("enum");
      choice.words().forEach(words::add);
      return schema;
    }
    switch ((KeyType.Scalar) type) {
      case TEXT -> {
        text(key.pattern(), schema);
        if (key.integers()) {
          schema.putArray("type").add("string").add("integer");
        }
      }
      case INTEGER ->
          schema
              .put("type", "integer")
              .put("minimum", Math.max(key.min(), Integer.MIN_VALUE))
              .put("maximum", Math.min(key.max(), Integer.MAX_VALUE));
      case BOOLEAN -> schema.put("type", "boolean");
      case SIZE -> text(ByteSize.PATTERN, schema);
      case CPU -> {
        schema.putArray("type").add("string").add("integer");
        schema.put("pattern", whole(Cpu.PATTERN)).put("minimum", 1).put("maximum", 999);
      }
      case DURATION -> text(Durations.PATTERN, schema);
      case NETWORK -> text(Cidr.PATTERN, schema);
      case DOMAIN, WEB_ORIGIN, HOST_KEY, AUTHORIZED_KEY -> text(key.pattern(), schema);
      case SECRET -> {
        schema.put("type", "object");
        schema.putObject("properties").putObject("secure").put("type", "string");
        schema.putArray("required").add("secure");
        schema.put("additionalProperties", false);
      }
    }
    return schema;
  }

  private static void text(String pattern, ObjectNode schema) {
    schema.put("type", "string");
    if (!pattern.isEmpty()) {
      schema.put("pattern", whole(pattern));
    }
  }

  private static String whole(String pattern) {
    return "^(?:" + pattern + ")$";
  }
}
