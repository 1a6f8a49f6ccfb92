package dev.nordfaas.queueworker.intake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.jsoncheck.StrictJson;
import dev.nordfaas.queueworker.testing.FunctionStub;
import dev.nordfaas.queueworker.testing.FunctionStub.Reply;
import dev.nordfaas.queueworker.testing.NatsServer;
import dev.nordfaas.queueworker.testing.Ports;
import dev.nordfaas.queueworker.testing.Role;
import dev.nordfaas.queueworker.testing.RoleProcess;
import dev.nordfaas.queueworker.testing.Streams;
import io.nats.client.api.MessageInfo;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What belongs to the caller that the edge names, and what others learn of it. */
class CallersTest {
  private static final String ORDER = "{\"orderId\":\"o-1\"}";
  private static final String OTHER_ORDER = "{\"orderId\":\"o-2\"}";
  private static final String ISSUER = "Nordfaas-Caller-Issuer";
  private static final String SUBJECT = "Nordfaas-Caller-Subject";
  private static final String CLAIMS = "Nordfaas-Caller-Claims";

  private static final String[] KARI = {ISSUER, "https://id.example.no/", SUBJECT, "kari"};
  private static final String[] OLA = {ISSUER, "https://id.example.no/", SUBJECT, "ola"};

  /** The same name, which somebody else vouches for. */
  private static final String[] OTHER_KARI = {ISSUER, "api-key", SUBJECT, "kari"};

  private static final String[] NOBODY = {};

  @RegisterExtension private static final NatsServer server = NatsServer.start();
  private Streams streams;
  private Role intake;

  @BeforeEach
  void start() {
    streams = Streams.create(server);
    intake = Role.intake(server);
  }

  @AfterEach
  void stop() {
    intake.close();
    streams.close();
  }

  @Test
  void storesTheCallerWithTheMessage() throws Exception {
    post(ORDER, KARI, CLAIMS, "{\"scope\":\"orders.write\"}", "Authorization", "Bearer secret");

    var headers = stored().getHeaders();
    assertThat(headers.getFirst(ISSUER)).isEqualTo("https://id.example.no/");
    assertThat(headers.getFirst(SUBJECT)).isEqualTo("kari");
    assertThat(headers.getFirst(CLAIMS)).isEqualTo("{\"scope\":\"orders.write\"}");
    assertThat(headers.keySet())
        .containsExactlyInAnyOrder(ISSUER, SUBJECT, CLAIMS, "Content-Type", "Nats-Msg-Id");
  }

  @Test
  void storesAMessageWithoutACallerAsBefore() throws Exception {
    var id = id(post(ORDER, NOBODY, "Idempotency-Key", "key-1"));

    // As it was before callers were told apart: a retry may span the upgrade.
    assertThat(id).isEqualTo("81696a06-d205-8e76-9dd6-20d0d8ff2e26");
    assertThat(stored().getHeaders().keySet())
        .containsExactlyInAnyOrder("Content-Type", "Nats-Msg-Id");
    assertThat(streams.info(Streams.KEYS).getStreamState().getMsgCount()).isEqualTo(1);
    assertThat(
            streams
                .connection()
                .jetStreamManagement()
                .getLastMessage(Streams.KEYS, "idempotency.tmvElxOVuDvpmZDVI9Wo1w")
                .getData())
        .asString(StandardCharsets.US_ASCII)
        .isEqualTo(id);
  }

  @Test
  void takesAsManyHeadersOfAClientAsWithoutACaller() {
    var own = "x".repeat(7500);

    assertThat(post(ORDER, NOBODY, "X-Own", own).statusCode()).isEqualTo(202);
    assertThat(
            post(
                    ORDER,
                    new String[] {ISSUER, "i".repeat(256), SUBJECT, "s".repeat(256)},
                    CLAIMS,
                    "x".repeat(4096),
                    "X-Own",
                    own)
                .statusCode())
        .isEqualTo(202);
  }

  static Stream<String> headersOfNoCaller() {
    return Stream.of(
        ISSUER + ": api-key",
        SUBJECT + ": kari",
        CLAIMS + ": {}",
        ISSUER + ": api-key\r\n" + SUBJECT + ":",
        ISSUER + ":\r\n" + SUBJECT + ": kari",
        ISSUER + ": api-key\r\n" + SUBJECT + ": kari\r\n" + SUBJECT + ": kari",
        ISSUER + ": api-key\r\n" + SUBJECT + ": kari\r\nnordfaas-caller-issuer: api-key",
        ISSUER + ": api-key\r\n" + SUBJECT + ": kari, ola",
        ISSUER + ": api-key\r\n" + SUBJECT + ": k\u00e5re",
        ISSUER + ": api-key\r\n" + SUBJECT + ": 100%",
        ISSUER + ": api-key\r\n" + SUBJECT + ": " + "s".repeat(257),
        ISSUER + ": " + "i".repeat(257) + "\r\n" + SUBJECT + ": kari",
        ISSUER + ": api-key\r\n" + SUBJECT + ": kari\r\n" + CLAIMS + ":",
        ISSUER + ": api-key\r\n" + SUBJECT + ": kari\r\n" + CLAIMS + ": {}\r\n" + CLAIMS + ": {}",
        ISSUER + ": api-key\r\n" + SUBJECT + ": kari\r\n" + CLAIMS + ": " + "x".repeat(4097));
  }

