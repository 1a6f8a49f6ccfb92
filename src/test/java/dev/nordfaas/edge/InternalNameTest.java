package dev.nordfaas.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.testing.CaddyServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real Caddy at a name of a private network. */
class InternalNameTest {
  @Test
  void browsersDoNotRememberHsts(@TempDir Path folder) throws IOException {
    var tls = CaddyServer.certificate("internal", "faas.oslo.internal");
    var edge = CaddyServer.edge(tls, List.of(), List.of(), Optional.empty());
    try (var server =
        CaddyServer.start(
            folder,
            "faas.oslo.internal",
            edge,
            new EdgeRoutes(
                List.of(),
                List.of(new EdgeRoutes.IntakeRoute("/orders", Optional.empty(), Access.PUBLIC))),
            tls)) {
      assertThat(server.https("/nothing", "--include").output())
          .contains("x-frame-options: DENY")
          .doesNotContain("strict-transport-security");
    }
  }
}
