package dev.nordfaas.queueworker.nats;

import java.util.concurrent.CompletionException;

/** A message was not stored, or its storage was not confirmed. */
public final class PublishException extends RuntimeException {
  /** What the client can do about it. */
  public enum Reason {
    /** The stream is full, or the server out of space: try later. */
    FULL,
    /** No answer: the message may have been stored; try again with the same id. */
    AWAY,
    /** The message is larger than the stream accepts: do not retry. */
    TOO_LARGE,
    /** The subject has a message already, and the message was to be its first. */
    EXISTS,
    /** A message with the same id or subject is being stored at this moment: try again. */
    IN_PROGRESS,
    /** The server rejected it for another reason. */
    REFUSED
  }

  private final Reason reason;

  PublishException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }

  /** Whether a publish failed for this reason, as a future tells it. */
  public static boolean isFor(Reason reason, Throwable failure) {
    var cause = failure instanceof CompletionException ? failure.getCause() : failure;
    return cause instanceof PublishException e && e.reason() == reason;
  }
}
