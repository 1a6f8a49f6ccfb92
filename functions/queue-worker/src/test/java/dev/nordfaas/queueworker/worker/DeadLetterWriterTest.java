package dev.nordfaas.queueworker.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.queueworker.nats.SinglePublisher;
import dev.nordfaas.queueworker.testing.NatsServer;
import dev.nordfaas.queueworker.testing.Streams;
import io.nats.client.Connection;
import io.nats.client.impl.Headers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class DeadLetterWriterTest {
  private static final String ORDER = "{\"orderId\":\"o-1\"}";

  @RegisterExtension private static final NatsServer server = NatsServer.start();
  private Streams streams;
  private Connection connection;

  @BeforeEach
  void start() {
    streams = Streams.create(server);
    connection = server.connect(NatsServer.WORKER);
  }

  @AfterEach
  void stop() throws InterruptedException {
    connection.close();
    streams.close();
  }

  /** As after a crash before the original was removed. */
  @Test
  void storesAMessageOnceAlthoughItIsDeliveredAgain() {
    streams.publish("again", ORDER);
    var delivery = next();

    write(delivery);
    write(delivery);

    assertThat(streams.deadLetters()).hasSize(1);
  }

  @Test
  void storesAMessageOnceAlthoughItIsDeliveredAgainMuchLater() throws InterruptedException {
    forgetDuplicatesAtOnce();
    streams.publish("later", ORDER);
    var delivery = next();

    write(delivery);
    Thread.sleep(500);
    write(delivery);

    assertThat(streams.deadLetters()).hasSize(1);
  }

  @Test
  void storesAnotherMessageWithTheSameIdAndSequenceToo() {
    streams.publish("same", ORDER);
    write(next());
    streams.make(Streams.ORDERS, any -> {});
    streams.makeConsumer(Streams.DURABLE, any -> {});
    streams.publish("same", "{\"orderId\":\"o-2\"}");
    write(next());

    assertThat(streams.deadLetters())
        .extracting(headers -> headers.getFirst("Nordfaas-Stream-Sequence"))
        .containsExactly("1", "1");
  }

  @Test
  void storesEachMessageOfAnIdThatWasPublishedTwice() throws Exception {
    for (var time = 0; time < 2; time++) {
      streams
          .connection()
          .jetStream()
          .publish(
              Streams.SUBJECT,
              new Headers().put("X-Call-Id", "twice"),
              ORDER.getBytes(StandardCharsets.UTF_8));
      write(next());
    }

    assertThat(streams.deadLetters()).hasSize(2);
  }

  @Test
  void keepsTheCaller() throws Exception {
    streams.publish(
        "of-kari",
        ORDER,
        new Headers()
            .put("Nordfaas-Caller-Issuer", "https://id.example.no/")
            .put("Nordfaas-Caller-Subject", "kari")
            .put("Nordfaas-Caller-Claims", "{\"scope\":\"orders.write\"}"));

    write(next());

    var letter = streams.deadLetters().get(0);
    assertThat(letter.get("Nordfaas-Caller-Issuer")).containsExactly("https://id.example.no/");
    assertThat(letter.get("Nordfaas-Caller-Subject")).containsExactly("kari");
    assertThat(letter.get("Nordfaas-Caller-Claims"))
        .containsExactly("{\"scope\":\"orders.write\"}");
  }

  @Test
  void failsWhereTheDeadLetterIsNotStored() throws Exception {
    streams.make(Streams.DEAD_LETTERS, stream -> stream.put("max_msgs", 1));
    streams.publish("one", ORDER);
    streams.publish("two", ORDER);
    write(next());

    assertThat(writer().write(next(), OptionalInt.empty(), "no answer"))
        .failsWithin(Duration.ofSeconds(5))
        .withThrowableThat()
        .withMessageContaining("maximum messages exceeded");
    assertThat(streams.deadLetters()).hasSize(1);
  }

  private void forgetDuplicatesAtOnce() {
    streams.make(
        Streams.DEAD_LETTERS,
        stream -> stream.put("duplicate_window", Duration.ofMillis(100).toNanos()));
  }

  private Delivery next() {
    var subscription = streams.pull();
    var messages = subscription.fetch(1, Duration.ofSeconds(5));
    subscription.unsubscribe();
    assertThat(messages).hasSize(1);
    return new Delivery(messages.get(0));
  }

  private void write(Delivery delivery) {
    writer().write(delivery, OptionalInt.of(422), "the function answered 422").join();
  }

  private DeadLetterWriter writer() {
    return new DeadLetterWriter(
        new SinglePublisher(() -> Optional.of(connection), Duration.ofSeconds(5)));
  }
}
