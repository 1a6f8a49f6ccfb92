package dev.nordfaas.queueworker.nats;

/** A message was not stored, or nobody said that it was. */
public final class PublishException extends RuntimeException {
  /** What the client can do about it. */
  public enum Reason {
    /** The stream is full, or the server out of room: try later. */
    FULL,
    /** No answer: the message may have been stored; try again with the same id. */
    AWAY,
    /** The message is larger than the stream takes: never. */
    TOO_LARGE,
    /** The server refused it for another reason. */
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
}
