package dev.nordfaas.generated;

import dev.nordfaas.testing.CaddyServer;
import dev.nordfaas.tls.ServerTls;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/** Caddy, which loads the modules of the Caddyfile but does not start them. */
final class CaddyChecker extends FileChecker {
  private static final Pattern HASH = Pattern.compile("\"(\\[secret]|[0-9a-f]{64})\"");
  private static final ServerTls TLS = CaddyServer.certificate("generated");
  private static final String AUTHORITY = TLS.caCertificate();

  private final Path folder = Programs.folder();

  CaddyChecker() {
    super("Caddy");
    Programs.write(folder, "tls.crt", TLS.certificate());
    Programs.write(folder, "tls.key", TLS.privateKey());
    Programs.write(folder, "acme-roots.pem", AUTHORITY);
  }

  @Override
  Map<String, String> files(Rendering rendering) {
    var found = new HashMap<String, String>();
    rendering
        .filesOf("edge", "configmap.edge")
        .forEach(
            (name, text) -> {
              if (name.equals("Caddyfile")) {
                found.put("Caddyfile", text);
              } else if (name.endsWith(".json")) {
                Programs.write(folder, name, text);
              } else if (name.endsWith(".pem")) {
                // Certificates are placeholders in what is rendered.
                Programs.write(folder, name, AUTHORITY);
              }
            });
    rendering
        .filesOf("edge", "secret.edge-keys")
        .forEach((name, text) -> Programs.write(folder, name, withHashes(text)));
    return found;
  }

  /** A secret that nobody could decrypt has no hash there, and Caddy takes none twice. */
  private static String withHashes(String keys) {
    var number = new AtomicInteger();
    return HASH.matcher(keys).replaceAll(hash -> "\"%064x\"".formatted(number.incrementAndGet()));
  }

  @Override
  List<String> problems(String file, String text) {
    var here =
        text.replace("/etc/caddy", folder.toString())
            .replace("/run/caddy", folder.toString())
            .replace("file_system /data", "file_system " + folder);
    var path = Programs.write(folder, "Caddyfile", here);
    var result =
        Programs.run(
            folder,
            Map.of(
                "HOME",
                folder.toString(),
                "XDG_DATA_HOME",
                folder.toString(),
                "EDGE_STORAGE",
                "file_system " + folder),
            List.of(CaddyServer.program(), "validate", "--adapter", "caddyfile", "--config", path));
    return result.exitCode() == 0
        ? List.of()
        : List.of(
            result.output().strip().replaceFirst("(?s).*\n", "").replace(folder.toString(), ""));
  }
}
