package dev.nordfaas.queueworker.deadletters;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.queueworker.testing.FunctionStub;
import dev.nordfaas.queueworker.testing.FunctionStub.Call;
import dev.nordfaas.queueworker.testing.FunctionStub.Reply;
import dev.nordfaas.queueworker.testing.NatsServer;
import dev.nordfaas.queueworker.testing.Role;
import dev.nordfaas.queueworker.testing.Streams;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whom a replayed message reaches. */
class ReplayTest {
  private static final String ORDER = "{\"orderId\":\"o-1\"}";

  @RegisterExtension private static final NatsServer server = NatsServer.start();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private FunctionStub orders;
  private FunctionStub mails;

  @BeforeEach
  void start() {
    orders = FunctionStub.start();
    mails = FunctionStub.start().answers(call -> Reply.of(422));
  }

  @AfterEach
  void stop() {
    orders.close();
    mails.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"interest", "limits"})
  void onlyTheConsumerThatFailedProcessesItAgain(String retention) {
    try (var streams = Streams.createForTwo(server, retention)) {
      streams.publish("shared", ORDER);
      processBoth(streams);
      mails.answers(call -> Reply.of(200));

      assertThat(run("replay", "--all", "--yes")).isZero();
      processBoth(streams);

      assertThat(out.toString())
          .isEqualTo("replayed 1 (id shared) as 2 of orders to consumer mailer\n");
      assertThat(orders.calls()).extracting(Call::id).containsExactly("shared");
      assertThat(mails.calls()).extracting(Call::id).containsExactly("shared", "shared");
      assertThat(streams.deadLetters()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"interest", "limits"})
  void whatDiesAgainIsADeadLetterOfTheSameConsumer(String retention) {
    try (var streams = Streams.createForTwo(server, retention)) {
      streams.publish("stubborn", ORDER);
      processBoth(streams);
      for (var sequence = 1; sequence <= 3; sequence++) {
        assertThat(run("replay", Integer.toString(sequence))).isZero();
        processBoth(streams);
      }

      assertThat(orders.calls()).hasSize(1);
      assertThat(mails.calls()).hasSize(4);
      assertThat(streams.deadLetterMessages())
          .singleElement()
          .satisfies(letter -> assertThat(letter.getSubject()).startsWith("dlq.orders.mailer.4."));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"interest", "limits"})
  void refusesWhereTheConsumerIsGoneUnlessAnotherIsNamed(String retention) {
    try (var streams = Streams.createForTwo(server, retention)) {
      streams.publish("orphan", ORDER);
      processBoth(streams);
      streams.deleteConsumer(Streams.OTHER_DURABLE);

      assertThat(run("replay", "1")).isEqualTo(1);
      assertThat(run("replay", "--all", "--yes")).isEqualTo(1);

      assertThat(err.toString().lines().distinct())
          .containsExactly(
              "dead letter 1 cannot be replayed to consumer mailer of stream orders, which does not"
                  + " exist; choose one that takes it with --to: order-processor");
      assertThat(streams.deadLetters()).hasSize(1);

      assertThat(run("replay", "1", "--to", "order-processor")).isZero();
      Role.process(server, streams, Streams.DURABLE, orders);
      assertThat(orders.calls()).hasSize(2);
    }
  }

  /** A work queue has one consumer for each subject: here it was renamed. */
  @Test
  void aWorkQueueGivesItToTheConsumerThatIsNamed() {
    try (var streams = Streams.create(server)) {
      streams.deleteConsumer(Streams.DURABLE);
      streams.makeConsumer(Streams.OTHER_DURABLE, consumer -> {});
      streams.publish("renamed", ORDER);
      Role.process(server, streams, Streams.OTHER_DURABLE, mails);
      streams.deleteConsumer(Streams.OTHER_DURABLE);
      streams.makeConsumer(Streams.DURABLE, consumer -> {});

      assertThat(run("replay", "1")).isEqualTo(1);
      assertThat(streams.deadLetters()).hasSize(1);

      assertThat(run("replay", "1", "--to", Streams.DURABLE)).isZero();
      Role.process(server, streams, Streams.DURABLE, orders);
      assertThat(orders.calls()).extracting(Call::id).containsExactly("renamed");
      assertThat(streams.count(Streams.ORDERS)).isZero();
    }
  }

  /**
   * The function is called with the client's query each time: again, from the dead letters, too.
   */
  @Test
  void theQueryOutlivesRedeliveryAndTheDeadLetters() {
    try (var streams = Streams.create(server);
        var intake = Role.intake(server)) {
      orders.answers(call -> Reply.of(call.attempt() == 1 ? 503 : 422));
      intake.post("/orders?tenant=7&note=%0Aa%3Db", ORDER);
      Role.process(server, streams, Streams.DURABLE, orders);
      assertThat(run("show", "1")).isZero();
      orders.answers(call -> Reply.of(200));
      assertThat(run("replay", "1")).isZero();
      Role.process(server, streams, Streams.DURABLE, orders);

      assertThat(orders.calls())
          .hasSize(3)
          .allSatisfy(
              call -> {
                assertThat(call.path()).isEqualTo("/function/test");
                assertThat(call.query()).isEqualTo("tenant=7&note=%0Aa%3Db");
                assertThat(call.headers()).doesNotContainKey("Nordfaas-query");
              });
      assertThat(out.toString()).contains("Nordfaas-Query: tenant=7&note=%0Aa%3Db\n");
    }
  }

  /** The function is told who is calling each time, and only the caller is told the status. */
  @Test
  void theCallerOutlivesRedeliveryAndTheDeadLetters() {
    String[] kari = {"Nordfaas-Caller-Issuer", "api-key", "Nordfaas-Caller-Subject", "kari"};
    try (var streams = Streams.create(server);
        var intake = Role.intake(server)) {
      orders.answers(call -> Reply.of(call.attempt() == 1 ? 503 : 422));
      var status =
          intake.post("/orders", ORDER, kari).headers().firstValue("Location").orElseThrow();
      Role.process(server, streams, Streams.DURABLE, orders);
      orders.answers(call -> Reply.of(200));
      assertThat(run("list")).isZero();
      assertThat(out.toString()).doesNotContain("kari");
      assertThat(run("replay", "1")).isZero();
      Role.process(server, streams, Streams.DURABLE, orders);

      assertThat(orders.calls())
          .hasSize(3)
          .allSatisfy(
              call -> {
                assertThat(call.header("Nordfaas-caller-issuer")).isEqualTo("api-key");
                assertThat(call.header("Nordfaas-caller-subject")).isEqualTo("kari");
                assertThat(call.headers()).doesNotContainKey("Nordfaas-caller-claims");
              });
      Awaitility.await()
          .until(() -> intake.get(status, kari).body().contains("\"state\":\"done\""));
      assertThat(intake.get(status).statusCode()).isEqualTo(404);
    }
  }

  /** A client chooses the size of its message; a replayed one is larger by an id. */
  @Test
  void oneThatTheStreamHasNoRoomForDoesNotKeepTheOthersFromBeingReplayed() {
    try (var streams =
        Streams.create(server, stream -> stream.put("max_msg_size", 400), any -> {})) {
      orders.answers(call -> Reply.of(422));
      streams.publish("large", "\"%s\"".formatted("x".repeat(330)));
      Role.process(server, streams, Streams.DURABLE, orders);
      streams.publish("small", ORDER);
      Role.process(server, streams, Streams.DURABLE, orders);

      assertThat(run("replay", "1")).isEqualTo(1);
      assertThat(run("replay", "--all", "--yes")).isEqualTo(1);

      assertThat(err.toString().lines())
          .hasSize(2)
          .containsOnly(
              "dead letter 1 is larger than stream orders accepts, as it needs room for a few"
                  + " headers more; raise nats.streams.orders.maxMsgSize by 1Ki");
      assertThat(out.toString())
          .isEqualTo("replayed 2 (id small) as 3 of orders to consumer order-processor\n");
      assertThat(streams.deadLetters()).hasSize(1);
    }
  }

  @Test
  void whatAnotherPublisherCallsAQueryIsADeadLetterAtOnce() {
    try (var streams = Streams.create(server)) {
      streams.publish("foreign", ORDER, "Nordfaas-Query", "a b");
      Role.process(server, streams, Streams.DURABLE, orders);

      assertThat(orders.calls()).isEmpty();
      assertThat(streams.deadLetters())
          .singleElement()
          .satisfies(
              letter ->
                  assertThat(letter.getFirst("Nordfaas-Reason"))
                      .isEqualTo("header Nordfaas-Query of the message is not the query of a URL"));
    }
  }

  @Test
  void refusesWhereNobodyTakesTheSubjectAnyMore() {
    try (var streams = Streams.create(server)) {
      orders.answers(call -> Reply.of(422));
      streams.publish("left", ORDER);
      Role.process(server, streams, Streams.DURABLE, orders);
      streams.makeConsumer(
          Streams.DURABLE, consumer -> consumer.put("filter_subject", "orders.cancelled"));

      assertThat(run("replay", "1")).isEqualTo(1);

      assertThat(err.toString())
          .isEqualTo(
              "dead letter 1 cannot be replayed to consumer order-processor of stream orders, which"
                  + " does not take subject orders.created; no other takes it either: add it to"
                  + " nats.streams.orders.consumers\n");
      assertThat(streams.deadLetters()).hasSize(1);
    }
  }

  @Test
  void refusesWhereTheStreamIsGone() throws Exception {
    try (var streams = Streams.create(server)) {
      orders.answers(call -> Reply.of(422));
      streams.publish("lost", ORDER);
      Role.process(server, streams, Streams.DURABLE, orders);
      streams.connection().jetStreamManagement().deleteStream(Streams.ORDERS);

      assertThat(run("replay", "1")).isEqualTo(1);

      assertThat(err.toString())
          .isEqualTo(
              "stream orders, where these dead letters come from, does not exist; add it to"
                  + " nats.streams, or remove them\n");
      assertThat(streams.deadLetters()).hasSize(1);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "orders.>, orders.created, true",
    "orders.>, orders, false",
    "orders.*, orders.created, true",
    "orders.*, orders.created.eu, false",
    "*.created, orders.created, true",
    "orders.created, orders.created, true",
    "orders.created, orders.cancelled, false",
    "orders.created.eu, orders.created, false",
    ">, orders.created, true",
  })
  void matchesFilters(String filter, String subject, boolean matches) {
    assertThat(OriginStream.matches(filter, subject)).isEqualTo(matches);
  }

  private void processBoth(Streams streams) {
    Role.process(server, streams, Streams.DURABLE, orders);
    Role.process(server, streams, Streams.OTHER_DURABLE, mails);
  }

  private int run(String... arguments) {
    var access = server.access(NatsServer.DEAD_LETTERS);
    return DeadLettersCommand.run(
        Map.of(
            "NATS_URL", server.url(),
            "NATS_USER", access.user(),
            "NATS_PASSWORD", access.password()),
        new PrintWriter(out, true),
        new PrintWriter(err, true),
        arguments);
  }
}
