package dev.nordfaas.queueworker.intake;

import dev.nordfaas.queueworker.nats.Caller;
import dev.nordfaas.queueworker.nats.MessageHeaders;
import dev.nordfaas.queueworker.nats.Trace;
import io.nats.client.impl.Headers;
import io.vertx.core.MultiMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads a request's headers, and selects those that are passed on with the message. */
final class RequestHeaders {
  /** The client's address, as the edge saw it; the edge replaces what a client sends. */
  static final String CLIENT_IP = "Nordfaas-Client-Ip";

  /** Python's own server reads 100 in all, the JDK's 200; a gateway adds some. */
  static final int MAX_HEADERS = 64;

  /** With the caller, the query and what is added on the way less than 16 KiB. */
  static final int MAX_HEADER_BYTES = 8 << 10;

  /** All of a request's, with those that are dropped and those of the edge. */
  static final int MAX_BYTES_OF_ALL = 16 << 10;

  private static final Pattern JSON =
      Pattern.compile(
          "application/(json|[a-z0-9!#$&^_.+-]+\\+json)(\\s*;.*)?", Pattern.CASE_INSENSITIVE);
  private static final Pattern CHARSET =
      Pattern.compile(";\\s*charset\\s*=\\s*\"?([^;\"]*+)", Pattern.CASE_INSENSITIVE);
  private static final Pattern PRINTABLE = Pattern.compile("[ -~]*");

  /** Set by proxies, or only between client and intake; an address is personal data, too. */
  private static final Set<String> STAY =
      Set.of(
          "x-call-id",
          "x-real-ip",
          "x-client-ip",
          "x-api-key",
          "x-auth-token",
          "x-csrf-token",
          "x-delivery-attempt");

  private RequestHeaders() {}

  static boolean isJson(MultiMap headers) {
    var type = headers.get("Content-Type");
    return type != null && JSON.matcher(type).matches();
  }

  /** Whether the content's type names no charset but UTF-8, which is that of JSON. */
  static boolean isUtf8(String type) {
    return CHARSET
        .matcher(type)
        .results()
        .allMatch(charset -> charset.group(1).equalsIgnoreCase("utf-8"));
  }

  /** Who sent it: the address that the edge saw, or else the connection's peer. */
  static String client(MultiMap headers, String remoteAddress) {
    var seen = headers.getAll(CLIENT_IP);
    return (seen.size() == 1 ? ClientAddress.of(seen.get(0).strip()) : Optional.<String>empty())
        .or(() -> ClientAddress.of(remoteAddress))
        .orElse(remoteAddress);
  }

  /**
   * The headers of the message: the content's type, the client's own {@code X-} headers, the query,
   * the caller, the trace, and the id. Credentials and cookies are dropped.
   */
  static Headers ofMessage(
      MultiMap headers, String query, Optional<Caller> caller, String id, Trace trace) {
    var message = new Headers();
    headers.forEach(
        (name, value) -> {
          if (goesOn(name)) {
            message.add(name, value);
          }
        });
    if (!query.isEmpty()) {
      message.put(MessageHeaders.QUERY, query);
    }
    caller.ifPresent(it -> it.inject(message));
    message.put(MessageHeaders.MSG_ID, id);
    trace.inject(message);
    return message;
  }

  /** The name of a header that cannot be passed on: NATS only accepts printable ASCII. */
  static Optional<String> unstorable(MultiMap headers) {
    return headers.entries().stream()
        .filter(header -> goesOn(header.getKey()))
        .filter(header -> !PRINTABLE.matcher(header.getValue()).matches())
        .map(Map.Entry::getKey)
        .findFirst();
  }

  /** Whether those that are passed on are few and small enough for any function. */
  static boolean fit(MultiMap headers) {
    var kept = headers.entries().stream().filter(header -> goesOn(header.getKey())).toList();
    return kept.size() <= MAX_HEADERS
        && kept.stream().mapToInt(RequestHeaders::bytes).sum() <= MAX_HEADER_BYTES;
  }

  /** Whether all that came are of a size that a request may occupy while it waits. */
  static boolean allFit(MultiMap headers) {
    return headers.entries().stream().mapToInt(RequestHeaders::bytes).sum() <= MAX_BYTES_OF_ALL;
  }

  private static int bytes(Map.Entry<String, String> header) {
    return header.getKey().length() + header.getValue().length() + ": \r\n".length();
  }

  private static boolean goesOn(String name) {
    var read = MessageHeaders.asRead(name);
    return name.equalsIgnoreCase(MessageHeaders.CONTENT_TYPE)
        || (name.toLowerCase(Locale.ROOT).startsWith("x-")
            && !read.startsWith("x-forwarded-")
            && !STAY.contains(read));
  }
}
