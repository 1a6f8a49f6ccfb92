package dev.nordfaas.function;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The JSON Schema of a route's bodies, from a file of the project. */
public final class RequestSchema {
  /** A long schema slows down every request; those of all routes share one environment variable. */
  static final int MAX_BYTES = 32 << 10;

  /** Limits of numbers as they are written. */
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

  private RequestSchema() {}

  /**
   * Reads the file.
   *
   * @param file path relative to the project's folder, in which Pulumi runs the program
   * @throws IllegalArgumentException if it cannot be read, is too large, or is not a JSON object;
   *     the message continues a sentence that starts with the file's name
   */
  public static JsonNode read(String file) {
    var schema = parse(text(Path.of(file)));
    if (!schema.isObject()) {
      throw new IllegalArgumentException("is not a JSON object");
    }
    return schema;
  }

  /** The size of the file in bytes; 0 if it cannot be read. */
  public static long size(String file) {
    try {
      return Files.size(Path.of(file));
    } catch (IOException e) {
      return 0;
    }
  }

  private static String text(Path file) {
    try {
      if (!Files.isRegularFile(file)) {
        throw new IllegalArgumentException("is not there");
      }
      if (Files.size(file) > MAX_BYTES) {
        throw new IllegalArgumentException("is larger than %d KiB".formatted(MAX_BYTES >> 10));
      }
      return Files.readString(file);
    } catch (IOException e) {
      throw new IllegalArgumentException("cannot be read", e);
    }
  }

  private static JsonNode parse(String text) {
    try {
      return JSON.readTree(text);
    } catch (JacksonException e) {
      throw new IllegalArgumentException(
          "is not JSON, line %d".formatted(e.getLocation().getLineNr()), e);
    }
  }
}
