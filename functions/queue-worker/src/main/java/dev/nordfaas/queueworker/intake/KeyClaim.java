package dev.nordfaas.queueworker.intake;

import dev.nordfaas.queueworker.nats.IdempotencyKeys;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Finds out which request a client's key stands for. */
final class KeyClaim {
  private KeyClaim() {}

  /**
   * The id that the request is stored under; empty: its key belongs to another one of its caller's.
   *
   * <p>A request that was sent while its path was public may be sent again when it no longer is.
   * Then it is still the same, and keeps its id.
   *
   * @param identity that of the request
   * @param withoutCaller what it would be on a public path, if it has a caller
   */
  static CompletableFuture<Optional<String>> id(
      IdempotencyKeys keys, RequestIdentity identity, Optional<RequestIdentity> withoutCaller) {
    return withoutCaller
        .map(
            former ->
                keys.isOf(former.key(), former.callId())
                    .thenCompose(
                        known ->
                            known
                                ? CompletableFuture.completedFuture(Optional.of(former.callId()))
                                : claim(keys, identity)))
        .orElseGet(() -> claim(keys, identity));
  }

  private static CompletableFuture<Optional<String>> claim(
      IdempotencyKeys keys, RequestIdentity identity) {
    return keys.claim(identity.key(), identity.callId())
        .thenApply(ours -> ours ? Optional.of(identity.callId()) : Optional.empty());
  }
}
