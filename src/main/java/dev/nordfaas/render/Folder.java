package dev.nordfaas.render;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;

/** The folder that a stack is rendered into. It contains nothing else. */
final class Folder {
  /** Lists the files of a rendering, which the next one may delete. */
  static final String INDEX = "rendered.txt";

  private final Path root;

  Folder(Path root) {
    this.root = root.toAbsolutePath().normalize();
  }

  /**
   * Replaces the files of the last rendering.
   *
   * @throws IllegalArgumentException if the folder contains anything else
   */
  void replace(SortedMap<String, String> files) {
    try {
      deleteLast();
      for (var file : files.entrySet()) {
        var path = root.resolve(file.getKey());
        Files.createDirectories(path.getParent());
        Files.writeString(path, file.getValue());
      }
      Files.writeString(root.resolve(INDEX), String.join("\n", files.keySet()) + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void deleteLast() throws IOException {
    if (Files.exists(root) && !Files.isDirectory(root)) {
      throw new IllegalArgumentException(root + " is a file; use a folder");
    }
    var index = root.resolve(INDEX);
    if (Files.exists(index)) {
      for (var name : Files.readAllLines(index)) {
        var path = root.resolve(name).normalize();
        if (path.startsWith(root)) {
          Files.deleteIfExists(path);
          deleteEmptyFolders(path);
        }
      }
    } else if (Files.isDirectory(root) && !isEmpty(root)) {
      throw new IllegalArgumentException(
          "%s contains other files; use another folder, or empty it".formatted(root));
    }
  }

  /** Deletes the folders that a file was the last one in. */
  private void deleteEmptyFolders(Path file) throws IOException {
    for (var folder = file.getParent();
        folder != null && !folder.equals(root) && Files.isDirectory(folder) && isEmpty(folder);
        folder = folder.getParent()) {
      Files.delete(folder);
    }
  }

  private static boolean isEmpty(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      return files.findAny().isEmpty();
    }
  }
}
