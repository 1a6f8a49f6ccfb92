package dev.nordfaas.queueworker.intake;

import io.vertx.core.MultiMap;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * What makes a request the same when it is sent again.
 *
 * @param value the key
 * @param ofClient whether the client sent it; otherwise it was generated here, and nobody else can
 *     have used it
 */
record IdempotencyKey(String value, boolean ofClient) {
  static final String HEADER = "Idempotency-Key";

  private static final Pattern SYNTAX = Pattern.compile("[A-Za-z0-9_-]{1,64}");

  /** The IETF draft of this header writes it as a quoted string. */
  private static final Pattern QUOTED = Pattern.compile("\"(.*)\"");

  /** The client's key; generated if there is none; empty: it is not valid, or there are several. */
  static Optional<IdempotencyKey> of(MultiMap headers) {
    var keys = headers.getAll(HEADER);
    if (keys.isEmpty()) {
      return Optional.of(new IdempotencyKey(UUID.randomUUID().toString(), false));
    }
    return Optional.of(QUOTED.matcher(keys.get(0).strip()).replaceFirst("$1"))
        .filter(key -> keys.size() == 1 && SYNTAX.matcher(key).matches())
        .map(key -> new IdempotencyKey(key, true));
  }
}
