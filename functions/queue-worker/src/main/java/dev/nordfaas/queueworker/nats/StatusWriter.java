package dev.nordfaas.queueworker.nats;

import dev.nordfaas.jsoncheck.StrictJson;
import io.nats.client.Connection;
import io.nats.client.impl.Headers;
import io.nats.client.impl.NatsMessage;
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
  public void accepted(String id) {
    var first = new Headers().put(MessageHeaders.EXPECTED_LAST_SUBJECT_SEQUENCE, "0");
    write(id, State.ACCEPTED, 0, first);
  }

  /** Writes a request's progress after this many attempts. */
  public void write(String id, State state, long attempts) {
    write(id, state, attempts, new Headers());
  }

  private void write(String id, State state, long attempts, Headers headers) {
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
