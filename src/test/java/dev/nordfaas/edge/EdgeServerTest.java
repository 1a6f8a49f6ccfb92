package dev.nordfaas.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.config.ByteSize;
import dev.nordfaas.config.Cidr;
import dev.nordfaas.config.EdgeConfig;
import dev.nordfaas.config.EdgeConfig.RateLimit;
import dev.nordfaas.edge.EdgeRoutes.FunctionRoute;
import dev.nordfaas.edge.EdgeRoutes.IntakeRoute;
import dev.nordfaas.testing.CaddyServer;
import dev.nordfaas.testing.Records;
import dev.nordfaas.tls.ServerTls;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a real Caddy makes of the edge's Caddyfile; no test needs another one's state. */
class EdgeServerTest {
  private static final List<Cidr> OTHERS = List.of(Cidr.parse("198.51.100.0/24"));
  private static final List<Cidr> US = List.of(Cidr.parse("127.0.0.0/8"));
  private static final ServerTls TLS = CaddyServer.certificate("first");
  private static final String ORDER_BODY = "{\"orderId\": \"1\"}";
  private static final EdgeRoutes ROUTES =
      new EdgeRoutes(
          List.of(
              new FunctionRoute(
                  "reader",
                  List.of("/read/orders", "/archive"),
                  "/",
                  new TreeSet<>(Set.of("GET", "HEAD")),
                  Optional.empty(),
                  "/health.json",
                  Access.PUBLIC),
              new FunctionRoute(
                  "vat",
                  List.of("/vat", "/Archive/vat"),
                  "/",
                  new TreeSet<>(Set.of("GET", "POST")),
                  Optional.empty(),
                  "/_/ready",
                  Access.PUBLIC)),
          List.of(new IntakeRoute("/orders", Optional.empty(), Access.PUBLIC)));

  @TempDir private static Path folder;
  private static CaddyServer server;

  @BeforeAll
  static void start() throws IOException {
    server = CaddyServer.start(folder, edge(OTHERS, TLS), ROUTES, TLS);
  }

  @AfterAll
  static void stop() throws IOException {
    server.close();
  }

