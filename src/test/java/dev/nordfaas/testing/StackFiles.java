package dev.nordfaas.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The files {@code Pulumi.<stack>.yaml} of a folder. */
final class StackFiles {
  private StackFiles() {}

  /** All of them, by name. */
  static Stream<Path> in(Path folder) {
    try (var files = Files.list(folder)) {
      return files
          .filter(file -> file.getFileName().toString().matches("Pulumi\\..+\\.yaml"))
          .sorted()
          .toList()
          .stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The stack that a file is of. */
  static String nameOf(Path file) {
    return file.getFileName()
        .toString()
        .replaceFirst("^Pulumi\\.", "")
        .replaceFirst("\\.yaml$", "");
  }
}
