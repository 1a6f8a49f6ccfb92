package dev.nordfaas.queueworker.worker;

import dev.nordfaas.queueworker.nats.CallId;
import io.nats.client.Message;

/** A message in the worker's hands. */
final class Delivery {
  private final String id;
  private final long sequence;
  private Message message;

  Delivery(Message message) {
    this.id = CallId.of(message);
    this.sequence = message.metaData().streamSequence();
    this.message = message;
  }

  String id() {
    return id;
  }

  /** Its place in the stream. */
  long sequence() {
    return sequence;
  }

  /** Which delivery it is, from 1. */
  long attempt() {
    return message.metaData().deliveredCount();
  }

  Message message() {
    return message;
  }

  /** The server gave it out again while the first is still at work: the last one is to be acked. */
  void replaceBy(Delivery again) {
    message = again.message;
  }
}
