package dev.nordfaas.queueworker.nats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nordfaas.jsoncheck.StrictJson;
import dev.nordfaas.queueworker.nats.PublishException.Reason;
import dev.nordfaas.queueworker.testing.NatsServer;
import dev.nordfaas.queueworker.testing.Streams;
import io.nats.client.Connection;
import io.nats.client.impl.Headers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

class GroupPublisherTest {
  @RegisterExtension private static final NatsServer server = NatsServer.start();
  private Streams streams;
  private Connection connection;
  private GroupPublisher publisher;

  @BeforeEach
  void start() {
    streams = Streams.create(server, GroupPublisherTest::allowBatches, consumer -> {});
    connection = server.connect(NatsServer.INTAKE);
    publisher =
        new GroupPublisher(
            new SinglePublisher(() -> Optional.of(connection), Duration.ofSeconds(5)));
  }

  @AfterEach
  void stop() throws InterruptedException {
    connection.close();
    streams.close();
  }

  @Test
  void publishesAloneWhenNothingIsUnderWay() throws Exception {
    var ack = publish("alone", "{}").get();

    assertThat(ack).isEqualTo(new PubAck(Streams.ORDERS, 1, false));
    assertThat(stored(1).containsKey("Nats-Batch-Id")).isFalse();
  }

  @Test
  void publishesInBatchesWhatArrivesDuringCommits() throws Exception {
    var acks = publishAllBeforeTheFirstIsStored(200);

    var inBatches = 0;
    for (var entry : acks.entrySet()) {
      var headers = stored(entry.getValue().join().sequence());
      assertThat(headers.getFirst("Nats-Msg-Id")).isEqualTo(entry.getKey());
      inBatches += headers.containsKey("Nats-Batch-Id") ? 1 : 0;
    }
    assertThat(inBatches).isBetween(100, 176);
    assertThat(streams.count(Streams.ORDERS)).isEqualTo(200);
  }

  @Test
  void publishesAFewByThemselves() throws Exception {
    publishAll(24).values().forEach(CompletableFuture::join);

    assertThat(streams.count(Streams.ORDERS)).isEqualTo(24);
    for (var sequence = 1; sequence <= 24; sequence++) {
      assertThat(stored(sequence).containsKey("Nats-Batch-Id")).isFalse();
    }
  }

  @Test
  void publishesAtOnceAfterTheLoadIsOver() {
    publishAll(200).values().forEach(CompletableFuture::join);

    assertThat(publish("after", "{}").join().sequence()).isEqualTo(201);
    assertThat(publish("after that", "{}").join().sequence()).isEqualTo(202);
  }

  @Test
  void knowsDuplicatesOfWhatABatchStored() {
    publishAll(100).values().forEach(CompletableFuture::join);

    assertThat(publish("id-77", "{}").join().duplicate()).isTrue();
    assertThat(streams.count(Streams.ORDERS)).isEqualTo(100);
  }

  @Test
  void doesNotLetADuplicateFailItsNeighbours() {
    var first = publish("id-42", "{}").join();

    var acks = publishAll(100);

    assertThat(acks.get("id-42").join())
        .isEqualTo(new PubAck(Streams.ORDERS, first.sequence(), true));
    assertThat(acks.values().stream().map(CompletableFuture::join).map(PubAck::sequence).distinct())
        .hasSize(100);
    assertThat(streams.count(Streams.ORDERS)).isEqualTo(100);
  }

  @Test
  void doesNotLetTheSameIdTwiceInABatchFailIt() {
    var others = publishAll(60).values();
    var one = publish("twice", "{}");
    var other = publish("twice", "{}");
    var neighbour = publish("neighbour", "{}");

    assertThat(one.join().sequence()).isEqualTo(other.join().sequence());
    assertThat(one.join().duplicate()).isNotEqualTo(other.join().duplicate());
    assertThat(neighbour.join().duplicate()).isFalse();
    assertThat(others.stream().map(CompletableFuture::join).map(PubAck::duplicate))
        .containsOnly(false);
    assertThat(streams.count(Streams.ORDERS)).isEqualTo(62);
  }

