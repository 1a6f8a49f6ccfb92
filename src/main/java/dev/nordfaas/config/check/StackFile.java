package dev.nordfaas.config.check;

import dev.nordfaas.config.SecretValue;
import dev.nordfaas.config.StackConfig;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.YamlUnicodeReader;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Reads a {@code Pulumi.<stack>.yaml} into what the Pulumi CLI makes of it. */
final class StackFile {
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
      return parse(name.group(1), Files.readAllBytes(file));
    } catch (IOException e) {
      throw InvalidStackConfigException.unreadable(name.group(1), reason(file, e));
    }
  }

  private static String reason(Path file, IOException e) {
    if (e instanceof NoSuchFileException) {
      return "there is no such file";
    }
    return Files.isDirectory(file) ? "it is a folder" : String.valueOf(e.getMessage());
  }

  static ConfigSource parse(String stack, byte[] file) {
    try {
      return parse(stack, text(file));
    } catch (CharacterCodingException e) {
      throw InvalidStackConfigException.unreadable(stack, "it is not UTF-8");
    }
  }

  /** The text of a file: UTF-8, or what its byte order mark says. */
  static String text(byte[] file) throws CharacterCodingException {
    var text = new StringWriter();
    try (var reader = new YamlUnicodeReader(new ByteArrayInputStream(file))) {
      reader.transferTo(text);
    } catch (CharacterCodingException e) {
      throw e;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  static ConfigSource parse(String stack, String yaml) {
    return new StackFile(stack).parse(yaml);
  }

  private ConfigSource parse(String yaml) {
    var sections = new LinkedHashMap<String, String>();
    var secret = new LinkedHashSet<String>();
    for (var entry : map(map(document(yaml), "the file").get("config"), "config").properties()) {
      section(entry.getKey())
          .ifPresent(
              section -> {
                var value = withoutSecrets(entry.getValue());
                if (!value.equals(entry.getValue())) {
                  secret.add(section);
                }
                if (sections.put(section, text(sorted(value))) != null) {
                  throw InvalidStackConfigException.unreadable(
                      stack, "duplicate key '%s', once without its namespace".formatted(section));
                }
              });
    }
    return new ConfigSource(stack, sections, secret);
  }

  private JsonNode document(String yaml) {
    try {
      return GoYaml.read(yaml);
    } catch (YamlEngineException e) {
      throw InvalidStackConfigException.unreadable(stack, String.valueOf(e.getMessage()));
    }
  }

  private ObjectNode map(@Nullable JsonNode node, String what) {
    if (node == null || node.isNull()) {
      return NODES.objectNode();
    }
    if (node instanceof ObjectNode map) {
      return map;
    }
    throw InvalidStackConfigException.unreadable(stack, what + " is not a map");
  }

  /** A key without a namespace has that of the project. */
  private static Optional<String> section(String key) {
    return ConfigSource.section(key.contains(":") ? key : StackConfig.NAMESPACE + ":" + key);
  }

  /** The CLI passes on a scalar section as plain text. */
  private static String text(JsonNode value) {
    return value.isContainer() ? value.toString() : value.isNull() ? "" : value.asString();
  }

  private static JsonNode withoutSecrets(JsonNode value) {
    if (value instanceof ArrayNode list) {
      var copy = NODES.arrayNode();
      list.forEach(element -> copy.add(withoutSecrets(element)));
      return copy;
    }
    if (!(value instanceof ObjectNode object)) {
      return value;
    }
    if (isSecret(object)) {
      return NODES.stringNode(SecretValue.UNREAD);
    }
    var copy = NODES.objectNode();
    object
        .properties()
        .forEach(entry -> copy.set(entry.getKey(), withoutSecrets(entry.getValue())));
    return copy;
  }

  /** Whether it is how the CLI writes an encrypted value. */
  static boolean isSecret(ObjectNode object) {
    return object.size() == 1 && object.has("secure") && object.get("secure").isString();
  }

  /** The CLI sorts keys. */
  private static JsonNode sorted(JsonNode value) {
    if (value instanceof ArrayNode list) {
      var copy = NODES.arrayNode();
      list.forEach(element -> copy.add(sorted(element)));
      return copy;
    }
    if (!(value instanceof ObjectNode object)) {
      return value;
    }
    var entries = new TreeMap<String, JsonNode>();
    object.properties().forEach(entry -> entries.put(entry.getKey(), sorted(entry.getValue())));
    var copy = NODES.objectNode();
    entries.forEach(copy::set);
    return copy;
  }
}
