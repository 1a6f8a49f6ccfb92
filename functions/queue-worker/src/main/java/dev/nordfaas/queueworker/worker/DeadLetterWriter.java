package dev.nordfaas.queueworker.worker;

import dev.nordfaas.queueworker.nats.MessageHeaders;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.Message;
import io.nats.client.api.PublishAck;
import io.nats.client.impl.Headers;
import io.nats.client.impl.NatsMessage;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/**
 * Puts a message into the dead-letter stream of its consumer.
 *
 * <p>The dead letter's subject and Nats-Msg-Id are those of the one message of the one consumer
 * ({@link Origin}), and nothing may be stored under that subject yet. So after a crash it is stored
 * once, however much later that is; and that it is stored already, as the server may say, is true
 * of this very dead letter.
 */
final class DeadLetterWriter {
  private static final int MAX_REASON = 500;

  /** The subject already has a message. */
  private static final int WRONG_LAST_SEQUENCE = 10071;

  private final Supplier<Optional<Connection>> connection;
  private final Duration timeout;

  /**
   * Creates one.
   *
   * @param connection the connection, if it is up right now
   * @param timeout how long to wait for a PubAck; later ones are ignored
   */
  DeadLetterWriter(Supplier<Optional<Connection>> connection, Duration timeout) {
    this.connection = connection;
    this.timeout = timeout;
  }

  /** Stores it; completes once it is stored, and only after that may the original be removed. */
  CompletableFuture<Void> write(Delivery delivery, OptionalInt status, String reason) {
    try {
      return publish(message(delivery, status, reason)).thenAccept(DeadLetterWriter::check);
    } catch (IllegalStateException | IllegalArgumentException e) {
      // No connection, or larger than the server accepts from any client.
      return CompletableFuture.failedFuture(e);
    }
  }

  private CompletableFuture<Message> publish(Message message) {
    return connection
        .get()
        .map(made -> made.requestWithTimeout(message, timeout))
        .orElseGet(() -> CompletableFuture.failedFuture(new IllegalStateException("NATS is down")));
  }

  private static void check(Message answer) {
    try {
      new PublishAck(answer);
    } catch (JetStreamApiException e) {
      if (e.getApiErrorCode() != WRONG_LAST_SEQUENCE) {
        throw new CompletionException(e);
      }
    } catch (IOException e) {
      throw new CompletionException(e);
    }
  }

  private static Message message(Delivery delivery, OptionalInt status, String reason) {
    var message = delivery.message();
    var subject = delivery.origin().deadLetterSubject();
    var headers = MessageHeaders.ofRequest(message.getHeaders());
    headers.put(MessageHeaders.MSG_ID, subject);
    headers.put(MessageHeaders.EXPECTED_LAST_SUBJECT_SEQUENCE, "0");
    describe(headers, delivery, status, reason);
    return NatsMessage.builder().subject(subject).headers(headers).data(message.getData()).build();
  }

  private static void describe(
      Headers headers, Delivery delivery, OptionalInt status, String reason) {
    headers.put(MessageHeaders.CALL_ID, delivery.id());
    headers.put(MessageHeaders.SUBJECT, delivery.message().getSubject());
    headers.put(MessageHeaders.STREAM_SEQUENCE, Long.toString(delivery.origin().sequence()));
    headers.put(MessageHeaders.DELIVERIES, Long.toString(delivery.attempt()));
    status.ifPresent(code -> headers.put(MessageHeaders.STATUS, Integer.toString(code)));
    headers.put(MessageHeaders.REASON, printable(reason));
  }

  /** Headers hold ASCII only. */
  private static String printable(String reason) {
    var ascii = reason.replaceAll("[^ -~]", "?");
    return ascii.length() <= MAX_REASON ? ascii : ascii.substring(0, MAX_REASON);
  }
}
