package dev.nordfaas.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A {@code versions.env}: a variable and its version a line. */
public final class Versions {
  private Versions() {}

  /** The version in the folder's {@code versions.env}. */
  public static String of(Path folder, String variable) throws IOException {
    return Files.readAllLines(folder.resolve("versions.env")).stream()
        .filter(line -> line.startsWith(variable + "="))
        .map(line -> line.substring(variable.length() + 1))
        .findFirst()
        .orElseThrow();
  }
}
