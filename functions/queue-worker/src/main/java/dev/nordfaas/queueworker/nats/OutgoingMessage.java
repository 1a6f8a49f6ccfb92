package dev.nordfaas.queueworker.nats;

import io.nats.client.Message;
import io.nats.client.impl.Headers;
import io.nats.client.impl.NatsMessage;

/** A message to be stored in a stream. */
public final class OutgoingMessage {
  private final String subject;
  private final Headers headers;
  private final byte[] body;

  /**
   * Creates one. Its parts must not be changed afterwards.
   *
   * @param subject where to
   * @param headers its headers, a Nats-Msg-Id among them
   * @param body its body
   */
  public OutgoingMessage(String subject, Headers headers, byte[] body) {
    this.subject = subject;
    this.headers = headers;
    this.body = body;
  }

  Headers headers() {
    return headers;
  }

  /** Its approximate size. */
  int bytes() {
    return body.length + headers.serializedLength();
  }

  Message message() {
    return message(headers);
  }

  Message message(Headers withHeaders) {
    return NatsMessage.builder().subject(subject).headers(withHeaders).data(body).build();
  }
}
