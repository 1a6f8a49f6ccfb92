package dev.nordfaas.queueworker.worker;

import dev.nordfaas.queueworker.nats.CallId;
import dev.nordfaas.queueworker.nats.Caller;
import dev.nordfaas.queueworker.nats.MessageHeaders;
import io.nats.client.Message;
import java.util.Optional;

/** A message being processed by the worker. */
final class Delivery {
  private final String id;
  private final Optional<Caller> caller;
  private final Origin origin;
  private Message message;

  Delivery(Message message) {
    this.id = CallId.of(message);
    this.caller = Caller.of(name -> MessageHeaders.all(message, name));
    this.origin = Origin.of(message);
    this.message = message;
  }

  String id() {
    return id;
  }

  /** Who sent it, if that is known. */
  Optional<Caller> caller() {
    return caller;
  }

  /** Which message it is. */
  Origin origin() {
    return origin;
  }

  /** Whether it was replayed to another consumer of its stream. */
  boolean isForAnother() {
    return MessageHeaders.first(message, MessageHeaders.DURABLE)
        .filter(durable -> !durable.equals(origin.durable()))
        .isPresent();
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
