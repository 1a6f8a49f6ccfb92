package dev.nordfaas.edge;

import static org.assertj.core.api.Assertions.assertThat;

import com.pulumi.test.PulumiTest;
import dev.nordfaas.config.ApiKeyConfig;
import dev.nordfaas.config.AuthConfig;
import dev.nordfaas.config.AuthorityConfig;
import dev.nordfaas.config.CorsConfig;
import dev.nordfaas.config.EdgeConfig;
import dev.nordfaas.config.IssuerConfig;
import dev.nordfaas.config.SecretValue;
import dev.nordfaas.config.WebOrigin;
import dev.nordfaas.edge.EdgeRoutes.FunctionRoute;
import dev.nordfaas.edge.EdgeRoutes.IntakeRoute;
import dev.nordfaas.testing.CaddyServer;
import dev.nordfaas.testing.Jwks;
import dev.nordfaas.testing.Records;
import dev.nordfaas.testing.Tokens;
import dev.nordfaas.tls.ServerTls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whom a real Caddy, with the module of {@code images/caddy/callers}, lets in, and as whom. */
class CallersAtTheEdgeTest {
  private static final String ISS = "https://issuer.example.no/";
  private static final String AUDIENCE = "https://orders.example.no";
  private static final String KEY = "the-key-of-partner-a-0123456789abcdef";
  private static final String PREVIOUS = "the-one-before-it-0123456789abcdef";
  private static final String OPS = "the-password-of-ops-0123456789abcdef";
  private static final KeyPair PAIR = Jwks.pair(2048);
  private static final ServerTls TLS = CaddyServer.certificate("first");
  private static final ServerTls CLIENT = CaddyServer.certificate("client", "client.example.no");
  private static final ServerTls OTHER = CaddyServer.certificate("other", "other.example.no");

  private static final AuthConfig TOKEN =
      auth(
          Optional.of("issuer"),
          List.of("orders.write"),
          Map.of("consumer.ID", "0192:991825827"),
          List.of(),
          Optional.empty(),
          List.of());
  private static final AuthConfig PARTNER =
      auth(
          Optional.empty(), List.of(), Map.of(), List.of("partner-a"), Optional.empty(), List.of());
  private static final AuthConfig OPERATORS =
      auth(
          Optional.empty(),
          List.of(),
          Map.of(),
          List.of(),
          Optional.of(new AuthConfig.Mtls("partners", List.of("client.example.no"))),
          List.of("ops"));

  private static final String PAGE = "https://shop.example.no";
  private static final Optional<CorsConfig> CORS =
      Optional.of(
          new CorsConfig(
              List.of(new WebOrigin(PAGE)),
              List.of("X-Api-Key"),
              List.of(),
              false,
              Duration.ofMinutes(10)));

  private static final EdgeRoutes ROUTES =
      new EdgeRoutes(
          List.of(
              function("open", "/open", Access.PUBLIC),
              function("ops", "/ops", way(OPERATORS)),
              function("pages", "/pages", way(PARTNER), CORS),
              function("reader", "/read/orders", way(PARTNER)),
              function("vat", "/vat", way(PARTNER))),
          List.of(
              intake("/drops", Access.PUBLIC, Optional.empty()),
              intake("/orders", way(TOKEN), Optional.empty()),
              intake("/pages/orders", way(TOKEN), CORS)));

  @TempDir private static Path folder;
  private static CaddyServer server;
  private int headersBefore;

  @BeforeAll
  static void start() throws IOException {
    var edge = edge();
    var files = new TreeMap<>(Callers.files(edge));
    files.put(ApiKeys.FILE, PulumiTest.extractValue(ApiKeys.file(edge.apiKeys())));
    PulumiTest.cleanup();
    server = CaddyServer.start(folder, edge, ROUTES, TLS, files);
    for (var client : Map.of("client", CLIENT, "other", OTHER).entrySet()) {
      Files.writeString(file(client.getKey() + ".crt"), client.getValue().certificate());
      Files.writeString(file(client.getKey() + ".key"), client.getValue().privateKey());
    }
  }

