package dev.nordfaas.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.nordfaas.render.Renderer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Compares with files under {@code src/test/resources/golden}. {@code -Dgolden.update=true} writes
 * them instead; read the diff before you commit it.
 */
public final class Golden {
  private static final Path ROOT = Path.of("src/test/resources/golden");
  private static final boolean UPDATE = Boolean.getBoolean("golden.update");

  private Golden() {}

  /** Fails unless {@code actual} is what the file says. */
  public static void assertMatches(String file, String actual) {
    var path = ROOT.resolve(file);
    try {
      if (UPDATE) {
        Files.createDirectories(path.getParent());
        Files.writeString(path, actual);
        return;
      }
      if (!Files.exists(path)) {
        fail("%s is missing; write it with `make golden`", path);
      }
      assertThat(actual)
          .as("%s (after a change that is meant: `make golden`)", path)
          .isEqualTo(Files.readString(path));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Fails unless the folder holds exactly these Kubernetes objects, one YAML file each, and every
   * one of them is valid for the Kubernetes API types.
   */
  public static void assertManifestsMatch(String folder, List<RecordingMocks.Registered> objects) {
    var files = manifests(objects);
    if (UPDATE) {
      deleteYamlFiles(ROOT.resolve(folder));
    }
    files.forEach((file, yaml) -> assertMatches(folder + "/" + file, yaml));
    assertThat(yamlFiles(ROOT.resolve(folder)).stream().map(path -> path.getFileName().toString()))
        .as("files in %s", ROOT.resolve(folder))
        .containsExactlyInAnyOrderElementsOf(files.keySet());
  }

  /**
   * The same for a variant of other stacks: an object that one of them shows already, byte by byte,
   * does not stand in the folder again. {@code files.txt} says where each is.
   *
   * @param others the folders of the others
   */
  public static void assertManifestsMatch(
      String folder, List<String> others, List<RecordingMocks.Registered> objects) {
    var files = manifests(objects);
    var shown = new TreeMap<String, String>();
    for (var other : others) {
      for (var file : files.keySet()) {
        var path = ROOT.resolve(other).resolve(file);
        if (Files.exists(path)) {
          shown.putIfAbsent(read(path), other + "/" + file);
        }
      }
    }
    assertFilesMatch(folder, withIndex(files, shown));
  }

  /**
   * Fails unless the folder holds exactly these files. What is golden elsewhere, byte by byte, does
   * not stand in it again; {@code files.txt} says where each is.
   */
  public static void assertFilesMatchOrAreElsewhere(
      String folder, SortedMap<String, String> files) {
    var shown = new TreeMap<String, String>();
    for (var file : filesIn(ROOT)) {
      if (!file.startsWith(folder + "/")) {
        shown.merge(
            read(ROOT.resolve(file)), file, (one, other) -> one.compareTo(other) < 0 ? one : other);
      }
    }
    assertFilesMatch(folder, withIndex(files, shown));
  }

  private static SortedMap<String, String> withIndex(
      SortedMap<String, String> files, Map<String, String> shown) {
    var own = new TreeMap<String, String>();
    var index = new StringBuilder();
    files.forEach(
        (file, text) -> {
          var elsewhere = shown.get(text);
          if (elsewhere == null) {
            own.put(file, text);
          }
          index.append(elsewhere == null ? file : file + " = " + elsewhere).append('\n');
        });
    own.put("files.txt", index.toString());
    return own;
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Fails unless the folder holds exactly these files. */
  private static void assertFilesMatch(String folder, SortedMap<String, String> files) {
    var root = ROOT.resolve(folder);
    if (UPDATE) {
      filesIn(root).forEach(file -> deleteFile(root.resolve(file)));
    }
    files.forEach((file, text) -> assertMatches(folder + "/" + file, text));
    assertThat(filesIn(root))
        .as("files in %s", root)
        .containsExactlyInAnyOrderElementsOf(files.keySet());
  }

  private static List<String> filesIn(Path root) {
    if (!Files.isDirectory(root)) {
      return List.of();
    }
    try (var files = Files.walk(root)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> root.relativize(file).toString())
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void deleteFile(Path file) {
    try {
      Files.delete(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static SortedMap<String, String> manifests(List<RecordingMocks.Registered> objects) {
    var files = new TreeMap<String, String>();
    for (var object : objects) {
      KubernetesTypes.validate(object.inputs());
      files.put(fileName(object.inputs()), yaml(object.inputs()));
    }
    return files;
  }

  /** The value as YAML with sorted keys. */
  public static String yaml(Object value) {
    return Renderer.yaml(value);
  }

  /** {@code kind.namespace.name.yaml}; without namespace for what has none. */
  private static String fileName(Map<String, Object> object) {
    var metadata = (Map<?, ?>) object.get("metadata");
    var kind = object.get("kind").toString().toLowerCase(Locale.ROOT);
    return metadata.containsKey("namespace")
        ? "%s.%s.%s.yaml".formatted(kind, metadata.get("namespace"), metadata.get("name"))
        : "%s.%s.yaml".formatted(kind, metadata.get("name"));
  }

  private static void deleteYamlFiles(Path folder) {
    yamlFiles(folder).forEach(Golden::deleteFile);
  }

  private static List<Path> yamlFiles(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (var files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".yaml")).collect(Collectors.toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
