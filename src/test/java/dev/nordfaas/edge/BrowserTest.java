package dev.nordfaas.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.config.CorsConfig;
import dev.nordfaas.config.EdgeConfig;
import dev.nordfaas.config.WebOrigin;
import dev.nordfaas.edge.EdgeRoutes.FunctionRoute;
import dev.nordfaas.edge.EdgeRoutes.IntakeRoute;
import dev.nordfaas.testing.CaddyServer;
import dev.nordfaas.tls.ServerTls;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a real Caddy tells browsers, on pages of which origin. */
class BrowserTest {
  private static final String SHOP = "https://shop.example.no";
  private static final String DEVELOPER = "http://localhost:5173";
  private static final String RETURNS = "https://returns.example.no";
  private static final ServerTls TLS = CaddyServer.certificate("first");
  private static final EdgeRoutes ROUTES =
      new EdgeRoutes(
          List.of(
              function(
                  "shop",
                  Set.of("GET", "HEAD", "POST"),
                  Optional.of(
                      new CorsConfig(
                          List.of(new WebOrigin(SHOP), new WebOrigin(DEVELOPER)),
                          List.of("Authorization", "Content-Type"),
                          List.of("ETag", "Retry-After"),
                          true,
                          Duration.ofMinutes(10)))),
              function("others", Set.of("GET", "HEAD", "OPTIONS"), Optional.empty())),
          List.of(
              intake("/closed", Optional.empty()),
              intake("/orders", Optional.of(cors(SHOP, "Idempotency-Key"))),
              intake("/returns", Optional.of(cors(RETURNS, "Content-Type")))));

  @TempDir private static Path folder;
  private static CaddyServer server;

  /** What curl shows of an answer; names in lower case. */
  private record Answer(int status, List<String> headers) {
    static Answer of(String output) {
      var lines = output.lines().map(String::strip).takeWhile(line -> !line.isEmpty()).toList();
      var headers =
          lines.stream()
              .skip(1)
              .map(line -> line.split(": ?", 2))
              .map(pair -> pair[0].toLowerCase(Locale.ROOT) + ": " + pair[1])
              .toList();
      return new Answer(Integer.parseInt(lines.get(0).split(" ")[1]), headers);
    }

    /** What says something about pages of other origins. */
    List<String> cors() {
      return headers.stream().filter(header -> header.startsWith("access-control-")).toList();
    }

    List<String> vary() {
      return headers.stream().filter(header -> header.startsWith("vary: ")).toList();
    }
  }

