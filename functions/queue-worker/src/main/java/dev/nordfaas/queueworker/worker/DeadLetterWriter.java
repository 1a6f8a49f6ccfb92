package dev.nordfaas.queueworker.worker;

import dev.nordfaas.queueworker.nats.MessageHeaders;
import dev.nordfaas.queueworker.nats.OutgoingMessage;
import dev.nordfaas.queueworker.nats.PubAck;
import dev.nordfaas.queueworker.nats.Publisher;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;

/** Puts a message into the dead-letter stream of its consumer. */
final class DeadLetterWriter {
  private static final int MAX_REASON = 500;

  private final Publisher publisher;
  private final String subject;

  DeadLetterWriter(Publisher publisher, String stream, String durable) {
    this.publisher = publisher;
    this.subject = "dlq.%s.%s".formatted(stream, durable);
  }

  /** Stores it; only after that may the original be removed. */
  CompletableFuture<PubAck> write(Delivery delivery, OptionalInt status, String reason) {
    var message = delivery.message();
    var headers = MessageHeaders.ofRequest(message.getHeaders());
    headers.put(MessageHeaders.CALL_ID, delivery.id());
    // A replayed message has a different Nats-Msg-Id from its first run, and so has its dead
    // letter.
    headers.put(
        MessageHeaders.MSG_ID,
        MessageHeaders.first(message, MessageHeaders.MSG_ID).orElse(delivery.id()) + ".dlq");
    headers.put(MessageHeaders.SUBJECT, message.getSubject());
    headers.put(MessageHeaders.STREAM_SEQUENCE, Long.toString(delivery.sequence()));
    headers.put(MessageHeaders.DELIVERIES, Long.toString(delivery.attempt()));
    status.ifPresent(code -> headers.put(MessageHeaders.STATUS, Integer.toString(code)));
    headers.put(MessageHeaders.REASON, printable(reason));
    return publisher.publish(new OutgoingMessage(subject, headers, message.getData()));
  }

  /** Headers hold ASCII only. */
  private static String printable(String reason) {
    var ascii = reason.replaceAll("[^ -~]", "?");
    return ascii.length() <= MAX_REASON ? ascii : ascii.substring(0, MAX_REASON);
  }
}
