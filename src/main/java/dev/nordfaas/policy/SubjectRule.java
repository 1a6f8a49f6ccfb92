package dev.nordfaas.policy;

import dev.nordfaas.config.NatsConfig.ConsumerConfig;
import dev.nordfaas.config.NatsConfig.Retention;
import dev.nordfaas.config.NatsConfig.StreamConfig;
import dev.nordfaas.config.StackConfig;
import dev.nordfaas.config.check.Problems;
import dev.nordfaas.config.model.KeyPath;
import dev.nordfaas.nats.Subjects;
import dev.nordfaas.plan.MessagePlan;
import dev.nordfaas.plan.Plan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Every message is stored in one stream, and every work-queue message has one consumer. */
final class SubjectRule implements Rule {
  private static final KeyPath STREAMS = KeyPath.of("nats", "streams");

  @Override
  public void check(StackConfig config, Plan plan, Problems problems) {
    checkStreams(config, problems);
    config.nats().streams().forEach((name, stream) -> checkConsumers(name, stream, problems));
    checkRoutes(plan, problems);
  }

  private record StoredSubject(String stream, KeyPath path, String subject) {}

  private static List<StoredSubject> stored(StackConfig config) {
    var stored = new ArrayList<StoredSubject>();
    config
        .nats()
        .streams()
        .forEach(
            (name, stream) -> {
              for (var i = 0; i < stream.subjects().size(); i++) {
                var path = STREAMS.key(name).key("subjects").index(i);
                stored.add(new StoredSubject(name, path, stream.subjects().get(i)));
              }
            });
    return stored;
  }

  private static void checkStreams(StackConfig config, Problems problems) {
    var stored = stored(config);
    for (var later : stored) {
      stored.stream()
          .takeWhile(earlier -> !earlier.equals(later))
          .filter(earlier -> Subjects.overlap(earlier.subject(), later.subject()))
          .findFirst()
          .ifPresent(
              earlier ->
                  problems.add(
                      later.path(),
                      "\"%s\" overlaps \"%s\" of stream %s"
                          .formatted(later.subject(), earlier.subject(), earlier.stream()),
                      "store each subject once",
                      earlier.path()));
    }
  }

  private static void checkConsumers(String name, StreamConfig stream, Problems problems) {
    var consumers = STREAMS.key(name).key("consumers");
    stream
        .consumers()
        .forEach(
            (consumerName, consumer) -> {
              var path = consumers.key(consumerName);
              checkFilters(name, stream, consumer, path, problems);
              if (stream.retention() == Retention.WORKQUEUE) {
                stream.consumers().entrySet().stream()
                    .takeWhile(other -> !other.getKey().equals(consumerName))
                    .filter(other -> takesSame(stream, other.getValue(), consumer))
                    .map(Map.Entry::getKey)
                    .findFirst()
                    .ifPresent(
                        other ->
                            problems.add(
                                path.key("filterSubjects"),
                                "consumer %s takes some of these messages too, but a work queue gives each message to one consumer"
                                    .formatted(other),
                                "filter subjects that do not overlap",
                                consumers.key(other).key("filterSubjects"),
                                STREAMS.key(name).key("retention")));
              }
            });
  }

  private static boolean takesSame(StreamConfig stream, ConsumerConfig left, ConsumerConfig right) {
    return MessagePlan.filters(stream, left).stream()
        .anyMatch(
            a -> MessagePlan.filters(stream, right).stream().anyMatch(b -> Subjects.overlap(a, b)));
  }

  private static void checkFilters(
      String name, StreamConfig stream, ConsumerConfig consumer, KeyPath path, Problems problems) {
    for (var i = 0; i < consumer.filterSubjects().size(); i++) {
      var filter = consumer.filterSubjects().get(i);
      if (stream.subjects().stream().noneMatch(subject -> Subjects.overlap(subject, filter))) {
        problems.add(
            path.key("filterSubjects").index(i),
            "stream %s stores no subject that matches \"%s\"".formatted(name, filter),
            "filter one of " + String.join(", ", stream.subjects()),
            STREAMS.key(name).key("subjects"));
      }
      checkTwice(consumer, i, path, problems);
    }
  }

  /** NATS refuses a consumer of which one filter covers another. */
  private static void checkTwice(
      ConsumerConfig consumer, int index, KeyPath path, Problems problems) {
    var filters = consumer.filterSubjects();
    var filter = filters.get(index);
    filters.stream()
        .limit(index)
        .filter(other -> Subjects.covers(other, filter) || Subjects.covers(filter, other))
        .findFirst()
        .ifPresent(
            other ->
                problems.add(
                    path.key("filterSubjects").index(index),
                    "\"%s\" overlaps \"%s\" of the same consumer, which NATS refuses"
                        .formatted(filter, other),
                    "keep the wider one"));
  }

  private static void checkRoutes(Plan plan, Problems problems) {
    plan.messages().paths().stream()
        .filter(path -> path.stream().isEmpty())
        .forEach(
            path ->
                problems.add(
                    KeyPath.of("queueWorker", "intake", "routes", path.name(), "subject"),
                    "no stream stores \"%s\"".formatted(path.subject()),
                    "add it to the subjects of a stream",
                    STREAMS));
  }
}
