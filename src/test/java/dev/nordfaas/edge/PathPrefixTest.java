package dev.nordfaas.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.edge.EdgeRoutes.FunctionRoute;
import dev.nordfaas.testing.CaddyServer;
import dev.nordfaas.tls.ServerTls;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a real Caddy lets through to a function of which clients may reach a part. */
class PathPrefixTest {
  private static final ServerTls TLS = CaddyServer.certificate("first");

  /** Behind the root, nothing of a path is removed, nor written in another way. */
  private static final List<String> PATHS = List.of("/part", "/function/part", "");

  private static final EdgeRoutes ROUTES =
      new EdgeRoutes(
          List.of(
              new FunctionRoute(
                  "part",
                  List.of("/part", "/"),
                  "/v1.0",
                  new TreeSet<>(List.of("GET", "HEAD")),
                  Optional.empty(),
                  "/v1.0/health",
                  Access.PUBLIC)),
          List.of());

  @TempDir private static Path folder;
  private static CaddyServer server;

  @BeforeAll
  static void start() throws IOException {
    var edge = CaddyServer.edge(TLS, List.of(), List.of(), Optional.empty());
    server = CaddyServer.start(folder, edge, ROUTES, TLS);
  }

  @AfterAll
  static void stop() throws IOException {
    server.close();
  }

  @BeforeEach
  void count() {
    server.forget();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/v1.0", "/v1.0/", "/v1.0?x=/admin", "/v1.0/a?b=c", "/v1.0/a%2fb", "/v1.0/a..b"})
  void whatIsBelowThePrefixGetsThroughAsItCame(String rest) {
    for (var path : PATHS) {
      assertThat(server.status(path + rest)).as(path).isEqualTo(200);
    }
    assertThat(server.asked())
        .containsExactly("/function/part" + rest, "/function/part" + rest, "/function/part" + rest);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/?/v1.0/",
        "/?x=/v1.0/",
        "/admin",
        "/admin/v1.0",
        "/v1",
        "/v1/0",
        "/v1x0/a",
        "/v1.0x",
        "/v1.0x/a",
        "/v1.0.",
        "/V1.0/a",
        "/v1.0/../admin",
        "/v1.0/..",
        "/v1.0/..;/admin",
        "/v1.0/a/../../admin",
        "/v1.0/%2e%2e/admin",
        "/v1.0/%2E./admin",
        "/v1.0/..%2fadmin",
        "/v1.0%2f..%2fadmin",
        "/v1.0/%252e%252e/admin",
        "/v1.0/..\\admin",
        "/v1.0/..%5cadmin",
        "/v1.0/./a",
        "/./v1.0/a",
        "/%2e/v1.0/a",
        "/admin/../v1.0/a",
        "/admin/%2e%2e/v1.0/a",
        "/%76%31.0/a",
        "/v1%2e0/a",
        "/%2fv1.0/a",
        "/v1.0%2fa",
        "/v1.0%2Fa",
        "/v1.0;x/a",
        "/v1.0%3ba",
        "/v1.0%3fa",
        "/v1.0%23a",
        "/v1.0%20/a",
        "/v1.0%00/a",
        "/v1.0%0a/a",
        "/v1.0/health",
        "/v1.0/HEALTH/x"
      })
  void nothingElseGetsThrough(String rest) {
    for (var path : PATHS) {
      assertThat(server.status(path + rest)).as(path).isIn(CaddyServer.NO_ANSWER, 400, 404);
    }
    assertThat(server.asked()).isEmpty();
  }

  /** Some functions take the first segment of such a path for the name of a host. */
  @ParameterizedTest
  @ValueSource(strings = {"//v1.0/admin", "///v1.0/admin", "//v1.0"})
  void slashesThatAFunctionWouldSeeAreNoPrefix(String path) {
    assertThat(server.status(path)).isEqualTo(404);
    assertThat(server.asked()).isEmpty();
  }

  @Test
  void slashesThatItWouldNotSeeDoNotMatter() {
    assertThat(server.status("//part//v1.0//a")).isEqualTo(200);
    assertThat(server.asked()).containsExactly("/function/part/v1.0/a");
  }

  @Test
  void aMethodIsRefusedBelowThePrefixAlone() {
    assertThat(server.status("/part/v1.0/a", "--request", "POST")).isEqualTo(405);
    assertThat(server.status("/part/admin", "--request", "POST")).isEqualTo(404);
  }
}
