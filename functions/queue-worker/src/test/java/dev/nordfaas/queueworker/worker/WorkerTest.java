package dev.nordfaas.queueworker.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.nordfaas.jsoncheck.StrictJson;
import dev.nordfaas.queueworker.config.WorkerSettings;
import dev.nordfaas.queueworker.testing.FunctionStub;
import dev.nordfaas.queueworker.testing.FunctionStub.Call;
import dev.nordfaas.queueworker.testing.FunctionStub.Reply;
import dev.nordfaas.queueworker.testing.NatsServer;
import dev.nordfaas.queueworker.testing.Ports;
import dev.nordfaas.queueworker.testing.Role;
import dev.nordfaas.queueworker.testing.RoleProcess;
import dev.nordfaas.queueworker.testing.Streams;
import io.nats.client.api.MessageInfo;
import io.nats.client.impl.Headers;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WorkerTest {
  private static final String ORDER = "{\"orderId\":\"o-1\"}";

  @RegisterExtension private static final NatsServer server = NatsServer.start();
  private Streams streams;
  private FunctionStub function;

  @BeforeEach
  void start() {
    streams = Streams.create(server);
    function = FunctionStub.start();
  }

  @AfterEach
  void stop() {
    function.close();
    streams.close();
  }

  @Test
  void callsTheFunctionWithBodyIdAttemptAndTrace() throws Exception {
    streams.publish(
        "id-1",
        ORDER,
        new Headers()
            .put("Content-Type", "application/json")
            .put("X-Tenant", "oslo")
            .put("Nordfaas-Reason", "not for the function")
            .put("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"));

    try (var worker = worker()) {
      awaitEmpty();
      assertThat(worker.metric("nordfaas_worker_deliveries_total{outcome=\"done\"}")).isEqualTo(1);
    }

    assertThat(function.calls()).hasSize(1);
    var call = function.calls().get(0);
    assertThat(call.path()).isEqualTo("/function/test");
    assertThat(call.body()).isEqualTo(ORDER);
    assertThat(call.id()).isEqualTo("id-1");
    assertThat(call.attempt()).isEqualTo(1);
    assertThat(call.header("Content-type")).isEqualTo("application/json");
    assertThat(call.header("X-tenant")).isEqualTo("oslo");
    assertThat(call.header("Traceparent"))
        .isEqualTo("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
    assertThat(call.headers().keySet()).noneMatch(name -> name.matches("(?i)(nats|nordfaas)-.*"));
  }

  @Test
  void namesTheCallerToTheFunctionInEachAttempt() throws Exception {
    function.answers(call -> Reply.of(call.attempt() < 3 ? 500 : 200));
    publishOf("id-1", "Nordfaas-Caller-Claims", "{\"scope\":\"orders.write\"}");

    processAll(worker());

    assertThat(function.calls())
        .hasSize(3)
        .allSatisfy(
            call -> {
              assertThat(call.header("Nordfaas-caller-issuer")).isEqualTo("api-key");
              assertThat(call.header("Nordfaas-caller-subject")).isEqualTo("k%C3%A5re");
              assertThat(call.header("Nordfaas-caller-claims"))
                  .isEqualTo("{\"scope\":\"orders.write\"}");
            });
  }

  /** As one that was stored before callers were told apart. */
  @Test
  void namesNobodyWhereTheMessageHasNoCaller() {
    streams.publish("old", ORDER);

    processAll(worker());

    assertThat(function.calls()).hasSize(1);
    assertThat(function.calls().get(0).headers().keySet())
        .noneMatch(name -> name.matches("(?i)nordfaas.*"));
  }

  @ParameterizedTest
  @CsvSource({
    "Nordfaas-Caller-Issuer, another",
    "nordfaas-caller-subject, ola",
    "Nordfaas-Caller-Claims, ''",
  })
  void buriesAtOnceWhatNamesNoCallerClearly(String header, String value) throws Exception {
    publishOf("foreign", header, value);

    processAll(worker());

    assertThat(function.calls()).isEmpty();
    assertThat(streams.deadLetters())
        .singleElement()
        .satisfies(
            letter ->
                assertThat(letter.getFirst("Nordfaas-Reason"))
                    .isEqualTo(
                        "headers Nordfaas-Caller-Issuer and Nordfaas-Caller-Subject of the message"
                            + " do not name one caller"));
  }

  @Test
  void passesOnNoHeaderThatCouldBeReadAsACaller() {
    streams.publish("sly", ORDER, "Nordfaas_Caller_Subject", "ola");

    processAll(worker());

    assertThat(function.calls()).hasSize(1);
    assertThat(function.calls().get(0).headers().keySet())
        .noneMatch(name -> name.matches("(?i)nordfaas.*"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"X-Call_Id", "x_delivery_attempt"})
  void passesOnNoHeaderThatCouldBeReadAsOneOfItsOwn(String header) {
    streams.publish("sly", ORDER, header, "forged");

    processAll(worker());

    assertThat(function.calls())
        .singleElement()
        .satisfies(call -> assertThat(call.headers().toString()).doesNotContain("forged"));
  }

  /** The largest that intake takes; {@link FunctionStub} has the limits of the JDK's server. */
  @Test
  void callsTheFunctionWithAllThatARequestMayHave() {
    var headers = new ArrayList<String>();
    IntStream.range(0, 62).forEach(i -> headers.addAll(List.of("X-Own-" + i, "1")));
    headers.addAll(List.of("X-Large", "x".repeat(7000)));
    headers.addAll(List.of("Nordfaas-Caller-Issuer", "i".repeat(256)));
    headers.addAll(List.of("Nordfaas-Caller-Subject", "s".repeat(256)));
    headers.addAll(List.of("Nordfaas-Caller-Claims", "c".repeat(4096)));
    var query = "q".repeat(2048);
    try (var intake = Role.intake(server)) {
      assertThat(
              intake.post("/orders?" + query, ORDER, headers.toArray(String[]::new)).statusCode())
          .isEqualTo(202);
    }

    processAll(worker());

    assertThat(function.calls())
        .singleElement()
        .satisfies(
            call -> {
              assertThat(call.query()).isEqualTo(query);
              assertThat(call.header("X-own-61")).isEqualTo("1");
              assertThat(call.header("Nordfaas-caller-claims")).hasSize(4096);
              // What docs/functions.md says, and some room for what a gateway adds.
              assertThat(size(call)).isLessThan(15_500);
            });
    assertThat(streams.deadLetters()).isEmpty();
  }

  @Test
  void tellsTheStatusOfACallersMessageToThatCallerOnly() {
    function.answers(call -> Reply.of(call.body().equals(ORDER) ? 200 : 400));
    String[] kari = {"Nordfaas-Caller-Issuer", "api-key", "Nordfaas-Caller-Subject", "kari"};
    String[] ola = {"Nordfaas-Caller-Issuer", "api-key", "Nordfaas-Caller-Subject", "ola"};
    try (var intake = Role.intake(server)) {
      var good = idOf(intake.post("/orders", ORDER, kari));
      var bad = idOf(intake.post("/orders", ORDER + " ", kari));
      processAll(worker());

      for (var ended : Map.of(good, ended(good, "done"), bad, ended(bad, "dead")).entrySet()) {
        var path = "/status/" + ended.getKey();
        await()
            .untilAsserted(
                () -> assertThat(intake.get(path, kari).body()).isEqualTo(ended.getValue()));
        assertThat(intake.get(path, ola).statusCode()).isEqualTo(404);
        assertThat(intake.get(path).statusCode()).isEqualTo(404);
      }
    }
  }

  @Test
  void triesAgainAfterAFailureUntilItIsDone() {
    function.answers(call -> Reply.of(call.attempt() < 3 ? 500 : 201));
    streams.publish("retried", ORDER);

    processAll(worker());

    assertThat(function.calls()).extracting(Call::attempt).containsExactly(1, 2, 3);
    assertThat(function.calls()).extracting(Call::id).containsOnly("retried");
    assertThat(streams.deadLetters()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {408, 425, 429, 500, 502, 503, 504})
  void triesAgainAfter(int status) {
    function.answers(call -> Reply.of(call.attempt() == 1 ? status : 200));
    streams.publish("status", ORDER);

    processAll(worker());

    assertThat(function.calls()).hasSize(2);
    assertThat(streams.deadLetters()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 400, 404, 409, 422})
  void buriesAtOnce(int status) {
    function.answers(call -> Reply.of(status));
    streams.publish("bad", ORDER);

    processAll(worker());

    assertThat(function.calls()).hasSize(1);
    assertThat(streams.deadLetters()).hasSize(1);
    var headers = streams.deadLetters().get(0);
    assertThat(headers.getFirst("Nordfaas-Status")).isEqualTo(Integer.toString(status));
    assertThat(headers.getFirst("Nordfaas-Reason")).isEqualTo("the function answered " + status);
  }

  @Test
  void buriesPoisonAfterMaxDeliverAndDoesNotLetItBlockOthers() {
    function.answers(call -> Reply.of(call.id().equals("poison") ? 500 : 200));
    streams.publish("poison", ORDER);
    IntStream.range(0, 50).forEach(i -> streams.publish("good-" + i, ORDER));

    processAll(worker());

    var calls = function.calls();
    assertThat(calls.stream().filter(call -> call.id().equals("poison"))).hasSize(5);
    assertThat(calls.stream().map(Call::id).distinct()).hasSize(51);
    assertThat(streams.deadLetters()).hasSize(1);
    var headers = streams.deadLetters().get(0);
    assertThat(streams.deadLetterMessages())
        .extracting(MessageInfo::getSubject)
        .singleElement()
        .asString()
        .matches("dlq[.]orders[.]order-processor[.]1[.][0-9]{19}")
        .isEqualTo(headers.getFirst("Nats-Msg-Id"));
    assertThat(headers.getFirst("X-Call-Id")).isEqualTo("poison");
    assertThat(headers.getFirst("Content-Type")).isEqualTo("application/json");
    assertThat(headers.getFirst("Nordfaas-Subject")).isEqualTo(Streams.SUBJECT);
    assertThat(headers.getFirst("Nordfaas-Stream-Sequence")).isEqualTo("1");
    assertThat(headers.getFirst("Nordfaas-Deliveries")).isEqualTo("5");
    assertThat(headers.getFirst("Nordfaas-Status")).isEqualTo("500");
    assertThat(headers.getFirst("Nordfaas-Reason"))
        .isEqualTo("the function answered 500, in attempt 5 of 5");
  }

  /** The stream was deleted and made anew while the call of its first message was in flight. */
  @Test
  void takesTheFirstMessageOfANewStreamForAnotherOne() {
    var atWork = new CountDownLatch(1);
    var newStream = new CountDownLatch(1);
    function.answers(
        call -> {
          if (call.id().equals("old")) {
            atWork.countDown();
            holdUntil(newStream);
          }
          return Reply.of(200);
        });
    streams.publish("old", ORDER);

    try (var worker = Role.worker(settings(Duration.ofSeconds(20), Set.of()))) {
      await().until(() -> atWork.getCount() == 0);
      streams.make(Streams.ORDERS, any -> {});
      streams.makeConsumer(Streams.DURABLE, any -> {});
      streams.publish("new", ORDER);
      await().atMost(Duration.ofSeconds(20)).until(() -> streams.consumer().getNumPending() == 0);
      newStream.countDown();
      awaitEmpty();
      worker.ready();
    }

    assertThat(function.calls()).extracting(Call::id).containsExactly("old", "new");
  }

  @Test
  void givesEachMessageWithoutAnIdOneOfItsOwn() throws Exception {
    streams
        .connection()
        .jetStream()
        .publish(Streams.SUBJECT, ORDER.getBytes(StandardCharsets.UTF_8));
    processAll(worker());
    streams.make(Streams.ORDERS, any -> {});
    streams.makeConsumer(Streams.DURABLE, any -> {});
    streams
        .connection()
        .jetStream()
        .publish(Streams.SUBJECT, ORDER.getBytes(StandardCharsets.UTF_8));
    processAll(worker());

    assertThat(function.calls())
        .extracting(Call::id)
        .hasSize(2)
        .doesNotHaveDuplicates()
        .allMatch(id -> id.matches("orders-1-[0-9]{19}"));
  }

  @Test
  void waitsAsLongAsRetryAfterSays() {
    function.answers(
        call ->
            call.attempt() == 1 ? new Reply(503, Map.of("Retry-After", "2"), "") : Reply.of(200));
    streams.publish("patient", ORDER);

    var started = System.nanoTime();
    processAll(worker());

    assertThat(function.calls()).hasSize(2);
    // The backoff of these tests is 50 ms.
    assertThat(Duration.ofNanos(System.nanoTime() - started)).isGreaterThan(Duration.ofSeconds(2));
  }

  @Test
  void keepsASlowCallToItselfByHeartbeats() {
    useAckWait(Duration.ofSeconds(1));
    function.answers(
        call -> {
          sleep(Duration.ofSeconds(3));
          return Reply.of(200);
        });
    streams.publish("slow", ORDER);

    processAll(worker());

    assertThat(function.calls()).hasSize(1);
  }

  @Test
  void givesUpACallThatTakesTooLong() {
    function.answers(
        call -> {
          sleep(Duration.ofSeconds(call.attempt() == 1 ? 10 : 0));
          return Reply.of(200);
        });
    streams.publish("late", ORDER);

    try (var worker = Role.worker(settings(Duration.ofSeconds(2), Set.of()))) {
      awaitEmpty();
      assertThat(worker.metric("nordfaas_worker_call_seconds_count{status=\"none\"}")).isEqualTo(1);
    }

    assertThat(function.calls()).extracting(Call::attempt).containsExactly(1, 2);
  }

  @Test
  void triesAgainWhenNobodyListens() {
    var elsewhere = function.url();
    function.close();
    streams.publish("nobody", ORDER);

    processAll(Role.worker(Role.settings(server, elsewhere)));

    assertThat(streams.deadLetters()).hasSize(1);
    var headers = streams.deadLetters().get(0);
    assertThat(headers.containsKey("Nordfaas-Status")).isFalse();
    assertThat(headers.getFirst("Nordfaas-Reason"))
        .startsWith("no connection: ")
        .endsWith(", in attempt 5 of 5");
  }

  @Test
  void buriesWithoutACallWhatTheWorkerOfTheLastAttemptLeft() {
    useAckWait(Duration.ofMillis(200));
    streams.publish("left", ORDER);
    takeWithoutAck(5);

    processAll(worker());

    assertThat(function.calls()).isEmpty();
    assertThat(streams.deadLetters()).hasSize(1);
    assertThat(streams.deadLetters().get(0).getFirst("Nordfaas-Reason"))
        .isEqualTo("delivered 6 times, more than 5");
  }

  @Test
  void keepsTheMessageWhileItsDeadLetterCannotBeStored() throws Exception {
    streams.connection().jetStreamManagement().deleteStream(Streams.DEAD_LETTERS);
    function.answers(call -> Reply.of(400));
    streams.publish("kept", ORDER);

    try (var worker = worker()) {
      await().until(() -> worker.metric("nordfaas_worker_deliveries_total{outcome=\"kept\"}") == 1);
    }

    assertThat(streams.count(Streams.ORDERS)).isEqualTo(1);
  }

  @Test
  void deliversAgainWhatAKilledWorkerHadAtWork() {
    // Long enough for a worker that has just started, on a slow machine, to say that it is at work.
    useAckWait(Duration.ofSeconds(4));
    var atWork = new CountDownLatch(1);
    function.answers(
        call -> {
          atWork.countDown();
          sleep(Duration.ofSeconds(call.attempt() == 1 ? 60 : 0));
          return Reply.of(200);
        });
    streams.publish("orphan", ORDER);

    try (var first = RoleProcess.start(RoleProcess.worker(server, function))) {
      await().atMost(Duration.ofSeconds(30)).until(() -> atWork.getCount() == 0);
      first.kill();
    }
    processAll(worker());

    assertThat(function.calls()).extracting(Call::attempt).containsExactly(1, 2);
    assertThat(function.calls()).extracting(Call::id).containsOnly("orphan");
  }

  @Test
  void finishesItsCallsBeforeItStops() {
    function.answers(
        call -> {
          sleep(Duration.ofMillis(1500));
          return Reply.of(200);
        });
    IntStream.range(0, 10).forEach(i -> streams.publish("drain-" + i, ORDER));

    var worker = worker();
    await().until(() -> function.calls().size() == 10);
    worker.close();

    assertThat(streams.count(Streams.ORDERS)).isZero();
    assertThat(function.calls()).hasSize(10);
  }

  @Test
  void pullsNothingMoreOnceItStops() {
    function.answers(
        call -> {
          sleep(Duration.ofMillis(300));
          return Reply.of(200);
        });
    IntStream.range(0, 200).forEach(i -> streams.publish("many-" + i, ORDER));

    var worker = worker();
    await().until(() -> function.calls().size() >= 16);
    worker.close();

    var left = streams.count(Streams.ORDERS);
    assertThat(left).isPositive();
    assertThat(function.calls()).hasSize(200 - (int) left);
    // Nobody has any of them: the next worker gets them at once.
    assertThat(streams.consumer().getNumAckPending()).isZero();
  }

  @Test
  void hasAsManyCallsInFlightAsItMayAndNoMore() {
    var now = new AtomicInteger();
    var most = new AtomicInteger();
    var sixteen = new CountDownLatch(16);
    function.answers(
        call -> {
          most.accumulateAndGet(now.incrementAndGet(), Math::max);
          arrive(sixteen);
          now.decrementAndGet();
          return Reply.of(200);
        });
    IntStream.range(0, 100).forEach(i -> streams.publish("limited-" + i, ORDER));

    processAll(worker());

    assertThat(most.get()).isEqualTo(16);
  }

  /** Behind one address are several pods, and a connection stays with the one it was opened to. */
  @Test
  void keepsAConnectionForSomeSecondsOnly() {
    var opened = new ConcurrentHashMap<Integer, Long>();
    var longest = new AtomicLong();
    function.answers(
        call -> {
          var now = System.nanoTime();
          var since = opened.computeIfAbsent(call.connection(), connection -> now);
          longest.accumulateAndGet(now - since, Math::max);
          return Reply.of(200);
        });

    try (var worker = worker()) {
      for (var i = 0; i < 120; i++) {
        streams.publish("steady-" + i, ORDER);
        sleep(Duration.ofMillis(50));
      }
      awaitEmpty();
      assertThat(worker.metric("nordfaas_worker_deliveries_total{outcome=\"done\"}"))
          .isEqualTo(120);
    }

    assertThat(Duration.ofNanos(longest.get()))
        .isBetween(Duration.ofSeconds(1), Duration.ofSeconds(4));
  }

  @Test
  void tellsTheStatusOfEachMessage() {
    function.answers(call -> Reply.of(call.body().equals(ORDER) ? 200 : 400));
    try (var intake = Role.intake(server)) {
      var good = idOf(intake.post("/orders", ORDER));
      var bad = idOf(intake.post("/orders", ORDER + " "));
      processAll(worker());

      await()
          .untilAsserted(() -> assertThat(statusOf(intake, good)).isEqualTo(ended(good, "done")));
      await().untilAsserted(() -> assertThat(statusOf(intake, bad)).isEqualTo(ended(bad, "dead")));
    }
  }

  private static String idOf(HttpResponse<String> answer) {
    return StrictJson.MAPPER.readTree(answer.body()).get("id").asString();
  }

  private static String statusOf(Role intake, String id) {
    return intake.get("/status/" + id).body();
  }

  private static String ended(String id, String state) {
    return "{\"id\":\"%s\",\"state\":\"%s\",\"attempts\":1}".formatted(id, state);
  }

  @Test
  void sendsTheResultToAnAllowedCallback() throws Exception {
    try (var shop = FunctionStub.start()) {
      function.answers(
          call -> new Reply(201, Map.of("Content-Type", "application/json"), "{\"id\":1}"));
      publishOf("called-back", "X-Callback-Url", "http://127.0.0.1:%d/done".formatted(shop.port()));

      var worker = Role.worker(settings(Duration.ofSeconds(5), Set.of("127.0.0.1:" + shop.port())));
      await().until(() -> !shop.calls().isEmpty());
      worker.close();

      var call = shop.calls().get(0);
      assertThat(call.path()).isEqualTo("/done");
      assertThat(call.id()).isEqualTo("called-back");
      assertThat(call.header("X-function-status")).isEqualTo("201");
      assertThat(call.header("Content-type")).isEqualTo("application/json");
      assertThat(call.body()).isEqualTo("{\"id\":1}");
      assertThat(call.headers().keySet()).noneMatch(name -> name.matches("(?i)nordfaas.*"));
      assertThat(function.calls().get(0).headers()).doesNotContainKey("X-callback-url");
    }
  }

  @Test
  void processesAMessageWhoseCallbackIsNoUrl() throws Exception {
    publishWithCallback("nonsense", "//shop.example.no/");

    processAll(Role.worker(settings(Duration.ofSeconds(5), Set.of("shop.example.no"))));

    assertThat(function.calls()).hasSize(1);
  }

  @Test
  void callsNobodyBackWhoIsNotOnTheList() throws Exception {
    try (var stranger = FunctionStub.start()) {
      publishWithCallback("refused", "http://127.0.0.1:%d/done".formatted(stranger.port()));
      publishWithCallback("after", "http://127.0.0.1:%d/done".formatted(stranger.port()));

      processAll(Role.worker(settings(Duration.ofSeconds(5), Set.of("shop.example.no"))));

      assertThat(function.calls()).hasSize(2);
      assertThat(stranger.calls()).isEmpty();
    }
  }

  @Test
  void isReadyOnlyWithItsConsumerAndStopsWhenTold() throws Exception {
    streams.connection().jetStreamManagement().deleteStream(Streams.ORDERS);
    var port = Ports.free();
    var environment = new HashMap<>(RoleProcess.worker(server, function));
    environment.put("HTTP_PORT", Integer.toString(port));
    try (var process = RoleProcess.start(environment)) {
      awaitReadiness(port, "consumer order-processor of stream orders is not available");
      streams.close();
      streams = Streams.create(server);
      awaitReadiness(port, "ready");
      assertThat(process.stop()).isEqualTo(143);
      assertThat(process.output()).last().asString().contains("\"message\":\"stopped\"");
    }
  }

  private static void awaitReadiness(int port, String text) {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d/_/ready".formatted(port))).build();
    await()
        .atMost(Duration.ofSeconds(20))
        .ignoreExceptionsInstanceOf(UncheckedIOException.class)
        .untilAsserted(() -> assertThat(Role.send(request).body()).isEqualTo(text + "\n"));
  }

  private Role worker() {
    return Role.worker(Role.settings(server, function.url()));
  }

  private WorkerSettings settings(Duration timeout, Set<String> callbackHosts) {
    var settings = Role.settings(server, function.url());
    return new WorkerSettings(
        settings.nats(),
        settings.httpPort(),
        settings.stream(),
        settings.durable(),
        settings.functionUrl(),
        settings.concurrency(),
        timeout,
        settings.maxDeliver(),
        settings.backoff(),
        callbackHosts);
  }

  private void useAckWait(Duration wait) {
    streams.close();
    streams = Streams.create(server, stream -> {}, Streams.ackWait(wait));
  }

  private void publishWithCallback(String id, String url) throws Exception {
    streams.publish(id, ORDER, new Headers().put("X-Callback-Url", url));
  }

  /** Bytes of the request's line and headers. */
  private static int size(FunctionStub.Call call) {
    return "POST ? HTTP/1.1\r\n\r\n".length()
        + call.path().length()
        + call.query().length()
        + call.headers().entrySet().stream()
            .flatMap(header -> header.getValue().stream().map(value -> header.getKey() + value))
            .mapToInt(text -> text.length() + ": \r\n".length())
            .sum();
  }

  /** Publishes a message of a caller. */
  private void publishOf(String id, String header, String value) throws Exception {
    streams.publish(
        id,
        ORDER,
        new Headers()
            .put("Nordfaas-Caller-Issuer", "api-key")
            .put("Nordfaas-Caller-Subject", "k%C3%A5re")
            .add(header, value));
  }

  /** Takes the one message so often, and lets the ack wait pass each time. */
  private void takeWithoutAck(int times) {
    var subscription = streams.pull();
    for (var taken = 0; taken < times; taken++) {
      assertThat(subscription.fetch(1, Duration.ofSeconds(5))).hasSize(1);
    }
    subscription.unsubscribe();
  }

  /** Lets the worker process all there is, and drains it. */
  private void processAll(Role worker) {
    try (worker) {
      awaitEmpty();
    }
  }

  private void awaitEmpty() {
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> assertThat(streams.count(Streams.ORDERS)).isZero());
  }

  private static void holdUntil(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void arrive(CountDownLatch latch) {
    latch.countDown();
    try {
      assertThat(latch.await(5, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void sleep(Duration duration) {
    try {
      Thread.sleep(duration.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
