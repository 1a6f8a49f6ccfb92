package dev.nordfaas.queueworker.intake;

import dev.nordfaas.queueworker.nats.Caller;
import dev.nordfaas.queueworker.nats.MessageHeaders;
import dev.nordfaas.queueworker.nats.RequestQuery;
import io.vertx.core.MultiMap;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Why a request is refused before its body is read. Whatever has a meaning to the client is passed
 * on to the function or refused: after a 202 nobody would tell the client that it was dropped.
 *
 * @param reason for the metrics
 * @param detail for the client
 */
record Refusal(int status, String reason, String detail) {
  /** The edge writes these headers: what is wrong with them is no fault of the client's. */
  private static final Refusal CALLER =
      new Refusal(
          400,
          "caller",
          "headers %s and %s have to be there once each or not at all, %s at most once and only with"
                  .formatted(
                      MessageHeaders.CALLER_ISSUER,
                      MessageHeaders.CALLER_SUBJECT,
                      MessageHeaders.CALLER_CLAIMS)
              + " them, in printable ASCII, of at most 256, 256 and 4096 characters");

  private static final Refusal TYPE =
      new Refusal(
          415, "type", "this path only accepts Content-Type: application/json, uncompressed");
  private static final Refusal CHARSET =
      new Refusal(415, "type", "JSON is UTF-8; Content-Type must not name another charset");
  private static final Refusal TRANSFER =
      new Refusal(501, "type", "the only Transfer-Encoding that this path knows is chunked");
  private static final Refusal EXPECTATION =
      new Refusal(417, "header", "the only expectation that this path meets is 100-continue");
  private static final Refusal TRAILER =
      new Refusal(400, "header", "trailers are not passed on; send them as headers");
  private static final Refusal HEADERS =
      new Refusal(
          431,
          "header",
          "the headers Content-Type and X- may be %d at most, of %d bytes altogether"
              .formatted(RequestHeaders.MAX_HEADERS, RequestHeaders.MAX_HEADER_BYTES));
  private static final Refusal ALL_HEADERS =
      new Refusal(
          431,
          "header",
          "the headers of a request may be of %d bytes altogether"
              .formatted(RequestHeaders.MAX_BYTES_OF_ALL));
  private static final Refusal LONG_QUERY =
      new Refusal(
          414,
          "query",
          "the query is longer than the %d characters that this path accepts"
              .formatted(RequestQuery.MAX_LENGTH));
  private static final Refusal QUERY =
      new Refusal(
          400,
          "query",
          "the query may only contain letters, digits, -._~!$&'()*+,;=:@/? and %XX for anything"
              + " else");

  /** What is wrong with a request's headers and query. */
  static Optional<Refusal> of(MultiMap headers, String query) {
    return Stream.of(
            RequestHeaders.allFit(headers) ? Optional.<Refusal>empty() : Optional.of(ALL_HEADERS),
            caller(headers),
            type(headers),
            only(headers, "Transfer-Encoding", "chunked"::equalsIgnoreCase, TRANSFER),
            only(headers, "Expect", "100-continue"::equalsIgnoreCase, EXPECTATION),
            headers.contains("Trailer") ? Optional.of(TRAILER) : Optional.<Refusal>empty(),
            once(headers, MessageHeaders.CALLBACK_URL),
            RequestHeaders.fit(headers) ? Optional.<Refusal>empty() : Optional.of(HEADERS),
            RequestHeaders.unstorable(headers)
                .map(
                    name ->
                        new Refusal(
                            400, "header", "header %s has to be printable ASCII".formatted(name))),
            query(query))
        .flatMap(Optional::stream)
        .findFirst();
  }

  /** What is wrong with the headers that name the caller. */
  static Optional<Refusal> caller(MultiMap headers) {
    return Caller.isValid(headers::getAll) ? Optional.empty() : Optional.of(CALLER);
  }

  private static Optional<Refusal> type(MultiMap headers) {
    var several = once(headers, MessageHeaders.CONTENT_TYPE);
    if (several.isPresent()) {
      return several;
    }
    if (!RequestHeaders.isJson(headers)) {
      return Optional.of(TYPE);
    }
    var type = Objects.requireNonNullElse(headers.get(MessageHeaders.CONTENT_TYPE), "");
    if (!RequestHeaders.isUtf8(type)) {
      return Optional.of(CHARSET);
    }
    return only(headers, "Content-Encoding", "identity"::equalsIgnoreCase, TYPE);
  }

  private static Optional<Refusal> only(
      MultiMap headers, String name, Predicate<String> known, Refusal refusal) {
    return headers.getAll(name).stream().allMatch(value -> known.test(value.strip()))
        ? Optional.empty()
        : Optional.of(refusal);
  }

  private static Optional<Refusal> once(MultiMap headers, String name) {
    return headers.getAll(name).size() <= 1
        ? Optional.empty()
        : Optional.of(
            new Refusal(400, "header", "header %s may be there only once".formatted(name)));
  }

  private static Optional<Refusal> query(String query) {
    if (query.length() > RequestQuery.MAX_LENGTH) {
      return Optional.of(LONG_QUERY);
    }
    return RequestQuery.isValid(query) ? Optional.empty() : Optional.of(QUERY);
  }
}
