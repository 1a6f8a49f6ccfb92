package dev.nordfaas.manifest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Scripts that pods run, kept as files so that linters and editors know what they are. */
public final class Scripts {
  private Scripts() {}

  /** The file next to the class, on the class path. */
  public static String read(Class<?> owner, String file) {
    try (var stream = owner.getResourceAsStream(file)) {
      if (stream == null) {
        throw new IllegalStateException("%s has no resource %s".formatted(owner.getName(), file));
      }
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