  @ParameterizedTest
  @MethodSource("headersOfNoCaller")
  void refusesWhatDoesNotNameOneCaller(String headers) throws IOException {
    var problem =
        "\"detail\":\"headers Nordfaas-Caller-Issuer and Nordfaas-Caller-Subject have to be there"
            + " once each or not at all, Nordfaas-Caller-Claims at most once and only with them,"
            + " in printable ASCII, of at most 256, 256 and 4096 characters\"}";

    assertThat(raw("POST /orders", headers)).startsWith("HTTP/1.1 400 ").endsWith(problem);
    assertThat(raw("GET /status/any", headers)).startsWith("HTTP/1.1 400 ").endsWith(problem);
    assertThat(streams.count(Streams.ORDERS)).isZero();
  }

  @Test
  void readsNoNameWithUnderscores() throws Exception {
    assertThat(
            raw("POST /orders", "Nordfaas_Caller_Issuer: api-key\r\nNordfaas_Caller_Subject: ola"))
        .startsWith("HTTP/1.1 202 ");

    assertThat(stored().getHeaders().keySet())
        .containsExactlyInAnyOrder("Content-Type", "Nats-Msg-Id");
  }

  @Test
  void keepsTheKeysOfCallersApart() {
    var first = post(ORDER, KARI, "Idempotency-Key", "42");

    // None of them can see that the key is in use, whether for another body or for the same one.
    for (var other : List.of(OLA, OTHER_KARI, NOBODY)) {
      for (var body : List.of(ORDER, OTHER_ORDER)) {
        var key = body.equals(ORDER) ? "42" : "43";
        var answer = post(body, other, "Idempotency-Key", key);
        assertThat(answer.statusCode()).isEqualTo(202);
        assertThat(answer.body()).contains("\"duplicate\":false");
        assertThat(id(answer)).isNotEqualTo(id(first));
      }
    }
    assertThat(streams.count(Streams.ORDERS)).isEqualTo(7);
  }

  @ParameterizedTest
  @ValueSource(strings = {ORDER, OTHER_ORDER})
  void nobodyLearnsThatAKeyIsAnothers(String body) {
    post(ORDER, KARI, "Idempotency-Key", "42");

    var used = post(body, OLA, "Idempotency-Key", "42");
    var unused = post(body, OLA, "Idempotency-Key", "43");

    assertThat(used.statusCode()).isEqualTo(202).isEqualTo(unused.statusCode());
    assertThat(used.headers().map().keySet()).isEqualTo(unused.headers().map().keySet());
    assertThat(used.body().replace(id(used), "").replace("\"sequence\":2", "\"sequence\":3"))
        .isEqualTo(unused.body().replace(id(unused), ""));
  }

  @Test
  void refusesTheSameKeyOfTheSameCallerForAnotherBody() {
    post(ORDER, KARI, "Idempotency-Key", "42");

    assertThat(post(OTHER_ORDER, KARI, "Idempotency-Key", "42").statusCode()).isEqualTo(422);
    assertThat(streams.count(Streams.ORDERS)).isEqualTo(1);
  }

  @Test
  void takesAnotherTokenOfTheSameCallerForTheSameRequest() throws Exception {
    var first = post(ORDER, KARI, "Idempotency-Key", "42", CLAIMS, "{\"jti\":\"1\"}");
    var again = post(ORDER, KARI, "Idempotency-Key", "42", CLAIMS, "{\"jti\":\"2\"}");

    assertThat(again.body()).isEqualTo(first.body().replace("false", "true"));
    assertThat(stored().getHeaders().getFirst(CLAIMS)).isEqualTo("{\"jti\":\"1\"}");
  }

