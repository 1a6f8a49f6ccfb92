package dev.nordfaas.queueworker.intake;

import dev.nordfaas.queueworker.config.Route;
import dev.nordfaas.queueworker.nats.CallId;
import dev.nordfaas.queueworker.nats.Caller;
import dev.nordfaas.queueworker.nats.MessageHeaders;
import dev.nordfaas.queueworker.nats.Sha256;
import io.vertx.core.MultiMap;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * Who a request is: the same request, sent again to any intake, has the same.
 *
 * @param key names the client's key among those of all routes and callers
 * @param callId id of the request; another body under the same key has another
 */
record RequestIdentity(String key, String callId) {
  /** All clients of a path that does not ask who they are. */
  private static final byte[] ANYONE = {};

  /** Enough that nobody finds two keys with the same name. */
  private static final int KEY_BYTES = 16;

  /**
   * That of a request with a key. Besides its caller and its body, the query, the content's type
   * and the address for its result make it what it is; the client's other headers, and what a token
   * says besides who has it, may differ from one attempt to the next.
   */
  static RequestIdentity of(
      Route route,
      Optional<Caller> caller,
      IdempotencyKey key,
      MultiMap headers,
      String query,
      byte[] body) {
    var type = header(headers, MessageHeaders.CONTENT_TYPE).toLowerCase(Locale.ROOT);
    var callback = header(headers, MessageHeaders.CALLBACK_URL);
    var name =
        Sha256.of(
            bytes(route.path()), caller.map(Caller::digest).orElse(ANYONE), bytes(key.value()));
    // Without a query it is what it was before queries were passed on: retries may span an upgrade.
    var call =
        query.isEmpty()
            ? Sha256.of(name, bytes(type), bytes(callback), body)
            : Sha256.of(name, bytes(type), bytes(callback), body, bytes(query));
    return new RequestIdentity(
        Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(name, KEY_BYTES)),
        CallId.of(call));
  }

  private static String header(MultiMap headers, String name) {
    return Objects.requireNonNullElse(headers.get(name), "").strip();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
