package dev.nordfaas.queueworker.nats;

import io.nats.client.Message;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The query of a request, as its client wrote it: intake stores it with the message, and the worker
 * calls the function with it.
 */
public final class RequestQuery {
  /** More belongs in the body; together with the path it fits into the 4 KiB of a request line. */
  public static final int MAX_LENGTH = 2048;

  /**
   * RFC 3986, section 3.4. Nothing else, as gateways and functions differ in what they make of it:
   * java.net.URI refuses it, others drop it.
   */
  private static final Pattern CHARACTERS = Pattern.compile("[A-Za-z0-9._~!$&'()*+,;=:@/?%-]*");

  private static final Pattern INCOMPLETE = Pattern.compile("%(?![0-9A-Fa-f]{2})");

  private RequestQuery() {}

  /** The query of a request's target, without its question mark; empty if there is none. */
  public static String ofTarget(String target) {
    var mark = target.indexOf('?');
    return mark < 0 ? "" : target.substring(mark + 1);
  }

  /** The query of a stored message; empty if it has none. */
  public static Optional<String> of(Message message) {
    return MessageHeaders.first(message, MessageHeaders.QUERY);
  }

  /** Whether its characters are those of a query. */
  public static boolean isValid(String query) {
    return CHARACTERS.matcher(query).matches() && !INCOMPLETE.matcher(query).find();
  }
}
