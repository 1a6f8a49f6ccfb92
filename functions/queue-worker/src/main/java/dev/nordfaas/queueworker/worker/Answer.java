package dev.nordfaas.queueworker.worker;

import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What came back from the function.
 *
 * @param status the HTTP status; empty: no answer
 * @param retryAfter how long it asked to wait
 * @param text why there is no answer; empty if there is one
 * @param contentType of the body
 * @param body kept only for a callback, and only if it is small
 */
record Answer(
    OptionalInt status,
    Optional<Duration> retryAfter,
    String text,
    Optional<String> contentType,
    Buffer body) {
  static Answer none(String reason) {
    return new Answer(
        OptionalInt.empty(), Optional.empty(), reason, Optional.empty(), Buffer.buffer());
  }
}
