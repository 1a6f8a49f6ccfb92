package dev.nordfaas.queueworker.worker;

import io.nats.client.Message;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * Which message of which consumer: no two have the same, and no delivery changes it. A stream that
 * is deleted and made anew counts from 1 again, but not at the same time.
 *
 * @param stream name of the stream
 * @param durable name of the consumer
 * @param sequence the message's sequence in the stream
 * @param storedNanos when the stream stored it, in nanoseconds since 1970
 */
record Origin(String stream, String durable, long sequence, long storedNanos) {
  static Origin of(Message message) {
    var data = message.metaData();
    return new Origin(
        data.getStream(),
        data.getConsumer(),
        data.streamSequence(),
        ChronoUnit.NANOS.between(Instant.EPOCH, data.timestamp()));
  }

  /** The subject of its dead letter, which is its own. */
  String deadLetterSubject() {
    return "dlq.%s.%s.%d.%d".formatted(stream, durable, sequence, storedNanos);
  }
}
