package dev.nordfaas.generated;

import dev.nordfaas.postgres.PostgresTls;
import dev.nordfaas.testing.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** PgBouncer, which is started until it listens: it has no option that only checks. */
final class PgBouncerChecker extends FileChecker {
  /** What the PgBouncer of this machine may be too old for. */
  private static final Pattern NEWER =
      Pattern.compile(
          "(?m)^(?:(?:auth_dbname|max_prepared_statements) = .*|\\S+ = query_timeout=.*)\n");

  private final Path folder = Programs.folder();

  PgBouncerChecker() {
    super("PgBouncer");
    var tls = PostgresTls.of("ca", "server", "pooler");
    Programs.write(folder, "ca.crt", tls.caCertificate());
    Programs.write(folder, "tls.crt", tls.pooler().certificate());
    Programs.write(folder, "tls.key", tls.pooler().privateKey());
    Programs.write(folder, "userlist.txt", "\"pgbouncer\" \"a\"\n");
  }

  @Override
  Map<String, String> files(Rendering rendering) {
    var found = new HashMap<String, String>();
    rendering
        .filesOf("postgres", "configmap.pgbouncer-config")
        .forEach(
            (name, text) -> {
              if (name.equals("pgbouncer.ini")) {
                found.put(name, text);
              }
            });
    return found;
  }

  @Override
  List<String> problems(String file, String text) {
    var here =
        NEWER
            .matcher(text)
            .replaceAll("")
            .replace("listen_addr = *", "listen_addr = 127.0.0.1")
            .replaceAll("(?m)^listen_port = .*", "listen_port = " + Ports.free())
            .replace("/etc/pgbouncer", folder.toString());
    var path = Programs.write(folder, "pgbouncer.ini", here);
    var command = Programs.unprivileged(List.of("/usr/sbin/pgbouncer", path));
    try {
      var process =
          new ProcessBuilder(command).redirectErrorStream(true).directory(folder.toFile()).start();
      var problems = new ArrayList<String>();
      try (var lines = process.inputReader(StandardCharsets.UTF_8)) {
        for (var line = lines.readLine();
            line != null && !line.contains("process up");
            line = lines.readLine()) {
          if (line.contains(" ERROR ") || line.contains(" FATAL ")) {
            problems.add(line.replaceFirst("^.*?(ERROR|FATAL)", "$1").replace(here, ""));
          }
        }
        process.destroyForcibly();
      }
      process.waitFor(10, TimeUnit.SECONDS);
      return problems;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
