package dev.nordfaas.queueworker.worker;

import dev.nordfaas.queueworker.nats.CallId;
import io.nats.client.Message;

/** A message being processed by the worker. */
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

  /** Its sequence in the stream. */
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

  /** The server redelivered it while the first one is in progress: the last one must be acked. */
  void replaceBy(Delivery again) {
    message = again.message;
  }
}
