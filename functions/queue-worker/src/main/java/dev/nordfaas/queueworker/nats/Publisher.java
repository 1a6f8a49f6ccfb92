package dev.nordfaas.queueworker.nats;

import java.util.concurrent.CompletableFuture;

/** Stores messages in a stream. */
public interface Publisher {
  /**
   * Publishes one message and waits for its PubAck.
   *
   * @return the PubAck, or a {@link PublishException}
   */
  CompletableFuture<PubAck> publish(OutgoingMessage message);
}