  @BeforeEach
  void strangersAgain() throws IOException {
    bring(edge(OTHERS, TLS));
    server.forget();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/system",
        "/system/",
        "/system/functions",
        "/system/info",
        "/system/function/vat",
        "/system/alert",
        "/system/scale-function/vat",
        "/system/secrets",
        "/system/logs?name=vat",
        "/system/namespaces",
        "/system/namespace/openfaas-fn",
        "/system/telemetry",
        "/ui",
        "/ui/",
        "/ui/index.html",
        "//system/functions",
        "/%73ystem/functions",
        "/%73%79%73%74%65%6d/functions",
        "/SYSTEM/functions",
        "/System/Functions",
        "/./system/functions",
        "/%2e/system/functions",
        "/x/../system/functions",
        "/x/%2e%2e/system/functions",
        "/x/%2E%2E/system/functions",
        "/x/..%2fsystem/functions",
        "/system%2ffunctions",
        "/system%2Ffunctions",
        "/%2fsystem/functions",
        "/system;x=1/functions",
        "/system/../system/functions",
        "/function/../system/functions",
        "/function/x/../../system/functions",
        "/function/x/%2e%2e/%2e%2e/system/functions",
        "/function/..%2fsystem%2ffunctions",
        "/function/%252e%252e/system/functions",
        "/function/x/%252e%252e%252f%252e%252e%252fsystem/functions",
        "/vat/../system/functions",
        "/vat/..%2f..%2fsystem/functions",
        "/vat/%252e%252e/%252e%252e/system/functions",
        "/vat/%252e%252e%252f%252e%252e%252fsystem/functions",
        "/orders/../system/functions",
        "/status/../system/functions",
        "/status/x/%2e%2e/%2e%2e/system/functions",
        "/.//system/functions",
        "/\\system/functions",
        "/x/..\\system/functions",
        "/function/..%5csystem/functions",
        "/metrics",
        "/healthz",
        "/async-function/vat",
        "/"
      })
  void noStrangerGetsThroughToAdministration(String path) {
    var status = server.status(path);

    assertThat(status).isIn(CaddyServer.NO_ANSWER, 400, 403, 404);
    assertThat(server.asked()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/system/functions",
        "/SYSTEM/functions",
        "//system/functions",
        "/ui/",
        "/system%2ffunctions"
      })
  void administrationIsForbiddenToStrangers(String path) {
    assertThat(server.status(path)).isEqualTo(403);
  }

  @Test
  void administratorsGetThrough() throws IOException {
    bring(edge(US, TLS));

    assertThat(server.status("/system/functions?a=b")).isEqualTo(200);
    assertThat(server.asked()).containsExactly("/system/functions?a=b");
  }

  @ParameterizedTest
  @ValueSource(strings = {"X-Forwarded-For", "X-Real-IP", "Forwarded", "True-Client-IP"})
  void noHeaderMakesAnAdministrator(String header) {
    assertThat(server.status("/system/functions", "--header", header + ": 198.51.100.7"))
        .isEqualTo(403);
    assertThat(server.asked()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/function/vat/a/b?c=d",
        "/function/vat/100%25",
        "/function/vat/100%25zz",
        "/function/vat/a%20b%3Fc",
        "/function/vat/a%3Fb?c=d%3F",
        "/function/vat/a%23b",
        "/function/vat/a%2Fb",
        "/function/vat/a+b",
        "/function/vat/bl%C3%A5",
        "/function/vat/a..b/.hidden",
        "/function/vat/http%3A%2F%2Fexample.no"
      })
  void functionsGetTheRestAsItCame(String path) {
    assertThat(server.status(path)).isEqualTo(200);
    assertThat(server.asked()).containsExactly(path);
  }

  /** Intake stores the query; what the edge dropped or rewrote would be gone behind a 202. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "/orders?tenant=7",
        "/orders?a=1&a=2;b&c",
        "/orders?text=a%0ab%00%C3%A5&x=%2e%2e/",
        "/orders?a=!$&'()*+,:@/?-._~",
        "/status/1?tenant=7"
      })
  void intakeGetsTheQueryAsItCame(String target) {
    assertThat(server.status(target)).isEqualTo(200);
    assertThat(server.asked()).containsExactly(target);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/", "/a/b?c=d", "/100%25", "/a%20b%3Fc", "/a..b/.hidden", "/?%2e%2e=%252e"})
  void aPathOfAFunctionBecomesItsNameAndTheRest(String rest) {
    assertThat(server.status("/vat" + rest)).isEqualTo(200);
    assertThat(server.asked()).containsExactly("/function/vat" + rest);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/vat", "/VAT", "//vat", "/%76at", "/function/vat", "/function/vat/"})
  void aPathOfAFunctionIsFoundHoweverItIsWritten(String path) {
    assertThat(server.status(path)).isEqualTo(200);
    assertThat(server.asked()).containsExactly("/function/vat/");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/read/orders/1", "/archive/1", "/ARCHIVE/1", "//archive//1"})
  void aFunctionHasAsManyPathsAsItLists(String path) {
    assertThat(server.status(path)).isEqualTo(200);
    assertThat(server.asked()).containsExactly("/function/reader/1");
  }

  /** However the two are written in the config. */
  @Test
  void theLongerOfTwoPathsIsServed() {
    assertThat(server.status("/archive/vat/1")).isEqualTo(200);
    assertThat(server.status("/archive/vat-1")).isEqualTo(200);
    assertThat(server.asked()).containsExactly("/function/vat/1", "/function/reader/vat-1");
  }

  /** Only vat has http. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "/function",
        "/function/",
        "/function/order-processor",
        "/function/order-processor/",
        "/function/order-processor/a/b?c=d",
        "/function/ORDER-PROCESSOR",
        "/FUNCTION/order-processor",
        "//function//order-processor",
        "/%66unction/order%2dprocessor",
        "/function%2forder-processor",
        "/function/order-processor.openfaas-fn",
        "/function/intake/metrics",
        "/function/vat.openfaas-fn",
        "/function/vat.",
        "/function/vat%20",
        "/function/vat;x",
        "/function/vat%3Fx",
        "/function/vat%00",
        "/function/vat-2",
        "/function/va",
        "/function/vat/../order-processor",
        "/function/vat/..%2forder-processor",
        "/function/vat/%252e%252e/order-processor",
        "/function/vat%2f..%2forder-processor",
        "/function/vat/%2e%2e%2forder-processor",
        "/function/%76at/../order-processor",
        "/function/vat/%252566",
        "/vat/../function/order-processor",
        "/async-function/order-processor",
        "/vat.",
        "/vatx"
      })
  void aFunctionWithoutHttpIsReachedByNobody(String path) {
    for (var method : List.of("GET", "POST", "DELETE")) {
      assertThat(server.status(path, "--request", method))
          .as(method)
          .isIn(CaddyServer.NO_ANSWER, 400, 404);
    }
    assertThat(server.asked()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/_",
        "/_/",
        "/_/ready",
        "/_/READY",
        "/_/health",
        "//_/ready",
        "/_//ready",
        "/%5f/ready",
        "/%5F%2Fready",
        "/_%2fready",
        "/%255f/ready",
        "/_/ready?x=1",
        "/_;x/ready",
        "/_%3fx",
        "/_%23x"
      })
  void aFunctionsReadinessIsForItsNodeAlone(String rest) {
    for (var path : List.of("/vat" + rest, "/function/vat" + rest)) {
      assertThat(server.status(path)).as(path).isIn(400, 404);
    }
    assertThat(server.asked()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/health.json",
        "/HEALTH.json",
        "/health.json/",
        "/health.json/x",
        "/health.json%3fx"
      })
  void aReadinessPathOfAFunctionsOwnIsForItsNodeToo(String rest) {
    for (var path : List.of("/read/orders" + rest, "/function/reader" + rest)) {
      assertThat(server.status(path)).as(path).isEqualTo(404);
    }
    assertThat(server.asked()).isEmpty();
  }

  @Test
  void whatOnlyLooksLikeReadinessGetsThrough() {
    assertThat(server.status("/read/orders/health-json")).isEqualTo(200);
    assertThat(server.status("/vat/_x")).isEqualTo(200);
    assertThat(server.asked()).containsExactly("/function/reader/health-json", "/function/vat/_x");
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PURGE", "get"})
  void aFunctionGetsTheMethodsItServes(String method) {
    for (var path : List.of("/read/orders/1", "/function/reader/orders/1")) {
      assertThat(server.https(path, "--include", "--request", method).output())
          .startsWith("HTTP/2 405")
          .containsIgnoringCase("allow: GET, HEAD");
    }
    assertThat(server.asked()).isEmpty();
  }

  @Test
  void readingIsGetAndHead() {
    assertThat(server.status("/read/orders/1")).isEqualTo(200);
    assertThat(server.status("/read/orders/1", "--head")).isEqualTo(200);
    assertThat(server.asked()).containsExactly("/function/reader/1", "/function/reader/1");
  }

  /** The gateway gets one and the same path of a function, however it was written. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "/FUNCTION/Vat/a",
        "//function//vat/a",
        "/%66unction/%76at/a",
        "/function%2fvat/a"
      })
  void theGatewayGetsTheFunctionsOwnPath(String path) {
    assertThat(server.status(path)).isEqualTo(200);
    assertThat(server.asked()).containsExactly("/function/vat/a");
  }

  /** What functions read in them, only the edge has said. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Nordfaas-Caller-Subject",
        "nordfaas-caller-issuer",
        "NORDFAAS_CALLER_CLAIMS",
        "Nordfaas_Caller-Subject",
        "Nordfaas-Caller_Subject",
        "nordfaas_anything"
      })
  void noClientSetsAHeaderOfThePlatform(String header) {
    var before = server.askedHeaders().size();

    for (var path : List.of("/vat", "/orders", "/status/1")) {
      assertThat(server.status(path, "--http1.1", "--header", header + ": forged")).isEqualTo(200);
    }

    assertThat(server.askedHeaders().subList(before, server.askedHeaders().size()))
        .isNotEmpty()
        .noneMatch(it -> it.contains("forged"));
  }

  /** Requests in a tunnel would reach a function with any header of the platform. */
  @ParameterizedTest
  @ValueSource(strings = {"h2c", "H2C", "TLS/1.0", "websocket, h2c", "h2c, websocket"})
  void noClientGetsATunnel(String protocol) {
    assertThat(upgrades(protocol)).isEmpty();
  }

  @Test
  void aWebSocketIsLetThrough() {
    assertThat(upgrades("WebSocket"))
        .hasSize(3)
        .allMatch(it -> it.equalsIgnoreCase("Upgrade: websocket"));
  }

  /** The protocols that were asked for, of a function, of intake and of its statuses. */
  private static List<String> upgrades(String protocol) {
    var before = server.askedHeaders().size();
    for (var path : List.of("/vat", "/orders", "/status/1")) {
      assertThat(
              server.status(
                  path,
                  "--http1.1",
                  "--header",
                  "Connection: Upgrade, HTTP2-Settings",
                  "--header",
                  "HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA",
                  "--header",
                  "Upgrade: " + protocol))
          .isEqualTo(200);
    }
    return server.askedHeaders().subList(before, server.askedHeaders().size()).stream()
        .filter(it -> it.regionMatches(true, 0, "Upgrade:", 0, 8))
        .toList();
  }

  @Test
  void headersThatOnlyLookLikeThePlatformsGetThrough() {
    server.status("/vat", "--header", "Nordfaasx: one", "--header", "X-Nordfaas-A: two");

    assertThat(server.askedHeaders()).contains("Nordfaasx: one", "X-Nordfaas-A: two");
  }

  @Test
  void plainHttpIsSentToHttps() {
    assertThat(server.httpHeaders("/function/vat?x=1"))
        .startsWith("HTTP/1.1 308")
        .containsIgnoringCase("Location: https://" + CaddyServer.DOMAIN + "/function/vat?x=1");
  }

  @Test
  void speaksHttp2AndRemembersHsts() {
    assertThat(server.https("/function/vat", "--http2", "--include").output())
        .startsWith("HTTP/2 200")
        .contains("strict-transport-security: max-age=31536000");
  }

  @Test
  void aBodyAboveTheLimitIsTooLarge() {
    // Over HTTP/2, curl 7.88 reports a stream error (92) for 15 of 60 such answers.
    var answer =
        server.https("/function/vat", "--http1.1", "--include", "--data-binary", "x".repeat(2048));

    assertThat(answer.output()).startsWith("HTTP/1.1 413");
  }

  @Test
  void aClientAboveItsRateWaits() throws IOException {
    bring(edge(OTHERS, TLS, Optional.of(new RateLimit(2, Duration.ofSeconds(60)))));
    server.status("/function/vat");
    server.status("/function/vat");

    assertThat(server.https("/function/vat", "--include").output())
        .startsWith("HTTP/2 429")
        .containsPattern("retry-after: [0-9]+");
  }

  @Test
  void callsInFlightAreLimitedAndKeepNoOrderOut() throws IOException {
    var clients = new ArrayList<Process>();
    try {
      for (var i = 0; i < 4; i++) {
        clients.add(server.atOnce("/function/vat" + CaddyServer.HELD, 300));
      }
      server.until(() -> server.held() >= Caddyfile.MAX_IN_FLIGHT);

      assertThat(server.status("/function/vat")).isEqualTo(503);
      // Caddy looks whether there is room and counts the request later (reverseproxy, Upstream.Full
      // and countRequest): some that come at the same moment may be let in too.
      assertThat(server.held()).isBetween(Caddyfile.MAX_IN_FLIGHT, Caddyfile.MAX_IN_FLIGHT + 16);
      assertThat(server.status("/orders")).isEqualTo(200);
    } finally {
      clients.forEach(client -> client.destroyForcibly().onExit().join());
      server.release();
    }
    server.until(() -> server.status("/function/vat") == 200);
  }

  /** As when a pod of intake dies: the key makes it one message, whether or not it was stored. */
  @Test
  void anOrderWithAKeyIsSentAgainWhenItsConnectionBreaks() {
    var bodies = server.askedBodies().size();

    assertThat(order("/orders?broken-with-key", "--header", "Idempotency-Key: 1")).isEqualTo(200);

    assertThat(server.asked())
        .containsExactly("/orders?broken-with-key", "/orders?broken-with-key");
    assertThat(server.askedBodies().subList(bodies, bodies + 2))
        .containsExactly(ORDER_BODY, ORDER_BODY);
  }

  @Test
  void anOrderInChunksIsSentAgainToo() {
    assertThat(
            order(
                "/orders?broken-in-chunks",
                "--http1.1",
                "--header",
                "Idempotency-Key: 1",
                "--header",
                "Transfer-Encoding: chunked"))
        .isEqualTo(200);

    assertThat(server.asked()).hasSize(2);
  }

  @Test
  void anOrderWithoutAKeyIsNotSentTwice() {
    assertThat(order("/orders?broken-without-key")).isEqualTo(502);

    assertThat(server.asked()).hasSize(1);
  }

  @Test
  void aLargeOrderIsNotKeptAndNotSentTwice() throws IOException {
    bring(withBodiesOf("1Mi"));

    assertThat(orderOf(10_000, "/orders?broken-and-large")).isEqualTo(502);
    assertThat(server.asked()).hasSize(1);
  }

  @Test
  void theLargestOrderThatIsKeptIsSentAgain() throws IOException {
    bring(withBodiesOf("1Mi"));

    assertThat(orderOf(9_999, "/orders?broken-and-kept")).isEqualTo(200);
    assertThat(server.asked()).hasSize(2);
  }

  @Test
  void readingAStatusIsRepeated() {
    assertThat(server.status("/status/broken")).isEqualTo(200);

    assertThat(server.asked()).containsExactly("/status/broken", "/status/broken");
  }

  /** A key is intake's; what a function makes of a second call, only its author knows. */
  @Test
  void aCallThatIsNotAGetIsNotMadeTwice() {
    assertThat(order("/function/vat/broken", "--header", "Idempotency-Key: 1")).isEqualTo(502);

    assertThat(server.asked()).hasSize(1);
  }

  /** With a key, and a body of so many bytes. */
  private static int orderOf(int bytes, String path) {
    return server.status(
        path,
        "--http1.1",
        "--header",
        "Idempotency-Key: 1",
        "--header",
        "Expect:",
        "--data-binary",
        "x".repeat(bytes));
  }

  private static int order(String path, String... more) {
    var arguments = new ArrayList<>(List.of("--data", ORDER_BODY));
    arguments.addAll(List.of(more));
    return server.status(path, arguments.toArray(String[]::new));
  }

  private static EdgeConfig withBodiesOf(String size) {
    return Records.with(edge(OTHERS, TLS), Map.of("maxRequestBody", ByteSize.parse(size)));
  }

  @Test
  void theLogKeepsNothingOfTheClient() {
    server.status(
        "/function/logged?token=secret-of-a-query",
        "--header",
        "Cookie: secret-of-a-cookie",
        "--user",
        "a-user:a-password");

    server.until(() -> server.log().contains("/function/logged"));
    assertThat(server.log().lines().filter(line -> line.contains("/function/logged")))
        .singleElement()
        .asString()
        .doesNotContain("secret-of-a-query")
        .doesNotContain("secret-of-a-cookie")
        .doesNotContain("a-user")
        .doesNotContain("\"remote_ip\"")
        .doesNotContain("\"client_ip\"");
  }

  @Test
  void readsAnotherCertificateWithoutARestart() throws IOException {
    var process = server.processId();
    var renewed = CaddyServer.certificate("second");
    server.bring(edge(OTHERS, renewed), ROUTES, renewed);
    server.untilRead();

    assertThat(server.https("/function/vat", "--write-out", "%{certs}").output())
        .contains(renewed.certificate().strip())
        .doesNotContain(TLS.certificate().strip());
    assertThat(server.processId()).isEqualTo(process);
  }

  @Test
  void goesOnWithWhatItHasWhereCaddyRefuses() throws IOException {
    var version = server.readVersion();
    server.bring("{\n\tno_such_option\n}\n", TLS);

    server.until(() -> server.log().contains("unrecognized global option: no_such_option"));
    assertThat(server.readVersion()).isEqualTo(version);
    assertThat(server.status("/function/vat")).isEqualTo(200);
  }

  @Test
  void theCheckFailsWithCaddysWords() throws IOException {
    server.bring("{\n\tno_such_option\n}\n", TLS);

    var check = server.check("0123456789abcdef");

    assertThat(check.exitCode()).isEqualTo(1);
    assertThat(check.output())
        .contains("unrecognized global option: no_such_option")
        .endsWith("Caddy refuses this config; the edge keeps the previous one.\n");
  }

  @Test
  void theCheckFailsForAKeyOfAnotherCertificate() throws IOException {
    var other = CaddyServer.certificate("other");
    server.bring(
        edge(OTHERS, TLS),
        ROUTES,
        new ServerTls(TLS.caCertificate(), TLS.certificate(), other.privateKey()));

    var check = server.check(server.version());

    assertThat(check.exitCode()).isEqualTo(1);
    assertThat(check.output()).contains("private key does not match public key");
  }

  @Test
  void theCheckWaitsUntilTheEdgeHasReadItsConfig() throws IOException {
    server.bring(edge(US, TLS), ROUTES, TLS);

    var check = server.check(server.version());

    assertThat(check.exitCode()).as(check.output()).isZero();
    assertThat(check.output())
        .endsWith("the edge has read version %s\n".formatted(server.version()));
    assertThat(server.readVersion()).isEqualTo(server.version());
  }

  @Test
  void startsAgainAfterACrash() throws IOException {
    server.kill();
    server.launch();

    bring(edge(US, TLS));
    assertThat(server.status("/system/functions")).isEqualTo(200);
  }

  private static void bring(EdgeConfig edge) throws IOException {
    server.bring(edge, ROUTES, TLS);
    server.untilRead();
  }

  private static EdgeConfig edge(List<Cidr> admins, ServerTls tls) {
    return edge(admins, tls, Optional.empty());
  }

  private static EdgeConfig edge(List<Cidr> admins, ServerTls tls, Optional<RateLimit> limit) {
    return CaddyServer.edge(tls, admins, List.of(), limit);
  }
}
