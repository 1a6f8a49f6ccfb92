package dev.nordfaas.queueworker.worker;

import dev.nordfaas.queueworker.nats.MessageHeaders;
import dev.nordfaas.queueworker.nats.OutgoingMessage;
import dev.nordfaas.queueworker.nats.PublishException;
import dev.nordfaas.queueworker.nats.PublishException.Reason;
import dev.nordfaas.queueworker.nats.Publisher;
import io.nats.client.impl.Headers;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;

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

  private final Publisher publisher;

  DeadLetterWriter(Publisher publisher) {
    this.publisher = publisher;
  }

  /** Stores it; completes once it is stored, and only after that may the original be removed. */
  CompletableFuture<Void> write(Delivery delivery, OptionalInt status, String reason) {
    return publisher
        .publish(message(delivery, status, reason))
        .thenAccept(stored -> {})
        .exceptionallyCompose(
            failure ->
                PublishException.isFor(Reason.EXISTS, failure)
                    ? CompletableFuture.allOf()
                    : CompletableFuture.failedFuture(failure));
  }

  private static OutgoingMessage message(Delivery delivery, OptionalInt status, String reason) {
    var message = delivery.message();
    var subject = delivery.origin().deadLetterSubject();
    var headers = MessageHeaders.ofRequest(message.getHeaders());
    headers.put(MessageHeaders.MSG_ID, subject);
    headers.put(MessageHeaders.EXPECTED_LAST_SUBJECT_SEQUENCE, "0");
    describe(headers, delivery, status, reason);
    return new OutgoingMessage(subject, headers, message.getData());
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
