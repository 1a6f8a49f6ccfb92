package dev.nordfaas.queueworker.nats;

import io.nats.client.Message;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/** The id of a request: the client's Idempotency-Key, or one generated here. */
public final class CallId {
  private static final Pattern SYNTAX = Pattern.compile("[A-Za-z0-9_-]{1,64}");

  private CallId() {}

  /** Whether the text can be an id: ids are part of a subject and of a path. */
  public static boolean isValid(String text) {
    return SYNTAX.matcher(text).matches();
  }

  /** An unguessable id: anyone who knows it can query the status. */
  public static String generate() {
    return UUID.randomUUID().toString();
  }

  /**
   * The id of a stored message. A replayed one has a Nats-Msg-Id of its own, and the id in {@value
   * MessageHeaders#CALL_ID}; one from elsewhere may have neither, and gets its sequence in the
   * stream.
   */
  public static String of(Message message) {
    return header(message, MessageHeaders.CALL_ID)
        .or(() -> header(message, MessageHeaders.MSG_ID))
        .orElseGet(
            () -> message.metaData().getStream() + "-" + message.metaData().streamSequence());
  }

  private static Optional<String> header(Message message, String name) {
    return MessageHeaders.first(message, name).filter(CallId::isValid);
  }
}
