package dev.nordfaas.generated;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * The files of a rendered stack, and the files in them: those of ConfigMaps, of Secrets and of
 * user-data.
 *
 * @param files by their paths
 */
record Rendering(SortedMap<String, String> files) {
  private static final YAMLMapper YAML = new YAMLMapper();

  /** Reads YAML. */
  static JsonNode yaml(String text) {
    return YAML.readTree(text);
  }

  /** The Kubernetes objects, as text, by their paths. */
  SortedMap<String, String> objects() {
    return files.tailMap("kubernetes/").headMap("kubernetes0");
  }

  /** The user-data of the hosts. */
  SortedMap<String, String> userData() {
    var found = new TreeMap<>(files);
    found.keySet().removeIf(path -> !path.endsWith("/user-data"));
    return found;
  }

  /** The files of a ConfigMap or Secret; none if there is no such object. */
  Map<String, String> filesOf(String namespace, String object) {
    var text = files.get("kubernetes/%s/%s.yaml".formatted(namespace, object));
    return text == null ? Map.of() : filesIn(text);
  }

  /** The files in an object, or in user-data. */
  static Map<String, String> filesIn(String text) {
    var document = yaml(text);
    var found = new HashMap<String, String>();
    for (var field : new String[] {"data", "stringData"}) {
      document
          .path(field)
          .properties()
          .forEach(entry -> found.put(entry.getKey(), entry.getValue().asString("")));
    }
    for (var file : document.path("write_files")) {
      found.put(
          file.get("path").stringValue(),
          file.path("encoding").asString("").equals("gz+b64")
              ? unpacked(file.get("content").stringValue())
              : file.get("content").stringValue());
    }
    return found;
  }

  /** Whether it is an object with files, told from its text. */
  static boolean mayHaveFiles(String path) {
    return path.contains("/configmap.") || path.contains("/secret.") || path.endsWith("user-data");
  }

  private static String unpacked(String content) {
    try (var gzip =
        new GZIPInputStream(new ByteArrayInputStream(Base64.getDecoder().decode(content)))) {
      return new String(gzip.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
