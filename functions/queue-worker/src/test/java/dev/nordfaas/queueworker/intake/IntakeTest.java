package dev.nordfaas.queueworker.intake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.queueworker.config.Route;
import dev.nordfaas.queueworker.json.Json;
import dev.nordfaas.queueworker.testing.NatsServer;
import dev.nordfaas.queueworker.testing.Role;
import dev.nordfaas.queueworker.testing.Streams;
import io.nats.client.JetStreamApiException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IntakeTest {
  private static final String ORDER = "{\"orderId\":\"o-1\"}";

  private static NatsServer server;
  private Streams streams;
  private Role intake;

  @BeforeAll
  static void startServer() {
    server = NatsServer.start();
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

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
  void answers202WithIdStreamAndSequence() {
    var answer = intake.post("/orders", ORDER, "Idempotency-Key", "key-1");

    assertThat(answer.statusCode()).isEqualTo(202);
    assertThat(answer.body()).isEqualTo("{\"id\":\"key-1\",\"stream\":\"orders\",\"sequence\":1}");
    assertThat(answer.headers().firstValue("Location")).hasValue("/status/key-1");
    assertThat(streams.count(Streams.ORDERS)).isEqualTo(1);
  }

  @Test
  void warmsUpWithoutAMessageOrACount() {
    assertThat(streams.count(Streams.ORDERS)).isZero();
    assertThat(intake.get("/metrics").body()).doesNotContain("nordfaas_intake_refused_total{");
  }

  @Test
  void storesTheSameKeyOnce() {
    var first = intake.post("/orders", ORDER, "Idempotency-Key", "again");
    var second = intake.post("/orders", ORDER, "Idempotency-Key", "again");

    assertThat(second.statusCode()).isEqualTo(202);
    assertThat(second.body()).isEqualTo(first.body());
    assertThat(streams.count(Streams.ORDERS)).isEqualTo(1);
    assertThat(intake.metric("nordfaas_intake_accepted_total{duplicate=\"true\"")).isEqualTo(1);
  }

  @Test
  void takesTheQuotedFormOfTheKey() {
    var answer = intake.post("/orders", ORDER, "Idempotency-Key", "\"quoted\"");

    assertThat(answer.headers().firstValue("Location")).hasValue("/status/quoted");
  }

  @Test
  void makesAnIdWhereThereIsNoKey() {
    var one = Json.MAPPER.readTree(intake.post("/orders", ORDER).body());
    var other = Json.MAPPER.readTree(intake.post("/orders", ORDER).body());

    assertThat(one.path("id").asString()).hasSize(36);
    assertThat(other.path("id")).isNotEqualTo(one.path("id"));
    assertThat(streams.count(Streams.ORDERS)).isEqualTo(2);
  }

  @Test
  void storesBodyTypeTraceAndOwnHeadersButNoCredentials() throws Exception {
    intake.post(
        "/orders",
        ORDER,
        "Idempotency-Key",
        "headers",
        "traceparent",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "tracestate",
        "vendor=1",
        "X-Tenant",
        "oslo",
        "X-Callback-Url",
        "http://shop/done",
        "Authorization",
        "Bearer secret",
        "Cookie",
        "session=secret",
        "X-Forwarded-For",
        "203.0.113.7",
        "Nats-Rollup",
        "all");

    var message = streams.connection().jetStreamManagement().getMessage(Streams.ORDERS, 1);
    assertThat(new String(message.getData(), StandardCharsets.UTF_8)).isEqualTo(ORDER);
    var headers = message.getHeaders();
    assertThat(headers.getFirst("traceparent"))
        .isEqualTo("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
    assertThat(headers.keySet())
        .containsExactlyInAnyOrder(
            "Content-Type",
            "Nats-Msg-Id",
            "traceparent",
            "tracestate",
            "X-Tenant",
            "X-Callback-Url");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "has space",
        "a.b",
        "",
        "*",
        "ø",
        "65-characters-are-too-long-for-an-id-of-a-request-whatever-it-is-"
      })
  void refusesAnIdThatCannotBePartOfASubject(String key) {
    var answer = intake.post("/orders", ORDER, "Idempotency-Key", key);

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("Idempotency-Key has to be 1 to 64 letters");
    assertThat(streams.count(Streams.ORDERS)).isZero();
  }

  @Test
  void refusesHeadersThatCannotBeStored() throws IOException {
    var request =
        "POST /orders HTTP/1.1\r\nHost: intake\r\nContent-Type: application/json\r\n"
            + "X-Customer: Gr\u00f8nn\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}";

    assertThat(raw(request))
        .startsWith("HTTP/1.1 400")
        .contains("header X-Customer has to be printable ASCII");
  }

  @Test
  void answersARequestForNothingInParticular() throws IOException {
    assertThat(raw("OPTIONS * HTTP/1.1\r\nHost: intake\r\nConnection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 404");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "{\"a\":1}{\"b\":2}", "{\"a\":1,\"a\":2}", "order"})
  void refusesWhatIsNotOneJsonValue(String body) {
    var answer = intake.post("/orders", body);

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    assertThat(streams.count(Streams.ORDERS)).isZero();
  }

  @Test
  void refusesOtherContentTypesWith415() {
    var request =
        HttpRequest.newBuilder(intake.url("/orders"))
            .POST(HttpRequest.BodyPublishers.ofString(ORDER))
            .header("Content-Type", "text/plain")
            .build();

    assertThat(Role.send(request).statusCode()).isEqualTo(415);
  }

  @Test
  void refusesEncodedBodiesWith415() {
    assertThat(intake.post("/orders", ORDER, "Content-Encoding", "gzip").statusCode())
        .isEqualTo(415);
  }

  @Test
  void refusesLargerBodiesWith413() {
    var large = "\"" + "x".repeat(Role.ORDERS.maxBodyBytes()) + "\"";

    assertThat(intake.post("/orders", large).statusCode()).isEqualTo(413);
  }

  @Test
  void refusesLargerBodiesOfUnknownLengthWith413() {
    var large =
        ("\"" + "x".repeat(Role.ORDERS.maxBodyBytes()) + "\"").getBytes(StandardCharsets.UTF_8);
    var request =
        HttpRequest.newBuilder(intake.url("/orders"))
            .POST(HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(large)))
            .header("Content-Type", "application/json")
            .build();

    assertThat(Role.send(request).statusCode()).isEqualTo(413);
    assertThat(streams.count(Streams.ORDERS)).isZero();
  }

  @Test
  void answers404And405() {
    assertThat(intake.post("/order", ORDER).statusCode()).isEqualTo(404);
    var wrongMethod = intake.get("/orders");
    assertThat(wrongMethod.statusCode()).isEqualTo(405);
    assertThat(wrongMethod.headers().firstValue("Allow")).hasValue("POST");
  }

  @Test
  void saysWhichPartOfABodyDoesNotFitItsSchema() {
    var schema =
        Json.MAPPER.readTree(
            """
            {"type": "object", "required": ["orderId"],
             "properties": {"orderId": {"type": "string", "maxLength": 4}}}
            """);
    var route = new Route("orders", "/orders", Streams.SUBJECT, 1000, Optional.of(schema));
    try (var strict = Role.intake(server, route, Optional.empty()).ready()) {
      assertThat(strict.post("/orders", "{\"orderId\":\"o-1\"}").statusCode()).isEqualTo(202);
      var answer = strict.post("/orders", "{\"orderId\":\"o-1234\"}");
      assertThat(answer.statusCode()).isEqualTo(400);
      assertThat(answer.body()).contains("/orderId");
    }
  }

  @Test
  void limitsTheRateOfEachClient() {
    try (var limited = Role.intake(server, Role.ORDERS, Optional.of(2)).ready()) {
      var statuses =
          IntStream.range(0, 4)
              .mapToObj(i -> limited.post("/orders", ORDER, "X-Forwarded-For", "203.0.113.7"))
              .map(HttpResponse::statusCode)
              .toList();
      var other = limited.post("/orders", ORDER, "X-Forwarded-For", "203.0.113.8");

      assertThat(statuses).startsWith(202, 202).contains(429);
      assertThat(other.statusCode()).isEqualTo(202);
    }
  }

  @Test
  void answers503WhenTheStreamIsFullAndLosesNothing() {
    streams.make(Streams.ORDERS, stream -> stream.put("max_bytes", 4096));
    var body = "\"" + "x".repeat(500) + "\"";

    var answers = IntStream.range(0, 20).mapToObj(i -> intake.post("/orders", body)).toList();

    var accepted = answers.stream().filter(answer -> answer.statusCode() == 202).count();
    assertThat(accepted).isPositive().isLessThan(20).isEqualTo(streams.count(Streams.ORDERS));
    var last = answers.get(19);
    assertThat(last.statusCode()).isEqualTo(503);
    assertThat(last.headers().firstValue("Retry-After")).isPresent();
    assertThat(last.body()).contains("the stream is full");
  }

  @Test
  void answers503WhenThereIsNoStream() throws IOException, JetStreamApiException {
    streams.connection().jetStreamManagement().deleteStream(Streams.ORDERS);

    var answer = intake.post("/orders", ORDER);

    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.headers().firstValue("Retry-After")).isPresent();
  }

  @Test
  void takes500AtOnceAndRefusesNone() {
    var answers =
        IntStream.range(0, 500)
            .mapToObj(i -> intake.postAsync("/orders", ORDER, "Idempotency-Key", "burst-" + i))
            .toList();

    assertThat(answers.stream().map(CompletableFuture::join).map(HttpResponse::statusCode))
        .containsOnly(202);
    assertThat(streams.count(Streams.ORDERS)).isEqualTo(500);
  }

  @Test
  void tellsTheStatusOfWhatItAccepted() {
    intake.post("/orders", ORDER, "Idempotency-Key", "status-1");

    Awaitility.await()
        .untilAsserted(
            () -> {
              var status = intake.get("/status/status-1");
              assertThat(status.statusCode()).isEqualTo(200);
              assertThat(status.body())
                  .isEqualTo("{\"id\":\"status-1\",\"state\":\"accepted\",\"attempts\":0}");
            });
  }

  @Test
  void doesNotSetTheStatusBackWhenTheRequestComesAgain() {
    var done = "{\"id\":\"status-2\",\"state\":\"done\",\"attempts\":1}";
    server.publish(NatsServer.WORKER, "status.status-2", done);

    intake.post("/orders", ORDER, "Idempotency-Key", "status-2");
    // The next one's status comes after it on the same connection.
    intake.post("/orders", ORDER, "Idempotency-Key", "status-3");
    Awaitility.await().until(() -> intake.get("/status/status-3").statusCode() == 200);

    assertThat(intake.get("/status/status-2").body()).isEqualTo(done);
  }

  @Test
  void knowsNoStatusOfOtherIds() {
    assertThat(intake.get("/status/never-heard-of").statusCode()).isEqualTo(404);
    assertThat(intake.get("/status/a.b").statusCode()).isEqualTo(404);
  }

  @Test
  void isNotReadyWithoutNatsAndReadyAgainWithIt() {
    server.kill();
    Awaitility.await()
        .untilAsserted(() -> assertThat(intake.get("/_/ready").body()).isEqualTo("NATS is down\n"));
    var refused = intake.post("/orders", ORDER);
    server.restart();
    intake.ready();

    assertThat(refused.statusCode()).isEqualTo(503);
    assertThat(refused.headers().firstValue("Retry-After")).isPresent();
    assertThat(intake.post("/orders", ORDER).statusCode()).isEqualTo(202);
  }

  @Test
  void answersWhatCameInBeforeItStops() {
    var answers =
        IntStream.range(0, 200).mapToObj(i -> intake.postAsync("/orders", ORDER)).toList();
    answers.get(0).join();
    intake.close();

    var accepted =
        answers.stream()
            .map(
                answer ->
                    answer.handle(
                        (response, failure) -> failure == null ? response.statusCode() : 0))
            .map(CompletableFuture::join)
            .filter(status -> status == 202)
            .count();
    // Who could not connect any more has no 202; whoever got through has one.
    assertThat(streams.count(Streams.ORDERS)).isEqualTo(accepted);
  }

  private String raw(String request) throws IOException {
    try (var socket = new Socket("127.0.0.1", intake.url("/").getPort())) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
