package dev.nordfaas.policy;

import dev.nordfaas.config.Durations;
import dev.nordfaas.config.NatsConfig.StreamConfig;
import dev.nordfaas.config.StackConfig;
import dev.nordfaas.config.check.Problems;
import dev.nordfaas.config.model.KeyPath;
import dev.nordfaas.plan.MessagePath;
import dev.nordfaas.plan.MessagePath.Reader;
import dev.nordfaas.plan.MessagePath.Stored;
import dev.nordfaas.plan.Plan;

/**
 * What is answered with 202 is kept and read by a function, and every function with a queue trigger
 * is sent something. In a stream with retention {@code limits}, which is a log, an administrator
 * may be the reader: there it is a warning.
 */
final class MessageRule implements Rule {
  private static final KeyPath STREAMS = KeyPath.of("nats", "streams");
  private static final KeyPath ROUTES = KeyPath.of("queueWorker", "intake", "routes");
  private static final KeyPath FUNCTIONS = KeyPath.of("functions");

  @Override
  public void check(StackConfig config, Plan plan, Problems problems) {
    var messages = plan.messages();
    messages
        .paths()
        .forEach(path -> path.stream().ifPresent(stream -> checkPath(path, stream, problems)));
    if (namesExist(plan)) {
      messages.unread().forEach(reader -> checkUnread(reader, problems));
    }
    messages.readers().forEach(reader -> checkUnsent(reader, plan, problems));
  }

  /** A misspelt name leaves a consumer unread, and is reported by {@code ReferenceRule}. */
  private static boolean namesExist(Plan plan) {
    return plan.messages().workers().keySet().stream()
        .allMatch(function -> plan.consumer(function).isPresent());
  }

  private static void checkPath(MessagePath path, Stored stream, Problems problems) {
    if (!path.readers().isEmpty()) {
      return;
    }
    var at = STREAMS.key(stream.name());
    var key = ROUTES.key(path.name()).key("subject");
    KeyPath[] others = {
      at.key("subjects"), at.key("retention"), at.key("consumers"), at.key("maxAge")
    };
    switch (stream.config().retention()) {
      case INTEREST ->
          problems.add(
              key,
              "no consumer of stream %s takes \"%s\", and with retention interest such a message is answered with 202 and dropped at once"
                  .formatted(stream.name(), path.subject()),
              addReader(path, stream),
              others);
      case WORKQUEUE ->
          problems.add(
              key,
              "no consumer of stream %s takes \"%s\": such a message is answered with 202, and %s without having been read"
                  .formatted(stream.name(), path.subject(), end(stream.config())),
              addReader(path, stream),
              others);
      case LIMITS ->
          problems.warn(
              key,
              "no consumer of stream %s takes \"%s\", so only an administrator can read such a message"
                  .formatted(stream.name(), path.subject()),
              addReader(path, stream),
              others);
    }
  }

  private static String addReader(MessagePath path, Stored stream) {
    var consumers = stream.config().consumers().keySet();
    return consumers.isEmpty()
        ? "add a consumer to %s, and name it in a function's queue"
            .formatted(STREAMS.key(stream.name()).key("consumers"))
        : "add \"%s\" to the filterSubjects of %s, or a consumer that takes it"
            .formatted(path.subject(), String.join(" or ", consumers));
  }

  private static void checkUnread(Reader reader, Problems problems) {
    var stream = reader.stream().config();
    var at = STREAMS.key(reader.stream().name());
    var key = at.key("consumers").key(reader.durable());
    var fix = "name it in functions.<name>.queue, or remove it";
    KeyPath[] others = {at.key("retention"), at.key("maxAge"), FUNCTIONS};
    switch (stream.retention()) {
      case WORKQUEUE ->
          problems.add(
              key,
              "no function's queue names it, so nobody reads its messages: each %s"
                  .formatted(end(stream)),
              fix,
              others);
      case INTEREST ->
          problems.add(
              key,
              "no function's queue names it, so nobody reads its messages: the stream keeps each for it, and each %s"
                  .formatted(end(stream)),
              fix,
              others);
      case LIMITS ->
          problems.warn(
              key,
              "no function's queue names it, so only an administrator can read its messages",
              fix,
              others);
    }
  }

  /** What becomes of a message that nobody reads. */
  private static String end(StreamConfig stream) {
    return stream.maxAge().isZero()
        ? "stays in the stream"
        : "is deleted at maxAge " + Durations.format(stream.maxAge());
  }

  /** A function that waits in vain; nothing is lost. */
  private static void checkUnsent(Reader reader, Plan plan, Problems problems) {
    if (plan.messages().paths().stream().noneMatch(path -> path.readers().contains(reader))) {
      reader
          .function()
          .ifPresent(
              function ->
                  problems.warn(
                      FUNCTIONS.key(function.name()).key("queue").key("durable"),
                      "no route publishes what consumer %s of stream %s takes, so no message ever calls this function"
                          .formatted(reader.durable(), reader.stream().name()),
                      "add a route to %s, or remove the queue".formatted(ROUTES),
                      ROUTES,
                      STREAMS.key(reader.stream().name())));
    }
  }
}