  @Test
  void storesARequestWithoutAKeyOnceIfItsCallerSendsTheOneFromTheAnswer() {
    streams.delete(Streams.ORDERS);
    var failed = StrictJson.MAPPER.readTree(post(ORDER, KARI).body());
    streams.make(Streams.ORDERS, any -> {});
    var key = failed.path("idempotencyKey").asString();

    var stored = post(ORDER, KARI, "Idempotency-Key", key);
    var again = post(ORDER, KARI, "Idempotency-Key", key);

    assertThat(again.body()).isEqualTo(stored.body().replace("false", "true"));
    assertThat(streams.count(Streams.ORDERS)).isEqualTo(1);
  }

  /** The path was public when the request was first sent. */
  @Test
  void storesOnceWhatIsSentAgainByACallerThatItDidNotHaveAtFirst() {
    var first = post(ORDER, NOBODY, "Idempotency-Key", "42");
    var again = post(ORDER, KARI, "Idempotency-Key", "42");

    assertThat(again.body()).isEqualTo(first.body().replace("false", "true"));
    assertThat(streams.count(Streams.ORDERS)).isEqualTo(1);
  }

  @Test
  void storesWhatFailedBeforeItHadACallerUnderItsFirstId() throws Exception {
    streams.delete(Streams.ORDERS);
    assertThat(post(ORDER, NOBODY, "Idempotency-Key", "key-1").statusCode()).isEqualTo(503);
    streams.make(Streams.ORDERS, any -> {});

    var again = post(ORDER, KARI, "Idempotency-Key", "key-1");

    assertThat(id(again)).isEqualTo("81696a06-d205-8e76-9dd6-20d0d8ff2e26");
    assertThat(stored().getHeaders().getFirst(SUBJECT)).isEqualTo("kari");
  }

  @Test
  void aKeyFromBeforeIsNoObstacleToAnotherRequestOfACaller() {
    post(ORDER, NOBODY, "Idempotency-Key", "42");

    assertThat(post(OTHER_ORDER, KARI, "Idempotency-Key", "42").statusCode()).isEqualTo(202);
    assertThat(streams.count(Streams.ORDERS)).isEqualTo(2);
  }

  @Test
  void answers503ToACallerWhereItCannotReadKeys() {
    streams.delete(Streams.KEYS);

    assertThat(post(ORDER, KARI, "Idempotency-Key", "42").statusCode()).isEqualTo(503);
    assertThat(streams.count(Streams.ORDERS)).isZero();
  }

  @Test
  void countsCallersOfOneAddressTogether() {
    try (var limited = Role.intake(server, Role.ORDERS, Optional.of(2)).ready()) {
      var statuses =
          IntStream.range(0, 20)
              .mapToObj(
                  i ->
                      limited.post(
                          "/orders",
                          ORDER,
                          "Nordfaas-Client-Ip",
                          "203.0.113.7",
                          ISSUER,
                          "api-key",
                          SUBJECT,
                          "key-" + i))
              .map(HttpResponse::statusCode)
              .toList();

      assertThat(statuses).startsWith(202, 202).contains(429);
    }
  }

  @Test
  void tellsACallerTheStatusOfItsOwn() {
    var id = id(post(ORDER, KARI));
    awaitStatus(id, KARI);

    assertThat(intake.get("/status/" + id, KARI).body())
        .isEqualTo("{\"id\":\"%s\",\"state\":\"accepted\",\"attempts\":0}".formatted(id));
  }

  @Test
  void answersForAStatusOfAnotherCallerAsForAnUnknownId() throws IOException {
    var id = id(post(ORDER, KARI));
    awaitStatus(id, KARI);
    var unknown = id.replaceAll("[0-9a-f]$", id.endsWith("0") ? "1" : "0");

    for (var method : List.of("GET", "HEAD")) {
      for (var caller : List.of(OLA, OTHER_KARI, NOBODY)) {
        var headers = lines(caller);
        // Every byte: the status line, all headers, the body.
        assertThat(raw(method + " /status/" + id, headers))
            .isEqualTo(raw(method + " /status/" + unknown, headers))
            .startsWith("HTTP/1.1 404 ")
            .containsIgnoringCase("\r\nCache-Control: no-store\r\n");
      }
    }
    assertThat(raw("GET /status/" + unknown, lines(KARI)))
        .isEqualTo(raw("GET /status/" + id, lines(OLA)));
  }

