package dev.nordfaas.policy;

import dev.nordfaas.config.AuthConfig;
import dev.nordfaas.config.ByteSize;
import dev.nordfaas.config.Durations;
import dev.nordfaas.config.NatsConfig.StreamConfig;
import dev.nordfaas.config.QueueWorkerConfig.RouteConfig;
import dev.nordfaas.config.StackConfig;
import dev.nordfaas.config.check.Problems;
import dev.nordfaas.config.model.KeyPath;
import dev.nordfaas.plan.MessagePath;
import dev.nordfaas.plan.MessagePath.Reader;
import dev.nordfaas.plan.Plan;
import java.time.Duration;

/**
 * NATS accepts the streams and consumers as they are written, and the streams accept what intake
 * does. {@code JetStreamBoundsTest} asks a nats-server about each bound.
 */
final class JetStreamLimitsRule implements Rule {
  private static final KeyPath STREAMS = KeyPath.of("nats", "streams");

  /** Somebody has to notice a dead letter, and find and fix its cause. */
  private static final Duration MIN_AGE_OF_DEAD_LETTERS = Duration.ofDays(1);

  /** nats-server: "duplicates window needs to be >= 100ms". */
  private static final Duration MIN_WINDOW = Duration.ofMillis(100);

  /**
   * nats-server stores no record above 32 MiB ({@code rlBadThresh} of its filestore.go); a dead
   * letter has 64 KiB more than the message, and a record has a subject.
   */
  private static final ByteSize MAX_MSG_SIZE = ByteSize.parse("31Mi");

  /** What a stream counts besides the message: its subject, 253 bytes at most, and 30 bytes. */
  private static final long RECORD_BYTES = 1 << 10;

  /** Who is calling takes up to 5 KiB of a message, and the query up to 2 KiB. */
  private static final ByteSize CALLER = ByteSize.parse("8Ki");

  @Override
  public void check(StackConfig config, Plan plan, Problems problems) {
    config
        .nats()
        .streams()
        .forEach(
            (name, stream) -> {
              var path = STREAMS.key(name);
              checkWindow(stream, path, problems);
              checkSize(stream, path, problems);
              checkDeadLetters(stream, path, problems);
              plan.messages().into(name).forEach(it -> checkRoute(name, stream, it, problems));
            });
    plan.messages().unread().forEach(reader -> checkAckWait(reader, problems));
  }

  private static void checkWindow(StreamConfig stream, KeyPath path, Problems problems) {
    var window = stream.duplicateWindow();
    if (window.isZero()) {
      problems.add(
          path.key("duplicateWindow"),
          "0s means two minutes to NATS",
          "use 100ms or more, at least as long as clients retry");
    } else if (window.compareTo(MIN_WINDOW) < 0) {
      problems.add(
          path.key("duplicateWindow"),
          "%s is below the 100ms that NATS requires".formatted(Durations.format(window)),
          "use 100ms or more, at least as long as clients retry");
    }
    if (!stream.maxAge().isZero() && window.compareTo(stream.maxAge()) > 0) {
      problems.add(
          path.key("duplicateWindow"),
          "%s is above maxAge %s"
              .formatted(Durations.format(window), Durations.format(stream.maxAge())),
          "lower it or raise maxAge",
          path.key("maxAge"));
    }
  }

  private static void checkSize(StreamConfig stream, KeyPath path, Problems problems) {
    var size = stream.maxMsgSize();
    if (size.bytes() == 0) {
      problems.add(
          path.key("maxMsgSize"), "%s means no limit to NATS".formatted(size), "use 1Ki or more");
    } else if (size.compareTo(MAX_MSG_SIZE) > 0) {
      problems.add(
          path.key("maxMsgSize"),
          "%s is above %s: NATS stores nothing above 32Mi, headers of a dead letter included"
              .formatted(size, MAX_MSG_SIZE),
          "lower it, and keep what is larger in an object store");
    } else if (stream.maxBytes().bytes() < size.bytes() + RECORD_BYTES) {
      problems.add(
          path.key("maxBytes"),
          "%s has no room for one message of maxMsgSize %s".formatted(stream.maxBytes(), size),
          "raise it or lower maxMsgSize",
          path.key("maxMsgSize"));
    }
  }

  private static void checkDeadLetters(StreamConfig stream, KeyPath path, Problems problems) {
    var maxAge = stream.deadLetters().maxAge();
    if (!maxAge.isZero() && maxAge.compareTo(MIN_AGE_OF_DEAD_LETTERS) < 0) {
      problems.add(
          path.key("deadLetters").key("maxAge"),
          "%s may delete a dead letter before anybody has seen it"
              .formatted(Durations.format(maxAge)),
          "use 1d or more, or 0s to keep each until somebody replays or removes it");
    }
  }

  /** Where a function reads it, {@code TimeoutRule} requires more. */
  private static void checkAckWait(Reader reader, Problems problems) {
    if (reader.config().ackWait().isZero()) {
      problems.add(
          STREAMS.key(reader.stream().name()).key("consumers").key(reader.durable()).key("ackWait"),
          "0s means 30s to NATS",
          "use 1s or more");
    }
  }

  private static void checkRoute(
      String name, StreamConfig stream, MessagePath message, Problems problems) {
    var largest = message.route().maxBodySize();
    var room = stream.maxMsgSize();
    var route = KeyPath.of("queueWorker", "intake", "routes", message.name());
    var fix = "lower it or raise maxMsgSize";
    if (largest.compareTo(room) > 0) {
      problems.add(
          route.key("maxBodySize"),
          "%s is above maxMsgSize %s of stream %s".formatted(largest, room, name),
          fix,
          STREAMS.key(name).key("maxMsgSize"),
          STREAMS.key(name).key("subjects"));
    } else if (hasCallers(message.route()) && largest.bytes() + CALLER.bytes() > room.bytes()) {
      problems.add(
          route.key("maxBodySize"),
          "%s leaves less than %s of maxMsgSize %s of stream %s, where intake also stores who is calling"
              .formatted(largest, CALLER, room, name),
          fix,
          route.key("auth"),
          STREAMS.key(name).key("maxMsgSize"),
          STREAMS.key(name).key("subjects"));
    }
  }

  private static boolean hasCallers(RouteConfig route) {
    return route.auth().filter(AuthConfig::asksForCredentials).isPresent();
  }
}