  @Test
  void doesNotLetAMessageTooLargeForTheStreamFailItsNeighbours() {
    streams.make(
        Streams.ORDERS,
        stream -> {
          allowBatches(stream);
          stream.put("max_msg_size", 1000);
        });

    refusesOnly(publishAll(60), publish("large", "x".repeat(2000)), Reason.TOO_LARGE);
  }

  @Test
  void doesNotLetAMessageTooLargeForTheServerFailItsNeighbours() {
    var acks = publishAll(60);
    var large = publish("large", "x".repeat(2 << 20));
    var after = publish("after", "{}");

    refusesOnly(acks, large, Reason.TOO_LARGE);
    assertThat(after.join().duplicate()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"max_bytes\": 4096}",
        "{\"max_msgs\": 10}",
        "{\"max_msgs_per_subject\": 10, \"discard_new_per_subject\": true}",
        "{\"storage\": \"memory\", \"max_bytes\": 4096}"
      })
  void storesWhatFitsIntoAFullStream(String limit) {
    streams.make(
        Streams.ORDERS,
        stream -> {
          allowBatches(stream);
          stream.setAll((ObjectNode) StrictJson.MAPPER.readTree(limit));
        });

    var acks = publishAll(100).values();
    var stored = acks.stream().filter(ack -> reason(ack).isEmpty()).count();

    assertThat(stored).isPositive().isLessThan(100).isEqualTo(streams.count(Streams.ORDERS));
    assertThat(acks.stream().flatMap(ack -> reason(ack).stream())).containsOnly(Reason.FULL);
  }

  @Test
  void publishesOneByOneWhereTheStreamTakesNoBatches() throws Exception {
    streams.make(Streams.ORDERS, stream -> stream.put("allow_atomic", false));

    publishAll(200).values().forEach(CompletableFuture::join);

    assertThat(streams.count(Streams.ORDERS)).isEqualTo(200);
    assertThat(stored(200).containsKey("Nats-Batch-Id")).isFalse();
  }

  @Test
  void endsEveryMessageWhenTheServerIsAway() {
    server.kill();
    try {
      assertThat(publishAll(100).values().stream().flatMap(ack -> reason(ack).stream()))
          .hasSize(100)
          .containsOnly(Reason.AWAY);
    } finally {
      server.restart();
    }
  }

  private static void allowBatches(ObjectNode stream) {
    stream.put("allow_atomic", true);
  }

  private static void refusesOnly(
      Map<String, CompletableFuture<PubAck>> neighbours,
      CompletableFuture<PubAck> refused,
      Reason reason) {
    assertThat(neighbours.values().stream().map(CompletableFuture::join))
        .hasSize(neighbours.size());
    assertThatThrownBy(refused::join)
        .cause()
        .isInstanceOfSatisfying(
            PublishException.class, failure -> assertThat(failure.reason()).isEqualTo(reason));
  }

  private static Optional<Reason> reason(CompletableFuture<PubAck> ack) {
    try {
      ack.join();
      return Optional.empty();
    } catch (CompletionException e) {
      return Optional.of(((PublishException) e.getCause()).reason());
    }
  }

  private Map<String, CompletableFuture<PubAck>> publishAll(int count) {
    var acks = new LinkedHashMap<String, CompletableFuture<PubAck>>();
    IntStream.range(0, count).forEach(i -> acks.put("id-" + i, publish("id-" + i, "{}")));
    return acks;
  }

  private Map<String, CompletableFuture<PubAck>> publishAllBeforeTheFirstIsStored(int count) {
    server.freeze();
    try {
      return publishAll(count);
    } finally {
      server.thaw();
    }
  }

  private CompletableFuture<PubAck> publish(String id, String body) {
    return publisher.publish(
        new OutgoingMessage(
            Streams.SUBJECT,
            new Headers().put("Nats-Msg-Id", id),
            body.getBytes(StandardCharsets.UTF_8)));
  }

  private Headers stored(long sequence) throws Exception {
    return streams.stored(sequence).getHeaders();
  }
}
