package dev.nordfaas.queueworker.nats;

import dev.nordfaas.queueworker.nats.PublishException.Reason;
import io.nats.client.Connection;
import io.nats.client.Message;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** Publishes each message individually. */
public final class SinglePublisher implements Publisher {
  private final Supplier<Optional<Connection>> connection;
  private final Duration timeout;

  /**
   * Creates one.
   *
   * @param connection the connection, if it is up right now
   * @param timeout how long to wait for a PubAck; later ones are ignored
   */
  public SinglePublisher(Supplier<Optional<Connection>> connection, Duration timeout) {
    this.connection = connection;
    this.timeout = timeout;
  }

  @Override
  public CompletableFuture<PubAck> publish(OutgoingMessage message) {
    return request(message.message())
        .thenApply(
            answer -> {
              if (answer.failed()) {
                throw answer.exception();
              }
              return answer.pubAck();
            });
  }

  /** Sends a message that gets no answer. False: it cannot be sent. */
  boolean send(Message message) {
    try {
      var made = connection.get();
      made.ifPresent(standing -> standing.publish(message));
      return made.isPresent();
    } catch (IllegalStateException | IllegalArgumentException e) {
      return false;
    }
  }

  /** Sends a message and waits for JetStream's answer. */
  CompletableFuture<ApiAnswer> request(Message message) {
    try {
      return connection
          .get()
          .map(made -> made.requestWithTimeout(message, timeout))
          .orElseGet(
              () -> CompletableFuture.failedFuture(new IllegalStateException("not connected")))
          .handle(
              (answer, failure) -> {
                if (failure != null) {
                  throw new PublishException(Reason.AWAY, "no answer from JetStream: " + failure);
                }
                return ApiAnswer.of(answer);
              });
    } catch (IllegalStateException e) {
      return CompletableFuture.failedFuture(
          new PublishException(Reason.AWAY, "NATS is down: " + e.getMessage()));
    } catch (IllegalArgumentException e) {
      // Larger than the server accepts from any client.
      return CompletableFuture.failedFuture(
          new PublishException(Reason.TOO_LARGE, String.valueOf(e.getMessage())));
    }
  }
}
