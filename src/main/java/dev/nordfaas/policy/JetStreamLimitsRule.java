package dev.nordfaas.policy;

import dev.nordfaas.config.Durations;
import dev.nordfaas.config.NatsConfig.StreamConfig;
import dev.nordfaas.config.StackConfig;
import dev.nordfaas.config.check.Problems;
import dev.nordfaas.config.model.KeyPath;
import dev.nordfaas.plan.Plan;
import java.time.Duration;

/** NATS accepts the streams and consumers, and the streams accept what intake does. */
final class JetStreamLimitsRule implements Rule {
  private static final KeyPath STREAMS = KeyPath.of("nats", "streams");

  /** Somebody has to notice a dead letter, and find and fix its cause. */
  private static final Duration MIN_AGE_OF_DEAD_LETTERS = Duration.ofDays(1);

  @Override
  public void check(StackConfig config, Plan plan, Problems problems) {
    config
        .nats()
        .streams()
        .forEach(
            (name, stream) -> {
              var path = STREAMS.key(name);
              checkWindow(stream, path, problems);
              checkDeadLetters(stream, path, problems);
              checkRoutes(name, stream, config, problems);
            });
  }

  private static void checkWindow(StreamConfig stream, KeyPath path, Problems problems) {
    if (stream.duplicateWindow().compareTo(stream.maxAge()) > 0) {
      problems.add(
          path.key("duplicateWindow"),
          "%s is above maxAge %s"
              .formatted(
                  Durations.format(stream.duplicateWindow()), Durations.format(stream.maxAge())),
          "lower it or raise maxAge",
          path.key("maxAge"));
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

  private static void checkRoutes(
      String name, StreamConfig stream, StackConfig config, Problems problems) {
    config
        .queueWorker()
        .intake()
        .routes()
        .forEach(
            (routeName, route) -> {
              var stores =
                  stream.subjects().stream()
                      .anyMatch(subject -> Subjects.overlap(subject, route.subject()));
              if (stores && route.maxBodySize().compareTo(stream.maxMsgSize()) > 0) {
                problems.add(
                    KeyPath.of("queueWorker", "intake", "routes", routeName, "maxBodySize"),
                    "%s is above maxMsgSize %s of stream %s"
                        .formatted(route.maxBodySize(), stream.maxMsgSize(), name),
                    "lower it or raise maxMsgSize",
                    STREAMS.key(name).key("maxMsgSize"),
                    STREAMS.key(name).key("subjects"));
              }
            });
  }
}
