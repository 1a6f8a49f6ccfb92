package dev.nordfaas.config.reference;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Writes the reference of the stack config, for readers and for editors. */
public final class ReferenceGenerator {
  private ReferenceGenerator() {}

  /** The generated files by their path below the project's root. */
  static Map<Path, String> files() {
    return Map.of(
        Path.of("docs", "stack-config.md"), MarkdownReference.render(),
        Path.of("docs", "stack-config.schema.json"), SchemaReference.render(),
        Path.of("docs", "function-file.schema.json"), SchemaReference.renderFunctionFile());
  }

  /** Writes the files below the working directory. */
  public static void main(String[] args) throws IOException {
    for (var file : files().entrySet()) {
      Files.writeString(file.getKey(), file.getValue());
    }
  }
}
