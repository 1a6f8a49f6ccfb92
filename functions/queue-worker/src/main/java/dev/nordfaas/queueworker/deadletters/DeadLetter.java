package dev.nordfaas.queueworker.deadletters;

import dev.nordfaas.queueworker.nats.MessageHeaders;
import io.nats.client.api.MessageInfo;
import io.nats.client.impl.Headers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.ZonedDateTime;
import java.util.Optional;
import java.util.regex.Pattern;

/** A message that could not be processed, as stored in its dead-letter stream. */
final class DeadLetter {
  private static final Pattern DOT = Pattern.compile("[.]");

  /** The consumer's place in {@code dlq.<stream>.<durable>.<sequence>.<time>}. */
  private static final int DURABLE_TOKEN = 2;

  private final String subject;
  private final long sequence;
  private final ZonedDateTime time;
  private final Headers headers;
  private final byte[] body;

  DeadLetter(MessageInfo info) {
    this(
        info.getSubject(),
        info.getSeq(),
        info.getTime(),
        info.getHeaders() == null ? new Headers() : info.getHeaders(),
        info.getData() == null ? new byte[0] : info.getData());
  }

  private DeadLetter(
      String subject, long sequence, ZonedDateTime time, Headers headers, byte[] body) {
    this.subject = subject;
    this.sequence = sequence;
    this.time = time;
    this.headers = headers;
    this.body = body;
  }

  /** The same for a list of many, which would not fit into memory with their bodies. */
  DeadLetter withoutBody() {
    return new DeadLetter(subject, sequence, time, headers, new byte[0]);
  }

  /** Its sequence in the dead-letter stream. */
  long sequence() {
    return sequence;
  }

  /** When it was put there. */
  ZonedDateTime time() {
    return time;
  }

  /** The consumer that could not process it. */
  String durable() {
    var tokens = DOT.split(subject, -1);
    return tokens.length > DURABLE_TOKEN ? tokens[DURABLE_TOKEN] : "-";
  }

  /** The id of the request. */
  String id() {
    return header(MessageHeaders.CALL_ID).orElse("dead-letter-" + sequence);
  }

  /**
   * The subject that it had before.
   *
   * @throws IOException if that is unknown
   */
  String subjectOfOrigin() throws IOException {
    return header(MessageHeaders.SUBJECT)
        .orElseThrow(
            () ->
                new IOException(
                    "dead letter %d has no header %s: its origin is unknown"
                        .formatted(sequence, MessageHeaders.SUBJECT)));
  }

  /**
   * Names it in a replay: a stream that is deleted and made anew counts from 1 again, but not at
   * the same time.
   */
  String key() {
    var stored = time.toInstant();
    return "%d.%d%09d".formatted(sequence, stored.getEpochSecond(), stored.getNano());
  }

  /** A header's first value. */
  Optional<String> header(String name) {
    return Optional.ofNullable(headers.getFirst(name));
  }

  Headers headers() {
    return headers;
  }

  byte[] body() {
    return body;
  }

  String text() {
    return new String(body, StandardCharsets.UTF_8);
  }
}
