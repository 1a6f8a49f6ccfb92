package dev.nordfaas.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * Checks custom resources against the types that those who define them have published, as the
 * Kubernetes API does, and more strictly: a field that the type does not have fails, where the API
 * would drop it.
 */
final class CustomResourceTypes {
  private static final JsonMapper JSON = new JsonMapper();
  private static @Nullable Map<String, Schema> schemas;

  private CustomResourceTypes() {}

  /** Fails, naming the object, unless it is valid for its type. */
  static void validate(Map<String, Object> object) {
    var type = object.get("apiVersion") + "/" + object.get("kind");
    var schema = schemas().get(type);
    if (schema == null) {
      fail("%s is no type that tools/crds/fetch knows", type);
      return;
    }
    assertThat(schema.validate(JSON.writeValueAsString(object), InputFormat.JSON))
        .as("%s %s", type, object.get("metadata"))
        .isEmpty();
  }

  private static synchronized Map<String, Schema> schemas() {
    if (schemas == null) {
      schemas = load();
    }
    return schemas;
  }

  private static Map<String, Schema> load() {
    var registry = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
    var loaded = new HashMap<String, Schema>();
    try (var files = Files.list(folder())) {
      for (var file : files.toList()) {
        var definition = new YAMLMapper().readTree(file.toFile()).path("spec");
        for (var version : definition.path("versions")) {
          var schema = (ObjectNode) version.path("schema").path("openAPIV3Schema");
          forbidUnknownFields(schema);
          // Any object's: the API's own types have it.
          ((ObjectNode) schema.path("properties")).putObject("metadata").put("type", "object");
          loaded.put(
              "%s/%s/%s"
                  .formatted(
                      definition.path("group").asString(),
                      version.path("name").asString(),
                      definition.path("names").path("kind").asString()),
              registry.getSchema(schema));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return loaded;
  }

  private static void forbidUnknownFields(JsonNode schema) {
    if (schema instanceof ObjectNode object
        && object.has("properties")
        && !object.has("additionalProperties")
        && !object.path("x-kubernetes-preserve-unknown-fields").asBoolean(false)) {
      object.put("additionalProperties", false);
    }
    schema.forEach(CustomResourceTypes::forbidUnknownFields);
  }

  private static Path folder() throws IOException {
    var process = new ProcessBuilder("tools/crds/fetch").redirectErrorStream(true).start();
    try {
      var output = new String(process.getInputStream().readAllBytes()).strip();
      if (!process.waitFor(10, TimeUnit.MINUTES) || process.exitValue() != 0) {
        return fail(output);
      }
      return Path.of(output);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
