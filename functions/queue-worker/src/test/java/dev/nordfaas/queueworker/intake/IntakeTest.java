package dev.nordfaas.queueworker.intake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.jsoncheck.StrictJson;
import dev.nordfaas.queueworker.config.Route;
import dev.nordfaas.queueworker.testing.NatsServer;
import dev.nordfaas.queueworker.testing.Role;
import dev.nordfaas.queueworker.testing.Streams;
import io.nats.client.JetStreamApiException;
import io.vertx.core.MultiMap;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IntakeTest {
  private static final String ORDER = "{\"orderId\":\"o-1\"}";
  private static final String TOO_MANY =
      "the headers Content-Type and X- may be 64 at most, of 8192 bytes altogether";

  /** Go's server adds 4 KiB to its limit of 32. */
  private static final int LARGEST_OF_THE_EDGE = 36 << 10;

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
  void answers202WithIdStreamAndSequence() {
    var answer = intake.post("/orders", ORDER, "Idempotency-Key", "key-1");

    assertThat(answer.statusCode()).isEqualTo(202);
    assertThat(answer.body())
        .isEqualTo(
            "{\"id\":\"%s\",\"stream\":\"orders\",\"sequence\":1,\"duplicate\":false}"
                .formatted(id(answer)));
    assertThat(answer.headers().firstValue("Location")).hasValue("/status/" + id(answer));
    assertThat(streams.count(Streams.ORDERS)).isEqualTo(1);
  }

  @Test
  void warmsUpWithoutAMessageOrACount() {
    assertThat(streams.count(Streams.ORDERS)).isZero();
    assertThat(intake.metrics()).doesNotContain("nordfaas_intake_refused_total{");
  }

  @Test
  void whoPostsCannotReadItsMetrics() {
    assertThat(intake.get("/metrics").statusCode()).isEqualTo(404);
    assertThat(intake.metrics()).contains("nordfaas_intake_");
  }

  @Test
  void storesTheSameKeyOnce() {
    var first = intake.post("/orders", ORDER, "Idempotency-Key", "again");
    var second = intake.post("/orders", ORDER, "Idempotency-Key", "again");

    assertThat(second.statusCode()).isEqualTo(202);
    assertThat(second.body()).isEqualTo(first.body().replace("false", "true"));
    assertThat(second.headers().firstValue("Location"))
        .isEqualTo(first.headers().firstValue("Location"));
    assertThat(streams.count(Streams.ORDERS)).isEqualTo(1);
    assertThat(intake.metric("nordfaas_intake_accepted_total{duplicate=\"true\"")).isEqualTo(1);
  }

  @Test
  void refusesTheSameKeyForAnotherBody() {
    intake.post("/orders", ORDER, "Idempotency-Key", "key-1");
    var other = intake.post("/orders", "{\"orderId\":\"o-2\"}", "Idempotency-Key", "key-1");

    assertThat(other.statusCode()).isEqualTo(422);
    assertThat(other.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    assertThat(other.body())
        .isEqualTo(
            "{\"title\":\"Unprocessable Entity\",\"status\":422,"
                + "\"detail\":\"this Idempotency-Key belongs to another request;"
                + " a new request needs a new key\"}");
    assertThat(streams.count(Streams.ORDERS)).isEqualTo(1);
  }

  @Test
  void keepsTheKeysOfTwoRoutesApart() {
    var cancel = new Route("cancel", "/cancel", Streams.SUBJECT, 1000, Optional.empty());
    try (var both = Role.intake(server, Role.ORDERS, cancel)) {
      var order = both.post("/orders", ORDER, "Idempotency-Key", "42");
      var cancelled = both.post("/cancel", ORDER, "Idempotency-Key", "42");

      assertThat(List.of(order.statusCode(), cancelled.statusCode())).containsOnly(202);
      assertThat(streams.count(Streams.ORDERS)).isEqualTo(2);
      assertThat(cancelled.headers().firstValue("Location"))
          .isNotEqualTo(order.headers().firstValue("Location"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"Content-Type: application/vnd.api+json", "X-Callback-Url: http://shop/2"})
  void refusesTheSameKeyForWhatIsProcessedInAnotherWay(String header) {
    intake.post("/orders", ORDER, "Idempotency-Key", "key-1");
    var request =
        HttpRequest.newBuilder(intake.url("/orders"))
            .POST(HttpRequest.BodyPublishers.ofString(ORDER))
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", "key-1");
    var part = header.split(": ");
    request.setHeader(part[0], part[1]);

    assertThat(Role.send(request.build()).statusCode()).isEqualTo(422);
  }

  @Test
  void takesAnotherAttemptWithItsOwnTraceAndHeaders() {
    intake.post("/orders", ORDER, "Idempotency-Key", "key-1", "X-Request-Id", "1");
    var again = intake.post("/orders", ORDER, "Idempotency-Key", "key-1", "X-Request-Id", "2");

    assertThat(again.statusCode()).isEqualTo(202);
    assertThat(again.body()).contains("\"duplicate\":true");
  }

  @Test
  void refusesTwoKeys() {
    var answer = intake.post("/orders", ORDER, "Idempotency-Key", "one", "Idempotency-Key", "two");

    assertThat(answer.statusCode()).isEqualTo(400);
  }

  @Test
  void storesWhatFailedAfterItsKeyWasNoted() {
    streams.delete(Streams.ORDERS);
    var failed = intake.post("/orders", ORDER, "Idempotency-Key", "key-1");
    streams.make(Streams.ORDERS, any -> {});
    var other = intake.post("/orders", "{}", "Idempotency-Key", "key-1");
    var again = intake.post("/orders", ORDER, "Idempotency-Key", "key-1");

    assertThat(List.of(failed.statusCode(), other.statusCode(), again.statusCode()))
        .containsExactly(503, 422, 202);
    assertThat(again.body()).contains("\"duplicate\":false");
    assertThat(streams.count(Streams.ORDERS)).isEqualTo(1);
    assertThat(streams.first()).isEqualTo(ORDER);
  }

  @Test
  void storesOneOfManyAtOnceAndSaysWhich() {
    try (var another = Role.intake(server)) {
      var bodies =
          IntStream.range(0, 8).mapToObj(i -> "{\"orderId\":\"%d\"}".formatted(i)).toList();
      for (var round = 0; round < 20; round++) {
        var key = "round-" + round;
        var answers =
            IntStream.range(0, 16)
                .mapToObj(
                    i ->
                        (i % 2 == 0 ? intake : another)
                            .postAsync("/orders", bodies.get(i / 2), "Idempotency-Key", key))
                .toList()
                .stream()
                .map(CompletableFuture::join)
                .toList();

        var accepted =
            IntStream.range(0, 16)
                .filter(i -> answers.get(i).statusCode() == 202)
                .map(i -> i / 2)
                .distinct()
                .toArray();
        assertThat(answers.stream().map(HttpResponse::statusCode)).containsOnly(202, 422);
        assertThat(accepted).as(key).hasSize(1);
        assertThat(streams.count(Streams.ORDERS)).isEqualTo(1);
        assertThat(streams.first()).isEqualTo(bodies.get(accepted[0]));
        streams.make(Streams.ORDERS, any -> {});
      }
    }
  }

  @Test
  void knowsKeysAfterARestartOfEverything() {
    var first = intake.post("/orders", ORDER, "Idempotency-Key", "key-1");
    intake.close();
    server.kill();
    server.restart();
    streams.close();
    streams = Streams.of(server);
    intake = Role.intake(server);

    var again = intake.post("/orders", ORDER, "Idempotency-Key", "key-1");
    assertThat(again.body()).isEqualTo(first.body().replace("false", "true"));
    assertThat(intake.post("/orders", "{}", "Idempotency-Key", "key-1").statusCode())
        .isEqualTo(422);
    assertThat(streams.count(Streams.ORDERS)).isEqualTo(1);
  }

  @Test
  void answers503WhereItCannotNoteKeysAndDoesWithoutThemOtherwise() {
    streams.delete(Streams.KEYS);

    var answer = intake.post("/orders", ORDER, "Idempotency-Key", "key-1");
    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.headers().firstValue("Retry-After")).isPresent();
    assertThat(streams.count(Streams.ORDERS)).isZero();
    assertThat(intake.post("/orders", ORDER).statusCode()).isEqualTo(202);
  }

  @Test
  void freesAKeyAfterItsTimeAndStoresTheNextRequest() {
    streams.make(
        Streams.KEYS,
        keys -> keys.put("max_age", 1_000_000_000L).put("duplicate_window", 1_000_000_000L));
    intake.post("/orders", ORDER, "Idempotency-Key", "key-1");

    Awaitility.await()
        .until(() -> intake.post("/orders", "{}", "Idempotency-Key", "key-1").statusCode() == 202);
    assertThat(streams.count(Streams.ORDERS)).isEqualTo(2);
  }

  @Test
  void storesARequestWithoutAKeyOnceIfItComesAgainWithTheOneFromTheAnswer() {
    streams.delete(Streams.ORDERS);
    var failed = StrictJson.MAPPER.readTree(intake.post("/orders", ORDER).body());
    streams.make(Streams.ORDERS, any -> {});
    var key = failed.path("idempotencyKey").asString();

    var id = id(intake.post("/orders", ORDER, "Idempotency-Key", key));

    assertThat(key).hasSize(36);
    // The id is the one that the first attempt would have been stored under.
    var headers = MultiMap.caseInsensitiveMultiMap();
    headers.add("Content-Type", "application/json");
    assertThat(
            RequestIdentity.of(
                    Role.ORDERS,
                    Optional.empty(),
                    new IdempotencyKey(key, false),
                    headers,
                    "",
                    ORDER.getBytes(StandardCharsets.UTF_8))
                .callId())
        .isEqualTo(id);
  }

  @Test
  void noClientChoosesTheIdOfAStatus() {
    var first = id(intake.post("/orders", ORDER, "Idempotency-Key", "key-1"));
    var other = id(intake.post("/orders", ORDER, "Idempotency-Key", first, "X-Call-Id", first));

    assertThat(other).isNotEqualTo(first);
    assertThat(streams.count(Streams.ORDERS)).isEqualTo(2);
  }

  @Test
  void takesTheQuotedFormOfTheKey() {
    var answer = intake.post("/orders", ORDER, "Idempotency-Key", "\"quoted\"");

    assertThat(id(answer))
        .isEqualTo(id(intake.post("/orders", ORDER, "Idempotency-Key", "quoted")));
    assertThat(streams.count(Streams.ORDERS)).isEqualTo(1);
  }

  @Test
  void makesAnIdWhereThereIsNoKey() {
    var one = StrictJson.MAPPER.readTree(intake.post("/orders", ORDER).body());
    var other = StrictJson.MAPPER.readTree(intake.post("/orders", ORDER).body());

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

    var message = streams.stored(1);
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
  void refusesWhatIsNoKey(String key) {
    var answer = intake.post("/orders", ORDER, "Idempotency-Key", key);

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("Idempotency-Key has to be one of 1 to 64 letters");
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

  /** Python reads them as X-Call-Id and the like, and would not know which of the two is ours. */
  @ParameterizedTest
  @ValueSource(
      strings = {"X-Call_Id", "x-delivery_attempt", "X-Api_Key", "X-Forwarded_For", "X-Real_Ip"})
  void storesNoHeaderOfAClientThatCouldBeReadAsOneItDrops(String header) throws Exception {
    intake.post("/orders", ORDER, header, "forged");

    assertThat(streams.stored(1).getHeaders().keySet())
        .containsExactlyInAnyOrder("Content-Type", "Nats-Msg-Id");
  }

  @Test
  void takes64HeadersOfAClientAndNoMore() {
    assertThat(intake.post("/orders", ORDER, headers(64)).statusCode()).isEqualTo(202);

    var answer = intake.post("/orders", ORDER, headers(65));
    assertThat(answer.statusCode()).isEqualTo(431);
    assertThat(answer.body()).endsWith("\"detail\":\"" + TOO_MANY + "\"}");
    assertThat(streams.count(Streams.ORDERS)).isEqualTo(1);
  }

  @Test
  void takes8KiBOfHeadersOfAClientAndNoMore() throws IOException {
    var type = "Content-Type: application/json";
    var largest = (8 << 10) - (type + "\r\nX-Own: \r\n").length();
    var request =
        "POST /orders HTTP/1.1\r\nHost: intake\r\n%s\r\nX-Own: %s\r\n"
            + "Connection: close\r\nContent-Length: 2\r\n\r\n{}";

    assertThat(raw(request.formatted(type, "x".repeat(largest)))).startsWith("HTTP/1.1 202");
    assertThat(raw(request.formatted(type, "x".repeat(largest + 1))))
        .startsWith("HTTP/1.1 431")
        .endsWith("\"detail\":\"" + TOO_MANY + "\"}");
    assertThat(streams.count(Streams.ORDERS)).isEqualTo(1);
  }

  /**
   * Nor does it close the connection with half of the request unread: the edge might see that
   * before the answer, and say 502.
   */
  @Test
  void refusesMoreHeadersAndALongerTargetThanItTakesOnAConnectionThatStays() throws IOException {
    var cookie = "Cookie: %s\r\n".formatted("x".repeat(LARGEST_OF_THE_EDGE));
    var target = "/orders?" + "x".repeat(LARGEST_OF_THE_EDGE);
    var request = "POST %s HTTP/1.1\r\nHost: intake\r\n%sContent-Length: 2\r\n\r\n{}";

    var answers =
        raw(
            request.formatted("/orders", cookie + "Content-Type: application/json\r\n")
                + request.formatted(target, "Content-Type: application/json\r\n")
                + request.formatted("/none", cookie + "Connection: close\r\n"));

    assertThat(Pattern.compile("HTTP/1.1 ([0-9]+)").matcher(answers).results())
        .extracting(status -> status.group(1))
        .containsExactly("431", "414", "404");
    assertThat(answers)
        .contains("the headers of a request may be of 16384 bytes altogether")
        .contains("the query is longer than the 2048 characters that this path accepts");
    assertThat(streams.count(Streams.ORDERS)).isZero();
  }

  @Test
  void takes16KiBOfHeadersAltogetherAndNoMore() {
    // What the client adds: Content-Length, Host and the like.
    assertThat(intake.post("/orders", ORDER, "Cookie", "x".repeat(15 << 10)).statusCode())
        .isEqualTo(202);
    assertThat(intake.post("/orders", ORDER, "Cookie", "x".repeat(16 << 10)).statusCode())
        .isEqualTo(431);
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
        StrictJson.MAPPER.readTree(
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
          IntStream.range(0, 20)
              .mapToObj(i -> limited.post("/orders", ORDER, "Nordfaas-Client-Ip", "203.0.113.7"))
              .map(HttpResponse::statusCode)
              .toList();
      var other = limited.post("/orders", ORDER, "Nordfaas-Client-Ip", "203.0.113.8");

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
    var id = id(intake.post("/orders", ORDER, "Idempotency-Key", "status-1"));

    Awaitility.await()
        .untilAsserted(
            () -> {
              var status = intake.get("/status/" + id);
              assertThat(status.statusCode()).isEqualTo(200);
              assertThat(status.body())
                  .isEqualTo("{\"id\":\"%s\",\"state\":\"accepted\",\"attempts\":0}".formatted(id));
            });
  }

  @Test
  void doesNotSetTheStatusBackWhenTheRequestComesAgain() {
    var id = id(intake.post("/orders", ORDER, "Idempotency-Key", "status-2"));
    Awaitility.await().until(() -> intake.get("/status/" + id).statusCode() == 200);
    var done = "{\"id\":\"%s\",\"state\":\"done\",\"attempts\":1}".formatted(id);
    server.publish(NatsServer.WORKER, "status." + id, done);
    // As if the stream had forgotten it.
    streams.make(Streams.ORDERS, any -> {});

    intake.post("/orders", ORDER, "Idempotency-Key", "status-2");
    // The next one's status comes after it on the same connection.
    var next = id(intake.post("/orders", ORDER, "Idempotency-Key", "status-3"));
    Awaitility.await().until(() -> intake.get("/status/" + next).statusCode() == 200);

    assertThat(intake.get("/status/" + id).body()).isEqualTo(done);
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

  /** So many of a client's own. The content's type is one, too. */
  private static String[] headers(int count) {
    return IntStream.range(1, count)
        .boxed()
        .flatMap(i -> Stream.of("X-Own-" + i, "1"))
        .toArray(String[]::new);
  }

  private static String id(HttpResponse<String> answer) {
    return StrictJson.MAPPER.readTree(answer.body()).path("id").asString();
  }

  private String raw(String request) throws IOException {
    try (var socket = new Socket("127.0.0.1", intake.url("/").getPort())) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
