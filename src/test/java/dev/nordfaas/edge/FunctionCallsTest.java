package dev.nordfaas.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.config.EdgeConfig;
import dev.nordfaas.edge.EdgeRoutes.FunctionRoute;
import dev.nordfaas.manifest.CallPath;
import dev.nordfaas.testing.CaddyServer;
import dev.nordfaas.testing.FunctionPod;
import dev.nordfaas.testing.NameServer;
import dev.nordfaas.tls.ServerTls;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A real Caddy that calls the pods of functions without a gateway. */
class FunctionCallsTest {
  private static final ServerTls TLS = CaddyServer.certificate("direct");
  private static final EdgeConfig EDGE =
      CaddyServer.edge(TLS, List.of(), List.of(), Optional.empty());
  private static final EdgeRoutes ROUTES =
      new EdgeRoutes(
              List.of(
                  new FunctionRoute(
                      "vat",
                      List.of("/vat"),
                      "/",
                      new TreeSet<>(Set.of("GET", "HEAD", "POST")),
                      Optional.empty(),
                      "/health.json",
                      Access.PUBLIC)),
              List.of(new EdgeRoutes.IntakeRoute("/orders", Optional.empty(), Access.PUBLIC)))
          .with(CallPath.DIRECT);

  @TempDir private static Path folder;
  private static NameServer names;
  private static CaddyServer server;
  private FunctionPod one;
  private FunctionPod other;

  @BeforeAll
  static void start() throws IOException {
    names = NameServer.start();
    server = CaddyServer.start(folder, EDGE, ROUTES, TLS, names);
  }

  @AfterAll
  static void stop() throws IOException {
    server.close();
    names.close();
  }

  @BeforeEach
  void twoPods() throws IOException {
    one = FunctionPod.start();
    other = FunctionPod.start();
    name(one, other);
  }

  @AfterEach
  void end() {
    one.close();
    other.close();
  }

  @ParameterizedTest
  @CsvSource({
    "/vat, /",
    "/vat/, /",
    "/VAT, /",
    "//vat, /",
    "/%76at/a, /a",
    "/vat/a%20b?c=d, /a%20b?c=d",
    "/vat/100%25, /100%25",
    "/function/vat, /",
    "/function/vat/a/b?c=%2e, /a/b?c=%2e",
    "/FUNCTION//vat/a, /a"
  })
  void aFunctionGetsTheRestAndTheHost(String path, String rest) {
    assertThat(server.status(path)).isEqualTo(200);

    assertThat(asked())
        .singleElement()
        .asString()
        .matches("%s(:[0-9]+)? .*".formatted(CaddyServer.DOMAIN))
        .endsWith(" " + rest);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/_",
        "/_/ready",
        "/_/READY",
        "//_/ready",
        "/%5f/ready",
        "/_%2fready",
        "/%255f/ready",
        "/_/ready?x=1",
        "/_;x/ready",
        "/_%3fx",
        "/health.json",
        "/HEALTH.json/x"
      })
  void itsReadinessIsForItsNodeAlone(String rest) {
    for (var path : List.of("/vat" + rest, "/function/vat" + rest)) {
      assertThat(server.status(path)).as(path).isIn(400, 404);
    }
    assertThat(asked()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/function/order-processor",
        "/function/vat-pods",
        "/function/vat/../order-processor",
        "/function/vat/%2e%2e/order-processor",
        "/system/functions",
        "/ui",
        "/metrics",
        "/"
      })
  void nothingElseIsReached(String path) {
    assertThat(server.status(path)).isIn(CaddyServer.NO_ANSWER, 400, 404);
    assertThat(asked()).isEmpty();
  }

  @Test
  void itGetsTheMethodsThatItServes() {
    assertThat(server.https("/vat", "--include", "--request", "DELETE").output())
        .startsWith("HTTP/2 405")
        .containsIgnoringCase("allow: GET, HEAD, POST");
    assertThat(asked()).isEmpty();
  }

  @Test
  void callsAreSpreadOverThePods() {
    call(40);

    assertThat(one.asked()).hasSizeGreaterThan(4);
    assertThat(other.asked()).hasSizeGreaterThan(4);
  }

  /** Its connections are still open: no call is sent into one while it ends. */
  @Test
  void aPodThatLeavesGetsNoMoreCalls() throws InterruptedException {
    call(20);
    name(one);
    TimeUnit.SECONDS.sleep(3);
    var before = other.asked().size();

    call(20);

    assertThat(other.asked()).hasSize(before);
  }

  @Test
  void aPodThatComesGetsCalls() throws IOException, InterruptedException {
    name(one);
    TimeUnit.SECONDS.sleep(3);
    call(10);
    assertThat(other.asked()).isEmpty();

    name(one, other);
    TimeUnit.SECONDS.sleep(3);
    call(40);

    assertThat(other.asked()).hasSizeGreaterThan(4);
  }

  @Test
  void aPodThatIsGoneBeforeItsNameIsFailsNoCall() {
    call(20);
    other.close();

    call(20);
  }

  @Test
  void callsGoOnWhileTheNameServerFails() throws InterruptedException {
    call(10);
    names.fail();
    TimeUnit.SECONDS.sleep(3);

    call(10);
  }

  @Test
  void callsInFlightAreLimitedForEachPodAndKeepNoOrderOut() throws IOException {
    name(one);
    var clients = new ArrayList<Process>();
    try {
      for (var i = 0; i < 4; i++) {
        clients.add(server.atOnce("/vat" + FunctionPod.HELD, 300));
      }
      server.until(() -> one.held() >= Caddyfile.MAX_IN_FLIGHT);

      assertThat(server.status("/vat")).isEqualTo(503);
      assertThat(one.held()).isBetween(Caddyfile.MAX_IN_FLIGHT, Caddyfile.MAX_IN_FLIGHT + 16);
      assertThat(server.status("/orders")).isEqualTo(200);
    } finally {
      clients.forEach(client -> client.destroyForcibly().onExit().join());
      one.release();
    }
  }

  @Test
  void callsAreCountedAndTimed() {
    call(3);
    server.status("/vat", "--request", "DELETE");

    assertThat(server.metrics())
        .containsPattern(
            "caddy_http_request_duration_seconds_count\\{code=\"200\",handler=\"reverse_proxy\",method=\"GET\",server=\"srv[0-9]\"} [0-9]+")
        .doesNotContain("code=\"405\",handler=\"reverse_proxy\"");
  }

  /** Any number of them: each would take memory of its own. */
  @Test
  void nothingThatAClientWritesNamesACounter() {
    server.status("/vat", "--header", "Host: %s:made-up".formatted(CaddyServer.DOMAIN));
    server.status("/vat", "--request", "MADE-UP");

    assertThat(server.metrics())
        .contains("caddy_http_requests_total")
        .doesNotContainIgnoringCase("made-up");
  }

  private static void call(int times) {
    IntStream.range(0, times)
        .forEach(i -> assertThat(server.status("/vat?" + i)).as("call %d", i).isEqualTo(200));
  }

  private static void name(FunctionPod... pods) {
    names.names(Set.of(pods).stream().map(FunctionPod::port).toList());
  }

  private List<String> asked() {
    var all = new ArrayList<>(one.asked());
    all.addAll(other.asked());
    return all;
  }
}
