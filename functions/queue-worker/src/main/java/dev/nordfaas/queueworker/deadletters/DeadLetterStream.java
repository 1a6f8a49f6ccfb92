package dev.nordfaas.queueworker.deadletters;

import dev.nordfaas.queueworker.nats.MessageHeaders;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.PublishOptions;
import io.nats.client.api.PublishAck;
import io.nats.client.impl.Headers;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** One dead-letter stream. */
final class DeadLetterStream {
  /** The suffix of every dead-letter stream's name. */
  static final String SUFFIX = "-dlq";

  private static final int NO_MESSAGE = 10037;
  private static final int TOO_LARGE = 10054;

  private final Connection connection;
  private final JetStreamManagement management;
  private final String name;

  DeadLetterStream(Connection connection, String name) throws IOException {
    this.connection = connection;
    this.management = connection.jetStreamManagement();
    this.name = name;
  }

  /** The names of all dead-letter streams. */
  static List<String> names(Connection connection) throws IOException, JetStreamApiException {
    return connection.jetStreamManagement().getStreamNames().stream()
        .filter(name -> name.endsWith(SUFFIX))
        .sorted()
        .toList();
  }

  String name() {
    return name;
  }

  /** How many there are. */
  long count() throws IOException, JetStreamApiException {
    return management.getStreamInfo(name).getStreamState().getMsgCount();
  }

  /** The first one at or after this sequence. */
  Optional<DeadLetter> from(long sequence) throws IOException, JetStreamApiException {
    try {
      return Optional.of(new DeadLetter(management.getNextMessage(name, sequence, ">")));
    } catch (JetStreamApiException e) {
      return nothing(e);
    }
  }

  /** The one with this sequence. */
  Optional<DeadLetter> at(long sequence) throws IOException, JetStreamApiException {
    try {
      return Optional.of(new DeadLetter(management.getMessage(name, sequence)));
    } catch (JetStreamApiException e) {
      return nothing(e);
    }
  }

  /** The stream that the dead letters come from. */
  OriginStream origin() throws IOException, JetStreamApiException {
    return OriginStream.of(connection, name.substring(0, name.length() - SUFFIX.length()));
  }

  /**
   * Publishes it to where it came from, and only then removes it here.
   *
   * <p>It gets a new Nats-Msg-Id, since its first is still known within the duplicate window; the
   * new one is always the same, so that an interrupted replay can be repeated. The function sees
   * the id of the request, as before. Where several consumers get the message, a header says whose
   * it is.
   *
   * @throws NoRoomException if it is too large for that, as it has a few headers more than before
   */
  PublishAck replay(DeadLetter letter, OriginStream origin, String durable)
      throws IOException, JetStreamApiException {
    var headers = MessageHeaders.ofRequest(letter.headers());
    headers.put(MessageHeaders.CALL_ID, letter.id());
    headers.put(MessageHeaders.MSG_ID, "%s.%s.replay.%s".formatted(name, letter.key(), durable));
    if (origin.shared()) {
      headers.put(MessageHeaders.DURABLE, durable);
    }
    var ack = publish(letter, headers, origin);
    remove(letter);
    return ack;
  }

  private PublishAck publish(DeadLetter letter, Headers headers, OriginStream origin)
      throws IOException, JetStreamApiException {
    try {
      return connection
          .jetStream()
          .publish(
              letter.subjectOfOrigin(),
              headers,
              letter.body(),
              PublishOptions.builder().expectedStream(origin.stream()).build());
    } catch (JetStreamApiException e) {
      if (e.getApiErrorCode() == TOO_LARGE) {
        throw new NoRoomException(letter, origin, e);
      }
      throw e;
    }
  }

  /**
   * Removes it and overwrites it on the servers' disks.
   *
   * @return false: somebody else has removed it
   */
  boolean remove(DeadLetter letter) throws IOException, JetStreamApiException {
    try {
      return management.deleteMessage(name, letter.sequence(), true);
    } catch (JetStreamApiException e) {
      if (at(letter.sequence()).isPresent()) {
        throw e;
      }
      return false;
    }
  }

  private static Optional<DeadLetter> nothing(JetStreamApiException e)
      throws JetStreamApiException {
    if (e.getApiErrorCode() == NO_MESSAGE) {
      return Optional.empty();
    }
    throw e;
  }
}