  /** As messages on public paths, and those from before callers were told apart. */
  @Test
  void tellsEverybodyTheStatusOfWhatHasNoCaller() {
    var id = id(post(ORDER, NOBODY));
    awaitStatus(id, NOBODY);

    for (var caller : List.of(KARI, OLA, NOBODY)) {
      assertThat(intake.get("/status/" + id, caller).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void namesNobodyInTheStreamOfStatuses() throws Exception {
    var id = id(post(ORDER, KARI, CLAIMS, "{\"email\":\"kari@example.no\"}"));
    awaitStatus(id, KARI);

    var status =
        streams.connection().jetStreamManagement().getLastMessage(Streams.STATUS, "status." + id);
    assertThat(status.getHeaders().getFirst("Nordfaas-Status-Of")).hasSize(43);
    assertThat(status.getHeaders().toMap() + new String(status.getData(), StandardCharsets.UTF_8))
        .doesNotContain("kari")
        .doesNotContain("id.example.no");
  }

  @Test
  void namesNobodyInMetrics() {
    post(ORDER, KARI, "Idempotency-Key", "42");
    post(OTHER_ORDER, KARI, "Idempotency-Key", "42");
    post("{", KARI);

    assertThat(intake.metrics()).contains("nordfaas_intake_refused_total{").doesNotContain("kari");
  }

  /** Neither where a request is accepted, processed and buried, nor where it is refused. */
  @Test
  void namesNobodyInLogs() {
    var port = Ports.free();
    var access = server.access(NatsServer.INTAKE);
    var url = "http://127.0.0.1:" + port;
    try (var function = FunctionStub.start().answers(call -> Reply.of(422));
        var storing =
            RoleProcess.start(
                Map.of(
                    "ROLE", "intake",
                    "HTTP_PORT", Integer.toString(port),
                    "NATS_URL", server.url(),
                    "NATS_USER", access.user(),
                    "NATS_PASSWORD", access.password(),
                    "ROUTES",
                        "[{\"name\":\"orders\",\"path\":\"/orders\",\"subject\":\"%s\",\"maxBodyBytes\":1000}]"
                            .formatted(Streams.SUBJECT)));
        var processing = RoleProcess.start(RoleProcess.worker(server, function))) {
      Awaitility.await()
          .atMost(Duration.ofSeconds(30))
          .ignoreExceptionsInstanceOf(UncheckedIOException.class)
          .until(() -> send(url + "/_/ready", "") == 200);
      assertThat(send(url + "/orders", ORDER)).isEqualTo(202);
      assertThat(send(url + "/orders", OTHER_ORDER)).isEqualTo(422);
      assertThat(send(url + "/orders", "{")).isEqualTo(400);
      Awaitility.await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> streams.deadLetters().size() == 1);
      streams.delete(Streams.ORDERS);
      assertThat(send(url + "/orders", ORDER)).isEqualTo(503);
      storing.stop();
      processing.stop();

      assertThat(storing.output())
          .anyMatch(line -> line.contains("\"accepted\""))
          .anyMatch(line -> line.contains("\"not stored\""))
          .noneMatch(line -> line.contains("kari") || line.contains("id.example.no"));
      assertThat(processing.output())
          .anyMatch(line -> line.contains("\"dead letter\""))
          .noneMatch(line -> line.contains("kari") || line.contains("id.example.no"));
    }
  }

  /** Kari's request. */
  private static int send(String url, String body) {
    var request =
        HttpRequest.newBuilder(URI.create(url))
            .headers(KARI)
            .headers("Content-Type", "application/json", "Idempotency-Key", "42");
    return Role.send(
            (body.isEmpty() ? request : request.POST(HttpRequest.BodyPublishers.ofString(body)))
                .build())
        .statusCode();
  }

  private HttpResponse<String> post(String body, String[] caller, String... headers) {
    return intake.post(
        "/orders", body, Stream.of(caller, headers).flatMap(Stream::of).toArray(String[]::new));
  }

  private void awaitStatus(String id, String[] caller) {
    Awaitility.await().until(() -> intake.get("/status/" + id, caller).statusCode() == 200);
  }

  private MessageInfo stored() throws Exception {
    return streams
        .connection()
        .jetStreamManagement()
        .getFirstMessage(Streams.ORDERS, Streams.SUBJECT);
  }

  private static String id(HttpResponse<String> answer) {
    return StrictJson.MAPPER.readTree(answer.body()).path("id").asString();
  }

  private static String lines(String... headers) {
    var text = new StringBuilder("X-None: 1");
    for (var i = 0; i < headers.length; i += 2) {
      text.append("\r\n").append(headers[i]).append(": ").append(headers[i + 1]);
    }
    return text.toString();
  }

  /** Sends an order, or nothing, with these lines as they are. */
  private String raw(String request, String headers) throws IOException {
    var body = request.startsWith("POST") ? ORDER : "";
    var text =
        "%s HTTP/1.1\r\nHost: intake\r\nConnection: close\r\nContent-Type: application/json\r\n"
                .formatted(request)
            + "Content-Length: %d\r\n%s\r\n\r\n%s".formatted(body.length(), headers, body);
    try (var socket = new Socket("127.0.0.1", intake.url("/").getPort())) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
