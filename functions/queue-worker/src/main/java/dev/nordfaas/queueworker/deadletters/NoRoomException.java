package dev.nordfaas.queueworker.deadletters;

import java.io.IOException;

/** A dead letter that its stream has no room for; others may fit. */
final class NoRoomException extends IOException {
  private static final long serialVersionUID = 1L;

  NoRoomException(DeadLetter letter, OriginStream origin, Throwable cause) {
    super(
        ("dead letter %d is larger than stream %s accepts, as it needs room for a few headers more;"
                + " raise nats.streams.%s.maxMsgSize by 1Ki")
            .formatted(letter.sequence(), origin.stream(), origin.stream()),
        cause);
  }
}
