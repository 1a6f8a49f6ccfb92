package dev.nordfaas.queueworker.deadletters;

import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.RetentionPolicy;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The stream that dead letters come from, and its consumers, as they are now. */
final class OriginStream {
  private static final int NO_STREAM = 10059;
  private static final Pattern DOT = Pattern.compile("[.]");

  private final String stream;
  private final boolean shared;
  private final SortedMap<String, List<String>> filters;

  private OriginStream(String stream, boolean shared, SortedMap<String, List<String>> filters) {
    this.stream = stream;
    this.shared = shared;
    this.filters = filters;
  }

  static OriginStream of(Connection connection, String stream)
      throws IOException, JetStreamApiException {
    try {
      var management = connection.jetStreamManagement();
      var retention = management.getStreamInfo(stream).getConfiguration().getRetentionPolicy();
      var filters = new TreeMap<String, List<String>>();
      for (var consumer : management.getConsumers(stream)) {
        filters.put(consumer.getName(), filters(consumer.getConsumerConfiguration()));
      }
      return new OriginStream(stream, retention != RetentionPolicy.WorkQueue, filters);
    } catch (JetStreamApiException e) {
      if (e.getApiErrorCode() == NO_STREAM) {
        throw new IOException(
            "stream %s, where these dead letters come from, does not exist; add it to nats.streams, or remove them"
                .formatted(stream),
            e);
      }
      throw e;
    }
  }

  String stream() {
    return stream;
  }

  /** Whether several consumers may get the same message: each but a work queue. */
  boolean shared() {
    return shared;
  }

  /**
   * The consumer that a dead letter is replayed to: the one that failed, or the one that the
   * operator names.
   *
   * @throws IOException if it would not get the message: then nobody would
   */
  String consumer(DeadLetter letter, Optional<String> named) throws IOException {
    var durable = named.orElseGet(letter::durable);
    var subject = letter.subjectOfOrigin();
    if (filters.containsKey(durable) && takes(durable, subject)) {
      return durable;
    }
    var others = filters.keySet().stream().filter(name -> takes(name, subject)).toList();
    throw new IOException(
        "dead letter %d cannot be replayed to consumer %s of stream %s, which %s; %s"
            .formatted(
                letter.sequence(),
                durable,
                stream,
                filters.containsKey(durable)
                    ? "does not take subject " + subject
                    : "does not exist",
                others.isEmpty()
                    ? "no other takes it either: add it to nats.streams.%s.consumers"
                        .formatted(stream)
                    : "choose one that takes it with --to: " + String.join(", ", others)));
  }

  private boolean takes(String durable, String subject) {
    return filters.getOrDefault(durable, List.of()).stream()
        .anyMatch(filter -> matches(filter, subject));
  }

  private static List<String> filters(ConsumerConfiguration consumer) {
    var filters = consumer.getFilterSubjects();
    return filters == null || filters.isEmpty() ? List.of(">") : List.copyOf(filters);
  }

  /** Whether a filter, with {@code *} for one token and {@code >} for all others, matches. */
  static boolean matches(String filter, String subject) {
    var wanted = DOT.split(filter, -1);
    var tokens = DOT.split(subject, -1);
    for (var i = 0; i < wanted.length; i++) {
      if (wanted[i].equals(">")) {
        return tokens.length > i;
      }
      if (i >= tokens.length || !(wanted[i].equals("*") || wanted[i].equals(tokens[i]))) {
        return false;
      }
    }
    return wanted.length == tokens.length;
  }
}
