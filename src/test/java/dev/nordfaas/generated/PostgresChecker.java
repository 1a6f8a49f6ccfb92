package dev.nordfaas.generated;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** PostgreSQL, which reads postgresql.conf as at its start, and ends. */
final class PostgresChecker extends FileChecker {
  private static final Path VERSIONS = Path.of("/usr/lib/postgresql");

  private final Path folder = Programs.folder();
  private final String program = program();

  PostgresChecker() {
    super("PostgreSQL");
  }

  @Override
  Map<String, String> files(Rendering rendering) {
    var found = new HashMap<String, String>();
    rendering
        .filesOf("postgres", "configmap.postgres-config")
        .forEach(
            (name, text) -> {
              if (name.equals("postgresql.conf")) {
                found.put(name, text);
              }
            });
    return found;
  }

  @Override
  List<String> problems(String file, String text) {
    Programs.write(folder, "postgresql.conf", text);
    var result =
        Programs.run(
            folder,
            Map.of(),
            Programs.unprivileged(
                List.of(program, "-D", folder.toString(), "-C", "shared_buffers")));
    return result.exitCode() == 0 ? List.of() : List.of(result.output());
  }

  private static String program() {
    try (var versions = Files.list(VERSIONS)) {
      return versions
          .max(Comparator.comparingInt(it -> Integer.parseInt(it.getFileName().toString())))
          .orElseThrow()
          .resolve("bin/postgres")
          .toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
