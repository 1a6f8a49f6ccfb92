package dev.nordfaas.queueworker.intake;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bucket;
import java.time.Duration;

/** Limits each client to a number of requests per second; a burst may have as many at once. */
final class RateLimiter {
  /** Clients that are remembered; a client that returns after it was forgotten starts afresh. */
  private static final int MAX_CLIENTS = 20_000;

  private static final Duration REMEMBERED = Duration.ofMinutes(1);

  private final int perSecond;
  private final Cache<String, Bucket> buckets =
      Caffeine.newBuilder().maximumSize(MAX_CLIENTS).expireAfterAccess(REMEMBERED).build();

  RateLimiter(int perSecond) {
    this.perSecond = perSecond;
  }

  /** How long the client has to wait; zero: it may proceed. */
  Duration waitOf(String client) {
    var probe = buckets.get(client, any -> bucket()).tryConsumeAndReturnRemaining(1);
    return probe.isConsumed()
        ? Duration.ZERO
        : Duration.ofNanos(Math.max(1, probe.getNanosToWaitForRefill()));
  }

  private Bucket bucket() {
    return Bucket.builder()
        .addLimit(limit -> limit.capacity(perSecond).refillGreedy(perSecond, Duration.ofSeconds(1)))
        .build();
  }
}
