package dev.nordfaas.generated;

import dev.nordfaas.testing.CaddyServer;
import dev.nordfaas.tls.ServerTls;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Caddy, which loads the modules of the Caddyfile but does not start them. */
final class CaddyChecker extends FileChecker {
  private final Path folder = Programs.folder();

  CaddyChecker() {
    super("Caddy");
    ServerTls tls = CaddyServer.certificate("generated");
    Programs.write(folder, "tls.crt", tls.certificate());
    Programs.write(folder, "tls.key", tls.privateKey());
    Programs.write(folder, "acme-roots.pem", tls.caCertificate());
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
              }
            });
    return found;
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
