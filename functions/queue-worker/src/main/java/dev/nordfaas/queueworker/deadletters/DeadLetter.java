package dev.nordfaas.queueworker.deadletters;

import dev.nordfaas.queueworker.nats.MessageHeaders;
import io.nats.client.api.MessageInfo;
import io.nats.client.impl.Headers;
import java.nio.charset.StandardCharsets;
import java.time.ZonedDateTime;
import java.util.Optional;

/** A message that could not be processed, as stored in its dead-letter stream. */
final class DeadLetter {
  private final long sequence;
  private final ZonedDateTime time;
  private final Headers headers;
  private final byte[] body;

  DeadLetter(MessageInfo info) {
    this.sequence = info.getSeq();
    this.time = info.getTime();
    this.headers = info.getHeaders() == null ? new Headers() : info.getHeaders();
    this.body = info.getData() == null ? new byte[0] : info.getData();
  }

  /** Its sequence in the dead-letter stream. */
  long sequence() {
    return sequence;
  }

  /** When it was put there. */
  ZonedDateTime time() {
    return time;
  }

  /** The id of the request. */
  String id() {
    return header(MessageHeaders.CALL_ID).orElse("dead-letter-" + sequence);
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
