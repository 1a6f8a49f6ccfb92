package dev.nordfaas.queueworker.nats;

import io.nats.client.Message;
import io.nats.client.impl.Headers;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The headers of messages, and which of them are passed on with a message. */
public final class MessageHeaders {
  /** Identifies a message to the server within the stream's duplicate window. */
  public static final String MSG_ID = "Nats-Msg-Id";

  /** The last sequence that the message's subject must have; 0: none yet. */
  public static final String EXPECTED_LAST_SUBJECT_SEQUENCE = "Nats-Expected-Last-Subject-Sequence";

  /** The id of the request, towards the function and in dead letters. */
  public static final String CALL_ID = "X-Call-Id";

  /** Where to send the result; OpenFaaS' own name. */
  public static final String CALLBACK_URL = "X-Callback-Url";

  public static final String CONTENT_TYPE = "Content-Type";

  /** The request's query, as its client wrote it, without the question mark. */
  public static final String QUERY = "Nordfaas-Query";

  /** Who vouches for the caller: from the edge to intake, in messages, and towards the function. */
  public static final String CALLER_ISSUER = "Nordfaas-Caller-Issuer";

  /** The caller's name at its issuer. */
  public static final String CALLER_SUBJECT = "Nordfaas-Caller-Subject";

  /** What else the issuer says about the caller. */
  public static final String CALLER_CLAIMS = "Nordfaas-Caller-Claims";

  /** Whose a status is: the digest of its request's caller; absent if that has none. */
  public static final String STATUS_OF = "Nordfaas-Status-Of";

  /**
   * The one consumer that a replayed message is for, in a stream that several share: the workers of
   * the others acknowledge it without a call.
   */
  public static final String DURABLE = "Nordfaas-Durable";

  /** A dead letter's former subject. */
  public static final String SUBJECT = "Nordfaas-Subject";

  /** A dead letter's former sequence in the stream. */
  public static final String STREAM_SEQUENCE = "Nordfaas-Stream-Sequence";

  /** How often a dead letter had been delivered. */
  public static final String DELIVERIES = "Nordfaas-Deliveries";

  /** The status of the function's last answer; absent if it did not answer. */
  public static final String STATUS = "Nordfaas-Status";

  /** Why a message is a dead letter. */
  public static final String REASON = "Nordfaas-Reason";

  private static final Set<String> OF_REQUEST =
      Stream.of(QUERY, CALLER_ISSUER, CALLER_SUBJECT, CALLER_CLAIMS)
          .map(name -> name.toLowerCase(Locale.ROOT))
          .collect(Collectors.toUnmodifiableSet());

  private MessageHeaders() {}

  /** All values of a header, in whatever case its name is written. */
  public static List<String> all(Message message, String name) {
    var headers = message.getHeaders();
    var values = headers == null ? null : headers.getIgnoreCase(name);
    return values == null ? List.of() : values;
  }

  /** The first value of a header. */
  public static Optional<String> first(Message message, String name) {
    var headers = message.getHeaders();
    return headers == null ? Optional.empty() : Optional.ofNullable(headers.getFirst(name));
  }

  /**
   * A copy of the headers that belong to the request, without those that have a meaning for the
   * server: a message from a batch must not claim to be part of that batch again.
   */
  public static Headers ofRequest(@Nullable Headers headers) {
    var copy = new Headers();
    if (headers != null) {
      for (var name : headers.keySet()) {
        if (isOfRequest(name)) {
          headers.get(name).forEach(value -> copy.add(name, value));
        }
      }
    }
    return copy;
  }

  /** A header's name in lower case, with hyphens: some frameworks take underscores for them. */
  public static String asRead(String name) {
    return name.toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static boolean isOfRequest(String name) {
    var read = asRead(name);
    return OF_REQUEST.contains(name.toLowerCase(Locale.ROOT))
        || !(read.startsWith("nats-") || read.startsWith("nordfaas-"));
  }
}
