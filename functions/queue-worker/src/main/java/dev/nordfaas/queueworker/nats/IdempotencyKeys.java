package dev.nordfaas.queueworker.nats;

import dev.nordfaas.queueworker.nats.PublishException.Reason;
import io.nats.client.Connection;
import io.nats.client.Message;
import io.nats.client.impl.Headers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Which request each idempotency key belongs to: the first that was sent with it, until the stream
 * forgets the key.
 */
public final class IdempotencyKeys {
  /** Stream of the keys: the id of each key's request. */
  public static final String STREAM = "nordfaas-keys";

  private static final String PREFIX = "idempotency.";
  private static final String DIRECT_GET = "$JS.API.DIRECT.GET." + STREAM + "." + PREFIX;

  /** A replica may learn a little later of a key than the leader, which refused it. */
  private static final int READS = 10;

  private static final Duration BETWEEN_READS = Duration.ofMillis(50);

  private final Supplier<Optional<Connection>> connection;
  private final Duration timeout;
  private final Publisher publisher;

  /**
   * Creates them.
   *
   * @param connection the connection, if it is up right now
   * @param timeout how long to wait for each answer
   */
  public IdempotencyKeys(Supplier<Optional<Connection>> connection, Duration timeout) {
    this.connection = connection;
    this.timeout = timeout;
    this.publisher = new GroupPublisher(new SinglePublisher(connection, timeout));
  }

  /**
   * Notes that a key belongs to a request, unless it belongs to one already.
   *
   * @param key part of a subject
   * @param id the id of the request
   * @return whether it belongs to this request, or a {@link PublishException}
   */
  public CompletableFuture<Boolean> claim(String key, String id) {
    var headers = new Headers().put(MessageHeaders.EXPECTED_LAST_SUBJECT_SEQUENCE, "0");
    var entry = new OutgoingMessage(PREFIX + key, headers, id.getBytes(StandardCharsets.US_ASCII));
    return publisher
        .publish(entry)
        .thenApply(stored -> true)
        .exceptionallyCompose(
            failure ->
                isThere(failure)
                    ? owner(key, READS).thenApply(id::equals)
                    : CompletableFuture.failedFuture(failure));
  }

  /**
   * Whether a key is known to belong to a request; notes nothing.
   *
   * @return the answer, or a {@link PublishException}
   */
  public CompletableFuture<Boolean> isOf(String key, String id) {
    return read(key).thenApply(message -> !message.isStatusMessage() && id.equals(text(message)));
  }

  /** Or will be in a moment. */
  private static boolean isThere(Throwable failure) {
    return PublishException.isFor(Reason.EXISTS, failure)
        || PublishException.isFor(Reason.IN_PROGRESS, failure);
  }

  private CompletableFuture<String> owner(String key, int reads) {
    return read(key)
        .thenCompose(
            message -> {
              if (!message.isStatusMessage()) {
                return CompletableFuture.completedFuture(text(message));
              }
              if (reads <= 1) {
                throw new PublishException(Reason.AWAY, "the key's request cannot be read");
              }
              var later =
                  CompletableFuture.delayedExecutor(
                      BETWEEN_READS.toMillis(), TimeUnit.MILLISECONDS);
              return CompletableFuture.supplyAsync(() -> reads - 1, later)
                  .thenCompose(left -> owner(key, left));
            });
  }

  private static String text(Message message) {
    return new String(message.getData(), StandardCharsets.US_ASCII);
  }

  private CompletableFuture<Message> read(String key) {
    try {
      return connection
          .get()
          .map(made -> made.requestWithTimeout(DIRECT_GET + key, null, timeout))
          .orElseGet(
              () -> CompletableFuture.failedFuture(new IllegalStateException("not connected")))
          .exceptionallyCompose(failure -> away(failure));
    } catch (IllegalStateException e) {
      return away(e);
    }
  }

  private static CompletableFuture<Message> away(Throwable cause) {
    return CompletableFuture.failedFuture(
        new PublishException(Reason.AWAY, "the idempotency keys cannot be read: " + cause));
  }
}
