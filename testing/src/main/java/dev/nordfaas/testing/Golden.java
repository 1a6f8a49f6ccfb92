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
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Compares with files under {@code src/test/resources/golden}. {@code -Dgolden.update=true} writes
 * them instead; read the diff before you commit it.
 */
public final class Golden {
  static final Path ROOT = Path.of("src/test/resources/golden");
  private static final boolean UPDATE = Boolean.getBoolean("golden.update");

  private Golden() {}

  /**
   * Fails unless {@code actual} is what the file says.
   *
   * @param file below {@code src/test/resources/golden}
   * @param actual what the test has got
   */
  public static void assertMatches(String file, String actual) {
    var path = ROOT.resolve(file);
    try {
      if (UPDATE) {
        Files.createDirectories(path.getParent());
        Files.writeString(path, actual);
        return;
      }
      if (!Files.exists(path)) {
        fail("%s is missing; write it with -Dgolden.update=true", path);
      }
      assertThat(actual)
          .as("%s (after a change that is meant: -Dgolden.update=true)", path)
          .isEqualTo(Files.readString(path));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Fails unless the folder holds exactly these Kubernetes objects, one YAML file each.
   *
   * @param folder below {@code src/test/resources/golden}
   * @param objects such as {@link RecordingMocks#kubernetesObjects()}
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

  static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Fails unless the folder holds exactly these files.
   *
   * @param folder below {@code src/test/resources/golden}
   * @param files the text of each by its path in the folder
   */
  public static void assertFilesMatch(String folder, SortedMap<String, String> files) {
    var root = ROOT.resolve(folder);
    if (UPDATE) {
      filesIn(root).forEach(file -> deleteFile(root.resolve(file)));
    }
    files.forEach((file, text) -> assertMatches(folder + "/" + file, text));
    assertThat(filesIn(root))
        .as("files in %s", root)
        .containsExactlyInAnyOrderElementsOf(files.keySet());
  }

  static List<String> filesIn(Path root) {
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

  static SortedMap<String, String> manifests(List<RecordingMocks.Registered> objects) {
    var files = new TreeMap<String, String>();
    for (var object : objects) {
      files.put(fileName(object.inputs()), yaml(object.inputs()));
    }
    return files;
  }

  /**
   * The value as YAML with sorted keys.
   *
   * @param value such as the inputs of a resource
   * @return as it is in golden files
   */
  public static String yaml(Object value) {
    return Renderer.yaml(value);
  }

  /** {@code kind.namespace.name.yaml}; without namespace for what has none. */
  private static String fileName(Map<String, Object> object) {
    var metadata = (Map<?, ?>) Objects.requireNonNull(object.get("metadata"));
    var kind = Objects.requireNonNull(object.get("kind")).toString().toLowerCase(Locale.ROOT);
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
