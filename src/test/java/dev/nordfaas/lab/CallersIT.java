package dev.nordfaas.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who gets in at the edge, who does not and what they are told, and what functions are told. */
@EndToEnd
class CallersIT {
  private static final String CLIENT = "client.lab.nordfaas.dev";
  private static final String APP = "https://app.lab.nordfaas.dev";

  @TempDir Path folder;

  private static Lab.Answer call(String path, String... curl) {
    return Lab.edge(path, curl);
  }

  private static Lab.Answer withToken(String path, String token) {
    return call(path, Callers.bearer(token));
  }

  /** A route of intake, and one of a function. */
  private static Stream<Lab.Answer> atBoth(String... curl) {
    return Stream.of(
        call(Callers.TOKEN, curl),
        call(Callers.ORDERS, Callers.order("refused-" + UUID.randomUUID(), curl)));
  }

  private static void assertNotKnown(Lab.Answer answer, String error) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(401);
    assertThat(answer.headers())
        .containsEntry("cache-control", "no-store")
        .hasEntrySatisfying(
            "content-type", it -> assertThat(it).startsWith("application/problem+json"))
        .hasEntrySatisfying("www-authenticate", it -> assertThat(it).contains(error));
    assertThat(answer.json().get("status").intValue()).isEqualTo(401);
  }

  @ParameterizedTest
  @ValueSource(strings = {"RS256", "ES256"})
  void aTokenOfTheIssuerIsAccepted(String algorithm) {
    var token = Lab.token("orders", "alg=" + algorithm);

    assertThat(atBoth(Callers.bearer(token)).map(Lab.Answer::status)).containsExactly(200, 202);
  }

  @Test
  void theFunctionIsToldWhoCalledAndGetsNoToken() {
    var answer = withToken(Callers.TOKEN, Lab.token("orders", "scope=orders.read"));

    assertThat(Callers.identity(answer))
        .isEqualTo(
            Map.of(
                "caller-issuer",
                Callers.ISSUER,
                "caller-subject",
                "0192:987654321",
                "caller-claims",
                "{\"consumer\":{\"ID\":\"0192:987654321\",\"authority\":\"iso6523-actorid-upis\"},"
                    + "\"scope\":\"orders.read\"}"));
    assertThat(Callers.reached(answer)).doesNotContainKeys("authorization", "x-api-key");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "expired",
        "not-yet",
        "issued-later",
        "no-end",
        "no-audience",
        "no-consumer",
        "audience",
        "issuer",
        "none",
        "hs256",
        "kid",
        "signature",
        "embedded-key",
        "critical",
        "dpop",
        "encrypted",
        "huge"
      })
  void aTokenThatIsWrongInOneWayIsRefused(String kind) {
    for (var algorithm : List.of("RS256", "ES256")) {
      var token = Lab.token("orders", "kind=" + kind, "alg=" + algorithm);

      assertThat(atBoth(Callers.bearer(token)))
          .allSatisfy(answer -> assertNotKnown(answer, "error=\"invalid_token\""));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "a.b", "a.b.c", "a.b.c.d.e", "..", "e30.e30.", "%00", "ø"})
  void whatIsNoTokenIsRefused(String token) {
    assertThat(atBoth(Callers.bearer(token)))
        .allSatisfy(answer -> assertThat(answer.status()).isIn(400, 401));
  }

  @Test
  void aTokenLargerThanAllHeadersMayBeIsRefused() {
    assertThat(withToken(Callers.TOKEN, "x".repeat(50 << 10)).status()).isEqualTo(431);
  }

  @Test
  void whoSendsNothingIsToldWhatToSend() {
    assertThat(atBoth())
        .allSatisfy(answer -> assertNotKnown(answer, "Bearer "))
        .allSatisfy(
            answer ->
                assertThat(answer.headers().get("www-authenticate")).doesNotContain("error="));
    assertThat(call(Callers.KEY).headers().get("www-authenticate"))
        .contains("ApiKey ")
        .contains("Basic ")
        .contains("charset=\"UTF-8\"")
        .doesNotContain("Bearer");
  }

  @Test
  void aTokenWithoutTheScopeIsToldWhichOneIsMissing() {
    var answer =
        call(
            Callers.ORDERS,
            Callers.order("refused-" + UUID.randomUUID(), Callers.bearer(Lab.token("reader"))));

    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.headers().get("www-authenticate"))
        .contains("error=\"insufficient_scope\"")
        .contains("scope=\"orders.write\"");
  }

  @Test
  void aTokenInTheQueryOrTheBodyIsNotLookedAt() {
    var token = Lab.token("orders");
    for (var answer :
        List.of(
            call(Callers.TOKEN + "?access_token=" + token),
            call(Callers.TOKEN, "--data", "access_token=" + token))) {
      assertNotKnown(answer, "Bearer ");
      assertThat(answer.headers().get("www-authenticate")).doesNotContain("error=");
    }
  }

  static Stream<List<String>> severalCredentials() {
    var token = "Authorization: Bearer " + Lab.token("orders");
    var key = "X-Api-Key: " + Callers.apiKey("partner-a");
    return Stream.of(
        List.of(token, token),
        List.of(token, "authorization: Bearer x"),
        List.of(token, "Authorization: Basic eDp5"),
        List.of(token + ", Bearer x"),
        List.of(key, key),
        List.of(key + ", x"),
        List.of(token, key));
  }

  @ParameterizedTest
  @MethodSource("severalCredentials")
  void severalCredentialsAreRefused(List<String> headers) {
    for (var path : List.of(Callers.TOKEN, Callers.KEY, Callers.CERTIFICATE)) {
      var answer = call(path, Callers.header(headers.toArray(String[]::new)));

      assertThat(answer.status()).as(path).isEqualTo(400);
    }
  }

  @Test
  void anApiKeyIsAcceptedWhereTheRouteNamesIt() {
    var answer = call(Callers.KEY, Callers.header("X-Api-Key: " + Callers.apiKey("partner-a")));

    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    assertThat(Callers.identity(answer))
        .isEqualTo(Map.of("caller-issuer", "api-key", "caller-subject", "partner-a"));
    assertThat(Callers.reached(answer)).doesNotContainKey("x-api-key");
  }

  @Test
  void anApiKeyOfAnotherRouteIsForbidden() {
    for (var path : List.of(Callers.KEY, Callers.TOKEN)) {
      var answer = call(path, Callers.header("X-Api-Key: " + Callers.apiKey("partner-b")));

      assertThat(answer.status()).as(path).isEqualTo(403);
    }
    assertThat(
            call(Callers.CERTIFICATE, Callers.header("X-Api-Key: " + Callers.apiKey("partner-b")))
                .status())
        .isEqualTo(200);
  }

  @Test
  void anApiKeyThatNobodyHasIsRefused() {
    var key = Callers.apiKey("partner-a");
    for (var wrong :
        List.of("x", key + "x", key.substring(1), key.toUpperCase(), "partner-a", "x".repeat(40))) {
      assertNotKnown(call(Callers.KEY, Callers.header("X-Api-Key: " + wrong)), "ApiKey ");
    }
    assertThat(call(Callers.KEY + "?api_key=" + key).status()).isEqualTo(401);
    assertThat(call(Callers.KEY, Callers.bearer(key)).status()).isEqualTo(401);
  }

  @Test
  void aUserOfTheRouteGetsInWithThePasswordOnly() {
    var password = Callers.apiKey("ops");
    var answer = call(Callers.KEY, "--user", "ops:" + password);

    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    assertThat(Callers.identity(answer))
        .isEqualTo(Map.of("caller-issuer", "api-key", "caller-subject", "ops"));
    assertThat(Callers.reached(answer)).doesNotContainKey("authorization");
    for (var wrong :
        List.of("ops:x", "ops:", ":" + password, "other:" + password, "partner-a:" + password)) {
      assertNotKnown(call(Callers.KEY, "--user", wrong), "Basic ");
    }
    assertThat(call(Callers.KEY, "--user", "partner-a:" + Callers.apiKey("partner-a")).status())
        .as("a key that is no user of this route")
        .isEqualTo(403);
  }

  @Test
  void aClientCertificateIsAcceptedWhereTheRouteNamesItsSubject() {
    var certificate = Callers.with(Callers.certificate("crt"), Callers.certificate("key"));
    var answer = call(Callers.CERTIFICATE, certificate);

    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    assertThat(Callers.identity(answer))
        .isEqualTo(Map.of("caller-issuer", "mtls:lab", "caller-subject", CLIENT));
    assertThat(call(Callers.PUBLIC, certificate).status()).isEqualTo(200);
    assertThat(call(Callers.KEY, certificate).status()).isIn(401, 403);
  }

  @Test
  void anotherClientCertificateIsRefused() {
    var now = Instant.now();
    var ours = Callers.authority();
    var client = KeyPurposeId.id_kp_clientAuth;
    var days = Duration.ofDays(3);
    var yesterday = now.minus(Duration.ofDays(1));

    assertThat(certified(ours.sign(folder, CLIENT, client, yesterday))).isEqualTo(200);
    assertThat(certified(ours.sign(folder, CLIENT, client, now.minus(days))))
        .as("expired")
        .isEqualTo(401);
    assertThat(certified(ours.sign(folder, CLIENT, client, now.plus(days))))
        .as("not yet")
        .isEqualTo(401);
    assertThat(certified(ours.sign(folder, CLIENT, KeyPurposeId.id_kp_serverAuth, yesterday)))
        .as("of a server")
        .isEqualTo(401);
    assertThat(certified(ClientCertificates.unknown().sign(folder, CLIENT, client, yesterday)))
        .as("another authority of the same name")
        .isEqualTo(401);
    assertThat(certified(ours.sign(folder, "other.lab.nordfaas.dev", client, yesterday)))
        .as("another subject")
        .isEqualTo(403);
  }

  private static int certified(ClientCertificates.Signed signed) {
    return call(Callers.CERTIFICATE, Callers.with(signed.certificate(), signed.key())).status();
  }

  @Test
  void aClientCertificateDoesNotMakeUpForAWrongKey() {
    assertThat(
            call(
                    Callers.CERTIFICATE,
                    Callers.both(
                        Callers.with(Callers.certificate("crt"), Callers.certificate("key")),
                        Callers.header("X-Api-Key: wrong")))
                .status())
        .isEqualTo(401);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Nordfaas-Caller-Subject: admin",
        "nordfaas-caller-subject: admin",
        "Nordfaas_Caller_Subject: admin",
        "NORDFAAS-CALLER_SUBJECT: admin",
        "Nordfaas-Caller-Issuer: api-key",
        "Nordfaas-Caller-Claims: {}",
        "Nordfaas-Durable: order-processor"
      })
  void nobodySaysWhoTheyAreByOurOwnHeaders(String header) {
    assertThat(Callers.identity(call(Callers.PUBLIC, Callers.header(header)))).isEmpty();
    assertThat(
            Callers.identity(
                call(
                    Callers.TOKEN,
                    Callers.header(header, "Authorization: Bearer " + Lab.token("orders")))))
        .containsEntry("caller-subject", "0192:987654321")
        .containsEntry("caller-issuer", Callers.ISSUER)
        .hasSize(3);
    assertThat(call(Callers.TOKEN, Callers.header(header)).status()).isEqualTo(401);
  }

  @Test
  void aPublicRouteTakesNothingAway() {
    var answer = call(Callers.PUBLIC, Callers.header("Authorization: Bearer x", "X-Api-Key: y"));

    assertThat(Callers.reached(answer))
        .containsEntry("authorization", "Bearer x")
        .containsEntry("x-api-key", "y");
  }

  /** OpenFaaS' gateway would read the last three as a query, the path's end, and a nil pointer. */
  @ParameterizedTest
  @CsvSource({
    "/a%20b, /a b",
    "/bl%C3%A5, /blå",
    "/a+b, /a+b",
    "/a%3Fb=c, /a?b=c",
    "/a%23b, /a#b",
    "/100%25, /100%"
  })
  void aFunctionGetsThePathThatTheClientWrote(String written, String read) {
    var answer = call(Callers.PUBLIC + written + "?d=%25");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.json().get("path").stringValue()).isEqualTo(read);
    assertThat(answer.json().get("query").stringValue()).isEqualTo("d=%25");
  }

  @ParameterizedTest
  @CsvSource({
    "callers, token",
    "callers, key",
    "callers, mtls",
    "callers, orders",
    "function, echo-token"
  })
  void noSpellingOfAPathOpensIt(String first, String second) {
    var path = first + "/" + second;
    for (var spelling :
        List.of(
            "/" + path,
            "/" + path + "/",
            "/" + path + "/x",
            "/" + path + "?x",
            "/" + path + ";x",
            "//" + path,
            "//" + first + "//" + second,
            "/%" + Integer.toHexString(path.charAt(0)) + path.substring(1),
            "/" + path.toUpperCase(),
            "/./" + path,
            "/x/../" + path,
            "/" + first + "/./" + second,
            "/" + first + "%2f" + second,
            "/" + first + "/x/../" + second,
            "/" + first + "/public/..%2f" + second,
            "/" + first + "/public/%2e%2e/" + second,
            "/callers/public/../../" + path,
            "/callers/public/%252e%252e/%252e%252e/" + path,
            "/callers/public/..%2f..%2f" + path,
            "/function/echo/../" + second,
            "/function/echo/..%2f" + second,
            "/" + path + "%00",
            "/" + path + "%20",
            "/" + first + "%5c" + second)) {
      var answer = call(spelling, "--path-as-is", "--data", "{}");

      assertThat(answer.status()).as(spelling).isIn(400, 401, 404);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "get", "X"})
  void noMethodOpensIt(String method) {
    for (var path : List.of(Callers.KEY, Callers.ORDERS, "/function/echo-key")) {
      assertThat(call(path, "--request", method).status()).as(path).isIn(400, 401, 405);
    }
  }

  @Test
  void overHttp2TheSameHolds() {
    var status =
        Lab.curl(
                Lab.authority(),
                Callers.TOKEN,
                "--http2",
                "--output",
                "/dev/null",
                "--write-out",
                "%{http_version} %{http_code}")
            .ok();

    assertThat(status).isEqualTo("2 401");
  }

  @Test
  void aBrowserOfTheAppMayAskBeforeItHasAToken() {
    var answer =
        call(
            Callers.TOKEN,
            Callers.both(
                Callers.header(
                    "Origin: " + APP,
                    "Access-Control-Request-Method: GET",
                    "Access-Control-Request-Headers: authorization"),
                "--request",
                "OPTIONS"));

    assertThat(answer.status()).isIn(200, 204);
    assertThat(answer.headers())
        .containsEntry("access-control-allow-origin", APP)
        .containsEntry("access-control-max-age", "600")
        .hasEntrySatisfying("vary", it -> assertThat(it).contains("Origin"));
  }

  @Test
  void aBrowserReadsWhyItIsRefused() {
    var answer = call(Callers.TOKEN, Callers.header("Origin: " + APP));

    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.headers())
        .containsEntry("access-control-allow-origin", APP)
        .hasEntrySatisfying("vary", it -> assertThat(it).contains("Origin"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://evil.example.com",
        "http://app.lab.nordfaas.dev",
        "null",
        APP + ".evil.com"
      })
  void pagesOfOthersMayNot(String origin) {
    assertThat(
            call(
                    Callers.TOKEN,
                    Callers.header(
                        "Origin: " + origin, "Authorization: Bearer " + Lab.token("orders")))
                .headers())
        .doesNotContainKey("access-control-allow-origin");
  }

  @Test
  void theLogKeepsNothingOfACaller() {
    var token = Lab.token("orders", "kind=audience");
    var key = "wrong-" + UUID.randomUUID();
    var path = Callers.TOKEN + "/logged-" + UUID.randomUUID();
    call(path, Callers.bearer(token));
    call(path, Callers.header("X-Api-Key: " + key));
    withToken(path, Lab.token("orders"));

    var log =
        Lab.eventually(
            () -> Lab.kubectl("--namespace=edge", "logs", "edge-0", "--tail=300"),
            it -> it.split(path, -1).length > 3);
    assertThat(log)
        .doesNotContain(token)
        .doesNotContain(token.split("\\.")[1])
        .doesNotContain(key)
        .doesNotContain("0192:987654321");
  }
}
