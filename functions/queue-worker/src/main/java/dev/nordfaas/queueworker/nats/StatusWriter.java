package dev.nordfaas.queueworker.nats;

import dev.nordfaas.jsoncheck.StrictJson;
import io.nats.client.Connection;
import io.nats.client.Message;
import io.nats.client.impl.Headers;
import io.nats.client.impl.NatsMessage;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Publishes how far a request is. Nothing waits for it or depends on it: a lost status is merely
 * unknown.
 */
public final class StatusWriter {
  /** Stream of the statuses: in memory, the newest of each id, for an hour. */
  public static final String STREAM = "nordfaas-status";

  /** How far a request can be. */
  public enum State {
    ACCEPTED,
    PROCESSING,
    DONE,
    DEAD
  }

  private final Supplier<Optional<Connection>> connection;

  /**
   * Creates one.
   *
   * @param connection the connection, if it is up right now
   */
  public StatusWriter(Supplier<Optional<Connection>> connection) {
    this.connection = connection;
  }

  /** The subject of an id's status. */
  public static String subject(String id) {
    return "status." + id;
  }

  /** Writes that a request was stored, unless the worker has already written. */
  public void accepted(String id, Optional<Caller> caller) {
    var first = new Headers().put(MessageHeaders.EXPECTED_LAST_SUBJECT_SEQUENCE, "0");
    write(id, caller, State.ACCEPTED, 0, first);
  }

  /** Writes a request's progress after this many attempts. */
  public void write(String id, Optional<Caller> caller, State state, long attempts) {
    write(id, caller, state, attempts, new Headers());
  }

  /** Whether a status is the caller's, or that of a request without one. */
  public static boolean isOf(Message status, Optional<Caller> caller) {
    var owner = MessageHeaders.all(status, MessageHeaders.STATUS_OF);
    return owner.isEmpty()
        || caller.filter(it -> owner.equals(List.of(it.digestText()))).isPresent();
  }

  private void write(
      String id, Optional<Caller> caller, State state, long attempts, Headers headers) {
    caller.ifPresent(it -> headers.put(MessageHeaders.STATUS_OF, it.digestText()));
    var body =
        StrictJson.MAPPER.writeValueAsBytes(
            new Status(id, state.name().toLowerCase(Locale.ROOT), attempts));
    try {
      connection
          .get()
          .ifPresent(
              made ->
                  made.publish(
                      NatsMessage.builder()
                          .subject(subject(id))
                          .headers(headers)
                          .data(body)
                          .build()));
    } catch (IllegalStateException e) {
      // Lost at this moment.
    }
  }

  private record Status(String id, String state, long attempts) {}
}
