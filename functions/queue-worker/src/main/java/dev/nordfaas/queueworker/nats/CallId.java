package dev.nordfaas.queueworker.nats;

import io.nats.client.Message;
import io.nats.client.impl.NatsJetStreamMetaData;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/** The id of a request; made by intake, never by a client. */
public final class CallId {
  private static final Pattern SYNTAX = Pattern.compile("[A-Za-z0-9_-]{1,64}");

  private CallId() {}

  /** Whether the text can be an id: ids are part of a subject and of a path. */
  public static boolean isValid(String text) {
    return SYNTAX.matcher(text).matches();
  }

  /**
   * The id that follows from a digest: a UUID of version 8 (RFC 9562). Where the digest is of
   * something unguessable, so is the id: anyone who knows it can query the status.
   */
  public static String of(byte[] digest) {
    var bytes = ByteBuffer.wrap(digest);
    var most = (bytes.getLong() & ~0xf000L) | 0x8000L;
    var least = (bytes.getLong() & ~(3L << 62)) | (2L << 62);
    return new UUID(most, least).toString();
  }

  /**
   * The id of a stored message. A replayed one has a Nats-Msg-Id of its own, and the id in {@value
   * MessageHeaders#CALL_ID}; one from elsewhere may have neither, and gets its sequence in the
   * stream and when it was stored, as a stream that is made anew counts from 1 again.
   */
  public static String of(Message message) {
    return header(message, MessageHeaders.CALL_ID)
        .or(() -> header(message, MessageHeaders.MSG_ID))
        .orElseGet(() -> ofStored(message.metaData()));
  }

  private static String ofStored(NatsJetStreamMetaData data) {
    return "%s-%d-%d"
        .formatted(
            data.getStream(),
            data.streamSequence(),
            ChronoUnit.NANOS.between(Instant.EPOCH, data.timestamp()));
  }

  private static Optional<String> header(Message message, String name) {
    return MessageHeaders.first(message, name).filter(CallId::isValid);
  }
}