  @AfterAll
  static void stop() throws IOException {
    server.close();
  }

  @BeforeEach
  void remember() {
    server.forget();
    headersBefore = server.askedHeaders().size();
  }

  @Test
  void aTokenLetsItsCallerIn() {
    assertThat(order(bearer(token()))).isEqualTo(200);

    assertThat(caller())
        .containsExactlyInAnyOrder(
            "nordfaas-caller-issuer: " + ISS,
            "nordfaas-caller-subject: 0192:991825827",
            "nordfaas-caller-claims: {\"scope\":\"orders.read orders.write\"}");
  }

  @Test
  void nobodyGetsInWithoutACredential() {
    var answer = server.https("/orders", "--include", "--data", "{}").output();

    assertThat(answer)
        .startsWith("HTTP/2 401")
        .containsIgnoringCase("www-authenticate: Bearer realm=\"" + CaddyServer.DOMAIN + "\"")
        .containsIgnoringCase("cache-control: no-store")
        .doesNotContain("error=");
    assertThat(server.asked()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource
  void aTokenThatIsNotRightLetsNobodyIn(String what, String token) {
    var answer =
        server.https("/orders", "--include", "--data", "{}", "--header", bearer(token)).output();

    assertThat(answer).as(what).startsWith("HTTP/2 401").contains("error=\"invalid_token\"");
    assertThat(server.asked()).isEmpty();
  }

  static Stream<Arguments> aTokenThatIsNotRightLetsNobodyIn() {
    var past = Instant.now().minusSeconds(600).getEpochSecond();
    return Map.of(
            "of another key",
            Tokens.signed(Jwks.pair(2048), claims()),
            "that has expired",
            Tokens.signed(PAIR, with("exp", past)),
            "that never expires",
            Tokens.signed(PAIR, without("exp")),
            "that is not valid yet",
            Tokens.signed(PAIR, with("nbf", Instant.now().plusSeconds(600).getEpochSecond())),
            "of another issuer",
            Tokens.signed(PAIR, with("iss", "https://other.example.no/")),
            "for another audience",
            Tokens.signed(PAIR, with("aud", "https://other.example.no")),
            "of nobody",
            Tokens.signed(PAIR, without("consumer")),
            "that is not signed",
            Tokens.unsigned(claims()),
            "that is none",
            "not.a.token")
        .entrySet()
        .stream()
        .map(it -> Arguments.arguments(it.getKey(), it.getValue()));
  }

  @Test
  void aTokenWithoutTheScopeIsForbidden() {
    var token = Tokens.signed(PAIR, with("scope", "orders.read"));

    assertThat(
            server
                .https("/orders", "--include", "--data", "{}", "--header", bearer(token))
                .output())
        .startsWith("HTTP/2 403")
        .contains("error=\"insufficient_scope\"", "scope=\"orders.write\"");
    assertThat(server.asked()).isEmpty();
  }

  @Test
  void aTokenOfAnotherOrganizationIsForbidden() {
    var token = Tokens.signed(PAIR, with("consumer", Map.of("ID", "0192:123456785")));

    assertThat(order(bearer(token))).isEqualTo(403);
    assertThat(server.asked()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {KEY, PREVIOUS})
  void anApiKeyLetsItsOwnerIn(String key) {
    assertThat(server.status("/vat/1", "--header", "X-Api-Key: " + key)).isEqualTo(200);

    assertThat(server.asked()).containsExactly("/function/vat/1");
    assertThat(caller())
        .containsExactlyInAnyOrder(
            "nordfaas-caller-issuer: api-key", "nordfaas-caller-subject: partner-a");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "wrong-0123456789abcdef0123456789",
        "partner-a",
        "a710c7fc09238dc3eb5ef3cfc71790f724cf2221939c2eb67d9348e7476f7246"
      })
  void anotherApiKeyLetsNobodyIn(String key) {
    assertThat(server.status("/vat", "--header", "X-Api-Key: " + key)).isEqualTo(401);
    assertThat(server.asked()).isEmpty();
  }

  @Test
  void theKeyOfAnotherRouteIsForbidden() {
    assertThat(server.status("/vat", "--header", "X-Api-Key: " + OPS)).isEqualTo(403);
    assertThat(server.asked()).isEmpty();
  }

  @Test
  void aPasswordLetsItsUserIn() {
    assertThat(server.status("/ops", "--user", "ops:" + OPS)).isEqualTo(200);

    assertThat(caller())
        .containsExactlyInAnyOrder(
            "nordfaas-caller-issuer: api-key", "nordfaas-caller-subject: ops");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ops:wrong", "ops:", "partner-a:" + OPS, "ops:" + KEY, "ops:" + PREVIOUS})
  void noOtherUserGetsIn(String user) {
    assertThat(server.status("/ops", "--user", user)).isIn(401, 403);
    assertThat(server.asked()).isEmpty();
  }

  @Test
  void aCertificateLetsItsOwnerIn() {
    assertThat(server.status("/ops", certificate("client"))).isEqualTo(200);

    assertThat(caller())
        .containsExactlyInAnyOrder(
            "nordfaas-caller-issuer: mtls:partners", "nordfaas-caller-subject: client.example.no");
  }

  @Test
  void aCertificateOfSomebodyElseIsForbidden() {
    assertThat(server.status("/ops", certificate("other"))).isEqualTo(403);
    assertThat(server.asked()).isEmpty();
  }

  @Test
  void aCertificateDoesNotCountWhereNoRouteTakesIt() {
    assertThat(server.status("/vat", certificate("client"))).isIn(401, 403);
    assertThat(server.asked()).isEmpty();
  }

  @Test
  void twoCredentialsAreNone() {
    assertThat(
            server.status(
                "/vat", "--header", "X-Api-Key: " + KEY, "--header", "X-Api-Key: " + PREVIOUS))
        .isEqualTo(400);
    assertThat(server.status("/vat", "--header", "X-Api-Key: " + KEY, "--header", bearer(token())))
        .isEqualTo(400);
    assertThat(server.asked()).isEmpty();
  }

  @Test
  void noCredentialIsPassedOn() {
    server.status("/vat", "--header", "X-Api-Key: " + KEY);
    order(bearer(token()));
    server.status("/ops", "--user", "ops:" + OPS);

    assertThat(server.asked()).hasSize(3);
    assertThat(headers())
        .noneMatch(
            header -> header.startsWith("authorization:") || header.startsWith("x-api-key:"));
  }

  @Test
  void aPublicRouteTakesEverybodyAndLeavesCredentialsToTheFunction() {
    assertThat(server.status("/open", "--header", "Authorization: Custom of-the-function"))
        .isEqualTo(200);

    assertThat(headers()).contains("authorization: custom of-the-function");
    assertThat(caller()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Nordfaas-Caller-Subject",
        "nordfaas-caller-subject",
        "Nordfaas_Caller_Subject",
        "Nordfaas-Caller_Subject",
        "nordfaas_caller-Subject",
        "Nordfaas-Caller-Issuer",
        "Nordfaas-Caller-Claims",
        "Nordfaas_Caller_Claims",
        "Nordfaas-Anything"
      })
  void nobodySaysWhoTheyAre(String header) {
    var forged = header + ": forged";

    assertThat(server.status("/open", "--header", forged)).isEqualTo(200);
    assertThat(server.status("/drops", "--header", forged)).isEqualTo(200);
    assertThat(server.status("/vat", "--header", forged, "--header", "X-Api-Key: " + KEY))
        .isEqualTo(200);
    assertThat(order(bearer(token()), "--header", forged)).isEqualTo(200);
    assertThat(server.status("/status/1", "--header", forged)).isEqualTo(200);
    assertThat(headers()).noneMatch(it -> it.endsWith("forged"));
    assertThat(server.status("/vat", "--header", forged)).isEqualTo(401);
  }

  /** Proxies drop the headers that it names: a known caller would become nobody. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Nordfaas-Caller-Issuer, Nordfaas-Caller-Subject",
        "keep-alive, nordfaas-caller-subject",
        "NORDFAAS-CALLER-ISSUER,nordfaas-caller-subject,Nordfaas-Caller-Claims"
      })
  void nobodyHasItDroppedWhoTheyAre(String connection) {
    assertThat(
            server.status(
                "/vat",
                "--http1.1",
                "--header",
                "X-Api-Key: " + KEY,
                "--header",
                "Connection: " + connection))
        .isEqualTo(200);

    assertThat(caller())
        .containsExactlyInAnyOrder(
            "nordfaas-caller-issuer: api-key", "nordfaas-caller-subject: partner-a");
  }

  @Test
  void whoAsksForAStatusIsKnownIfThereIsACredential() {
    assertThat(server.status("/status/1")).isEqualTo(200);
    assertThat(caller()).isEmpty();

    assertThat(server.status("/status/1", "--header", bearer(token()))).isEqualTo(200);
    assertThat(caller()).contains("nordfaas-caller-subject: 0192:991825827");
    assertThat(server.status("/status/1", "--header", bearer("not.a.token"))).isEqualTo(401);
  }

  /** It sends no credential when it asks, and the page is to read why it is refused. */
  @ParameterizedTest
  @ValueSource(strings = {"/pages", "/function/pages", "/pages/orders"})
  void aBrowserMayAskFirstAndReadARefusal(String path) {
    var allowed = "access-control-allow-origin: " + PAGE;
    var origin = "Origin: " + PAGE;

    assertThat(
            server
                .https(
                    path,
                    "--include",
                    "--request",
                    "OPTIONS",
                    "--header",
                    origin,
                    "--header",
                    "Access-Control-Request-Method: POST")
                .output())
        .startsWith("HTTP/2 204")
        .containsIgnoringCase(allowed);
    assertThat(server.https(path, "--include", "--header", origin, "--data", "{}").output())
        .startsWith("HTTP/2 401")
        .containsIgnoringCase(allowed)
        .containsIgnoringCase("www-authenticate: ");
    assertThat(server.asked()).isEmpty();
  }

  /** As it is written, and as the rest of a path of each function and of intake. */
  @ParameterizedTest
  @MethodSource
  void noSpellingOfAPathGetsAroundACredential(String path) {
    var paths =
        Stream.of(
                "", "/function/vat", "/function/reader", "/vat", "/read/orders", "/ops", "/orders")
            .map(prefix -> prefix + path)
            .toList();

    var statuses = server.statuses(paths);

    assertThat(statuses).hasSameSizeAs(paths).isSubsetOf(0, 308, 400, 401, 403, 404, 405);
    assertThat(server.asked()).isEmpty();
  }

  /** Every path that a test of the edge has tried. */
  static Stream<String> noSpellingOfAPathGetsAroundACredential() {
    return Arrays.stream(EdgeServerTest.class.getDeclaredMethods())
        .flatMap(method -> Stream.ofNullable(method.getAnnotation(ValueSource.class)))
        .flatMap(source -> Arrays.stream(source.strings()))
        .filter(path -> path.startsWith("/") && !path.contains("/status"))
        .distinct();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/vat", "/VAT", "//vat", "/%76at", "/function/vat", "//function//vat/"})
  void everySpellingOfAPathGetsThroughWithOne(String path) {
    assertThat(server.status(path)).isEqualTo(401);
    assertThat(server.status(path, "--header", "X-Api-Key: " + KEY)).isEqualTo(200);
    assertThat(server.asked()).containsExactly("/function/vat/");
  }

  @ParameterizedTest
  @ValueSource(strings = {"PUT", "DELETE", "OPTIONS", "TRACE", "get"})
  void noMethodGetsAroundACredential(String method) {
    for (var path : List.of("/vat", "/function/vat", "/orders")) {
      assertThat(server.status(path, "--request", method)).as(path).isIn(401, 405);
    }
    assertThat(server.asked()).isEmpty();
  }

  @Test
  void theLogKeepsNothingOfACaller() {
    server.status("/vat/logged", "--header", "X-Api-Key: " + KEY);
    server.status("/vat/logged", "--header", "X-Api-Key: wrong-0123456789abcdef0123456789");
    order(bearer(token()));

    server.until(() -> server.log().contains("/vat/logged"));
    assertThat(server.log()).doesNotContain(KEY, "wrong-0123456789", "0192:991825827", "eyJ");
  }

  private static Access way(AuthConfig auth) {
    return Access.of(Optional.of(auth));
  }

  private static AuthConfig auth(
      Optional<String> issuer,
      List<String> scopes,
      Map<String, String> claims,
      List<String> apiKeys,
      Optional<AuthConfig.Mtls> mtls,
      List<String> basic) {
    return new AuthConfig(issuer, Optional.empty(), scopes, claims, apiKeys, mtls, basic, false);
  }

  private static FunctionRoute function(String name, String path, Access access) {
    return function(name, path, access, Optional.empty());
  }

  private static FunctionRoute function(
      String name, String path, Access access, Optional<CorsConfig> cors) {
    return new FunctionRoute(
        name,
        List.of(path),
        "/",
        new TreeSet<>(Set.of("GET", "HEAD", "POST")),
        cors,
        "/_/ready",
        access);
  }

  private static IntakeRoute intake(String path, Access access, Optional<CorsConfig> cors) {
    return new IntakeRoute(path, cors, access);
  }

  private static EdgeConfig edge() {
    var edge = CaddyServer.edge(TLS, List.of(), List.of(), Optional.empty());
    var issuer =
        new IssuerConfig(
            ISS,
            Optional.empty(),
            Optional.empty(),
            Optional.of(Jwks.of(Jwks.rsa((RSAPublicKey) PAIR.getPublic()))),
            Optional.empty(),
            List.of(),
            Optional.empty(),
            List.of(AUDIENCE),
            List.of("RS256"),
            Duration.ofSeconds(30),
            "consumer.ID",
            List.of("scope"));
    return Records.with(
        edge,
        Map.of(
            "issuers",
            Map.of("issuer", issuer),
            "apiKeys",
            Map.of("partner-a", key(KEY, Optional.of(PREVIOUS)), "ops", key(OPS, Optional.empty())),
            "authorities",
            Map.of("partners", new AuthorityConfig(TLS.caCertificate())),
            "callerLimit",
            Optional.empty()));
  }

  private static ApiKeyConfig key(String key, Optional<String> previous) {
    return new ApiKeyConfig(SecretValue.of(key), previous.map(SecretValue::of));
  }

  private static String token() {
    return Tokens.signed(PAIR, claims());
  }

  private static String bearer(String token) {
    return "Authorization: Bearer " + token;
  }

  private static Map<String, Object> claims() {
    return Map.of(
        "iss",
        ISS,
        "aud",
        List.of(AUDIENCE),
        "exp",
        Instant.now().plusSeconds(60).getEpochSecond(),
        "scope",
        "orders.read orders.write",
        "consumer",
        Map.of("ID", "0192:991825827"));
  }

  private static Map<String, Object> with(String claim, Object value) {
    var claims = new TreeMap<>(claims());
    claims.put(claim, value);
    return claims;
  }

  private static Map<String, Object> without(String claim) {
    var claims = new TreeMap<>(claims());
    claims.remove(claim);
    return claims;
  }

  private static int order(String header, String... more) {
    var arguments = new ArrayList<>(List.of("--data", "{}", "--header", header));
    arguments.addAll(List.of(more));
    return server.status("/orders", arguments.toArray(String[]::new));
  }

  private static String[] certificate(String name) {
    return new String[] {
      "--cert", file(name + ".crt").toString(), "--key", file(name + ".key").toString()
    };
  }

  private static Path file(String name) {
    return folder.resolve("scratch").resolve(name);
  }

  /** Headers of requests since the test began, in lower case. */
  private List<String> headers() {
    var all = server.askedHeaders();
    return all.subList(headersBefore, all.size()).stream()
        .map(header -> header.toLowerCase(Locale.ROOT))
        .toList();
  }

  /** What the edge said of callers since the test began. */
  private List<String> caller() {
    return headers().stream().filter(header -> header.startsWith("nordfaas-caller-")).toList();
  }
}