  @BeforeAll
  static void start() throws IOException {
    EdgeConfig edge = CaddyServer.edge(TLS, List.of(), List.of(), Optional.empty());
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
  @ValueSource(strings = {"/shop", "/shop/a?b", "/function/shop/a", "/store/a"})
  void aPreflightIsAnsweredByTheEdge(String path) {
    var answer = preflight(path, SHOP, "POST");

    assertThat(answer.status()).isEqualTo(204);
    assertThat(answer.cors())
        .containsExactlyInAnyOrder(
            "access-control-allow-origin: " + SHOP,
            "access-control-allow-credentials: true",
            "access-control-allow-methods: GET, HEAD, POST",
            "access-control-allow-headers: Authorization, Content-Type",
            "access-control-expose-headers: ETag, Retry-After",
            "access-control-max-age: 600");
    assertThat(answer.vary()).containsExactly("vary: Origin");
    assertThat(server.asked()).isEmpty();
  }

  @Test
  void anotherOriginsPreflightIsToldNothing() {
    var answer = preflight("/shop/a", "https://evil.example", "POST");

    assertThat(answer.status()).isEqualTo(204);
    assertThat(answer.cors()).isEmpty();
    assertThat(answer.vary()).containsExactly("vary: Origin");
    assertThat(server.asked()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {SHOP, DEVELOPER})
  void thePageReadsWhatTheFunctionAnswers(String origin) {
    var answer = ask("/shop/a", origin);

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.cors()).containsExactlyInAnyOrderElementsOf(allowed(origin));
    assertThat(server.asked()).containsExactly("/function/shop/a");
  }

  @Test
  void whatTheFunctionSaysItselfIsReplaced() {
    var answer = ask("/shop" + CaddyServer.OWN_CORS, SHOP);

    assertThat(answer.cors()).containsExactlyInAnyOrderElementsOf(allowed(SHOP));
    assertThat(answer.vary()).containsExactlyInAnyOrder("vary: Origin", "vary: Accept-Encoding");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://evil.example",
        "https://shop.example.no.evil.example",
        "https://evil-shop.example.no",
        "https://a.shop.example.no",
        "https://SHOP.example.no",
        "http://shop.example.no",
        "https://shop.example.no:443",
        "https://shop.example.no:8443",
        "https://shop.example.no/",
        "https://shop.example.no.",
        "https://shop.example.no, https://evil.example",
        "http://localhost:5174",
        "{http.request.host}",
        "*",
        "null"
      })
  void noOtherOriginIsToldAnything(String origin) {
    var answer = ask("/shop" + CaddyServer.OWN_CORS, origin);

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.cors()).isEmpty();
    assertThat(answer.vary()).contains("vary: Origin");
  }

  @Test
  void twoOriginsAreNone() {
    var answer = ask("/shop/a", SHOP, "--header", "Origin: https://evil.example");

    assertThat(answer.cors()).isEmpty();
  }

  @Test
  void whoeverSendsNoOriginIsServed() {
    var answer = answer("/shop" + CaddyServer.OWN_CORS);

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.cors()).isEmpty();
    assertThat(answer.vary()).contains("vary: Origin");
  }

  @Test
  void thePageReadsThatItsMethodIsRefused() {
    var answer = ask("/shop/a", SHOP, "--request", "DELETE");

    assertThat(answer.status()).isEqualTo(405);
    assertThat(answer.headers()).contains("allow: GET, HEAD, POST");
    assertThat(answer.cors()).containsExactlyInAnyOrderElementsOf(allowed(SHOP));
    assertThat(server.asked()).isEmpty();
  }

  /** The function does not answer: the edge does. */
  @Test
  void thePageReadsThatTheFunctionHasFailed() {
    var answer = ask("/shop/broken", SHOP, "--data", "x");

    assertThat(answer.status()).isEqualTo(502);
    assertThat(answer.cors()).containsExactlyInAnyOrderElementsOf(allowed(SHOP));
    assertThat(answer.vary()).containsExactly("vary: Origin");
  }

  /** Before it looks for the route, and so for the pages that are allowed. */
  @Test
  void noPageReadsWhatTheEdgeRefusesAtOnce() {
    var tooLarge =
        ask("/shop/a", SHOP, "--http1.1", "--header", "Expect:", "--data", "x".repeat(2048));
    var odd = ask("/shop/../a", SHOP);

    assertThat(tooLarge.status()).isEqualTo(413);
    assertThat(tooLarge.cors()).isEmpty();
    assertThat(odd.status()).isEqualTo(400);
    assertThat(odd.cors()).isEmpty();
  }

  @Test
  void optionsWithoutAnOriginIsNoPreflight() {
    var answer =
        answer("/shop/a", "--request", "OPTIONS", "--header", "Access-Control-Request-Method: GET");

    assertThat(answer.status()).isEqualTo(405);
  }

  @Test
  void optionsWithoutAMethodIsNoPreflight() {
    assertThat(ask("/shop/a", SHOP, "--request", "OPTIONS").status()).isEqualTo(405);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/shop/_/ready", "/function/shop/_", "/shopx", "/nothing"})
  void aPreflightOpensNoPathThatIsClosed(String path) {
    assertThat(preflight(path, SHOP, "GET").status()).isEqualTo(404);
    assertThat(server.asked()).isEmpty();
  }

  @Test
  void aFunctionWithoutCorsSpeaksForItself() {
    assertThat(ask("/others" + CaddyServer.OWN_CORS, SHOP).cors())
        .contains("access-control-allow-origin: *", "access-control-allow-private-network: true");
    assertThat(preflight("/others/a", SHOP, "GET").status()).isEqualTo(200);
    assertThat(server.asked())
        .containsExactly("/function/others" + CaddyServer.OWN_CORS, "/function/others/a");
  }

  @Test
  void aPageMaySendOrders() {
    var preflight = preflight("/orders", SHOP, "POST");
    var order = ask("/orders", SHOP, "--data", "{}");

    assertThat(preflight.status()).isEqualTo(204);
    assertThat(preflight.cors())
        .contains(
            "access-control-allow-origin: " + SHOP,
            "access-control-allow-methods: POST",
            "access-control-allow-headers: Idempotency-Key");
    assertThat(order.cors())
        .containsExactlyInAnyOrder(
            "access-control-allow-origin: " + SHOP, "access-control-expose-headers: Location");
    assertThat(server.asked()).containsExactly("/orders");
  }

  @Test
  void aPageMaySendOrdersToItsRoutesAlone() {
    assertThat(ask("/orders", RETURNS, "--data", "{}").cors()).isEmpty();
    assertThat(ask("/closed", SHOP, "--data", "{}").cors()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {SHOP, RETURNS})
  void whoMaySendOrdersMayReadTheirStatus(String origin) {
    var preflight = preflight("/status/1", origin, "GET");
    var status = ask("/status/1", origin);

    assertThat(preflight.status()).isEqualTo(204);
    assertThat(preflight.cors())
        .contains(
            "access-control-allow-origin: " + origin, "access-control-allow-methods: GET, HEAD");
    assertThat(status.cors()).contains("access-control-allow-origin: " + origin);
    assertThat(ask("/status/1", DEVELOPER).cors()).isEmpty();
  }

  private static CorsConfig cors(String origin, String header) {
    return new CorsConfig(
        List.of(new WebOrigin(origin)),
        List.of(header),
        List.of("Location"),
        false,
        Duration.ofHours(1));
  }

  private static FunctionRoute function(
      String name, Set<String> methods, Optional<CorsConfig> cors) {
    var paths = name.equals("shop") ? List.of("/shop", "/store") : List.of("/" + name);
    return new FunctionRoute(
        name, paths, "/", new TreeSet<>(methods), cors, "/_/ready", Access.PUBLIC);
  }

  private static IntakeRoute intake(String path, Optional<CorsConfig> cors) {
    return new IntakeRoute(path, cors, Access.PUBLIC);
  }

  private static List<String> allowed(String origin) {
    return List.of(
        "access-control-allow-origin: " + origin,
        "access-control-allow-credentials: true",
        "access-control-expose-headers: ETag, Retry-After");
  }

  private static Answer preflight(String path, String origin, String method) {
    return ask(
        path,
        origin,
        "--request",
        "OPTIONS",
        "--header",
        "Access-Control-Request-Method: " + method,
        "--header",
        "Access-Control-Request-Headers: content-type");
  }

  private static Answer ask(String path, String origin, String... more) {
    var origins = Stream.of("--header", "Origin: " + origin);
    return answer(path, Stream.concat(origins, Stream.of(more)).toArray(String[]::new));
  }

  private static Answer answer(String path, String... more) {
    var arguments = new ArrayList<>(List.of("--include"));
    arguments.addAll(List.of(more));
    return Answer.of(server.https(path, arguments.toArray(String[]::new)).output());
  }
}
