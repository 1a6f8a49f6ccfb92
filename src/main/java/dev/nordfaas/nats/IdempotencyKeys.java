package dev.nordfaas.nats;

import dev.nordfaas.config.NatsConfig;
import dev.nordfaas.config.NatsConfig.StreamConfig;
import java.time.Duration;
import java.util.Comparator;

/**
 * The stream with the clients' idempotency keys: for each key of a route and a caller the id of its
 * request, written once by intake, before it publishes the request.
 *
 * <p>When it is full, the oldest keys are forgotten. Then the same key is accepted for another
 * request; the same request is still stored only once.
 */
public final class IdempotencyKeys {
  /** Name of the stream. */
  public static final String STREAM = "nordfaas-keys";

  /** What the stream stores: {@code idempotency.<hash of route, caller and key>}. */
  public static final String SUBJECTS = "idempotency.*";

  /** 64 MiB, about 300 000 keys. */
  static final long MAX_BYTES = 64L << 20;

  /** A key is an id and a few headers. */
  static final int MAX_MSG_SIZE = 4 << 10;

  /** A key has no Nats-Msg-Id; the server's default, which must not be above the stream's age. */
  private static final Duration DUPLICATE_WINDOW = Duration.ofMinutes(2);

  private IdempotencyKeys() {}

  /** How long a key is kept: the longest duplicateWindow of all streams. */
  static Duration maxAge(NatsConfig config) {
    return config.streams().values().stream()
        .map(StreamConfig::duplicateWindow)
        .max(Comparator.naturalOrder())
        .orElse(DUPLICATE_WINDOW);
  }

  static Duration duplicateWindow(NatsConfig config) {
    var maxAge = maxAge(config);
    return maxAge.compareTo(DUPLICATE_WINDOW) < 0 ? maxAge : DUPLICATE_WINDOW;
  }
}
