package dev.nordfaas.image;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Names of images: what one may look like, and which one an archive holds. */
final class ImageName {
  private static final Pattern NAME =
      Pattern.compile(
          "(?!.*/[^a-z0-9])[a-z0-9][a-z0-9._/:-]{0,200}(?<![:/]):[A-Za-z0-9_][A-Za-z0-9._-]{0,127}"
              + "(@sha256:[0-9a-f]{64})?");
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private ImageName() {}

  /**
   * A name with a tag, and possibly a digest.
   *
   * @throws IllegalArgumentException if it has characters that no such name has: names of archives
   *     and registries are written into configs and commands
   */
  static String checked(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "a name that no registry would take: "
              + (name.length() <= 100 ? name : name.substring(0, 100) + "...")
                  .replaceAll("\\p{Cntrl}", "?"));
    }
    return name;
  }

  /**
   * The name of the one image in an archive, as a node's containerd finds it.
   *
   * @param manifest the archive's {@code manifest.json}, as {@code docker save} writes it
   * @param index its {@code index.json}, as OCI specifies it
   * @throws IllegalArgumentException if there are no names, several, or one that is none; a node
   *     imports everything in an archive, and a second image could replace one of its own
   */
  static String inArchive(Optional<String> manifest, Optional<String> index) {
    var names = new LinkedHashSet<String>();
    manifest.map(ImageName::parse).ifPresent(json -> addNames(json, names));
    index.map(ImageName::parse).ifPresent(json -> addAnnotations(json, names));
    if (names.isEmpty()) {
      throw new IllegalArgumentException("neither manifest.json nor index.json names an image");
    }
    names.forEach(ImageName::checked);
    if (names.size() > 1) {
      throw new IllegalArgumentException("several images: " + String.join(", ", names));
    }
    return names.iterator().next();
  }

  private static JsonNode parse(String json) {
    try {
      return JSON.readTree(json);
    } catch (JacksonException e) {
      throw new IllegalArgumentException("not JSON: " + e.getOriginalMessage(), e);
    }
  }

  private static void addNames(JsonNode manifest, Set<String> names) {
    for (var image : manifest) {
      for (var tags : values(image, "RepoTags")) {
        tags.forEach(tag -> names.add(full(tag.asString(""))));
      }
    }
  }

  /** Without containerd's own annotation, OCI's is the whole name. */
  private static void addAnnotations(JsonNode index, Set<String> names) {
    for (var manifests : values(index, "manifests")) {
      for (var manifest : manifests) {
        for (var annotations : values(manifest, "annotations")) {
          var own = annotations.path("io.containerd.image.name").asString("");
          var name =
              own.isEmpty()
                  ? annotations.path("org.opencontainers.image.ref.name").asString("")
                  : own;
          if (!name.isEmpty()) {
            names.add(full(name));
          }
        }
      }
    }
  }

  /**
   * The values of a key, which containerd finds in upper and lower case, and the last of several.
   */
  private static List<JsonNode> values(JsonNode object, String key) {
    return object.properties().stream()
        .filter(it -> it.getKey().equalsIgnoreCase(key))
        .map(it -> it.getValue())
        .toList();
  }

  /** With the registry that a short name stands for. */
  private static String full(String name) {
    var slash = name.indexOf('/');
    var first = slash < 0 ? "" : name.substring(0, slash);
    if (first.contains(".") || first.contains(":") || first.equals("localhost")) {
      return name;
    }
    return "docker.io/" + (slash < 0 ? "library/" : "") + name;
  }
}
