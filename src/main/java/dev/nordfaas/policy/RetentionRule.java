package dev.nordfaas.policy;

import dev.nordfaas.config.NatsConfig.Discard;
import dev.nordfaas.config.NatsConfig.Retention;
import dev.nordfaas.config.NatsConfig.Storage;
import dev.nordfaas.config.NatsConfig.StreamConfig;
import dev.nordfaas.config.StackConfig;
import dev.nordfaas.config.check.Problems;
import dev.nordfaas.config.model.KeyPath;
import dev.nordfaas.nats.JetStreamPlan;
import dev.nordfaas.plan.Plan;

/**
 * Says aloud what removes a message that was answered with 202 although nobody has processed it, or
 * never removes it, where the config chooses that; and keeps streams in memory within NATS' memory.
 */
final class RetentionRule implements Rule {
  private static final KeyPath STREAMS = KeyPath.of("nats", "streams");
  private static final KeyPath MEMORY = KeyPath.of("nats", "resources", "limits", "memory");

  /** The rest is for what a message costs besides its bytes, for clients and for Go. */
  private static final int SHARE_OF_MEMORY = 2;

  @Override
  public void check(StackConfig config, Plan plan, Problems problems) {
    config
        .nats()
        .streams()
        .forEach(
            (name, stream) -> {
              warnOfAge(stream, STREAMS.key(name), problems);
              if (!plan.messages().into(name).isEmpty()) {
                warnOfDiscard(stream, STREAMS.key(name), problems);
                warnOfMemory(
                    stream,
                    stream.replicas().orElse(config.nats().replicas()),
                    STREAMS.key(name),
                    problems);
              }
            });
    checkMemory(config, problems);
  }

  private static void warnOfAge(StreamConfig stream, KeyPath path, Problems problems) {
    if (!stream.maxAge().isZero()) {
      return;
    }
    var until =
        switch (stream.retention()) {
          case WORKQUEUE -> "until it is acked";
          case INTEREST -> "until every consumer has acked it";
          case LIMITS -> "until the stream is full";
        };
    problems.warn(
        path.key("maxAge"),
        "0s keeps each message %s, however old it is".formatted(until),
        "set an age such as 7d unless this is intended",
        path.key("retention"));
  }

  private static void warnOfDiscard(StreamConfig stream, KeyPath path, Problems problems) {
    if (stream.discard() == Discard.OLD) {
      problems.warn(
          path.key("discard"),
          "old deletes the oldest message at a limit, although it was answered with 202, and even if nobody has processed it",
          "use new, so that a full stream refuses requests with 503 instead");
    } else if (stream.retention() == Retention.LIMITS && stream.maxAge().isZero()) {
      problems.warn(
          path.key("discard"),
          "new, with retention limits and maxAge 0s: nothing removes a message, so the stream fills up, and then every request is refused with 503",
          "set maxAge, or use discard old",
          path.key("retention"),
          path.key("maxAge"));
    }
  }

  private static void warnOfMemory(
      StreamConfig stream, int replicas, KeyPath path, Problems problems) {
    if (stream.storage() == Storage.MEMORY) {
      problems.warn(
          path.key("storage"),
          replicas == 1
              ? "memory: every restart of NATS deletes the messages, although they were answered with 202"
              : "memory: the messages are deleted when most of the %d servers with a copy stop at once, as in a power cut, although they were answered with 202"
                  .formatted(replicas),
          "use file for what must not be lost",
          path.key("replicas"),
          KeyPath.of("nats", "replicas"));
    }
  }

  private static void checkMemory(StackConfig config, Problems problems) {
    var reserved = JetStreamPlan.reservedMemoryBytes(config.nats());
    var limit = config.nats().resources().limits().memory();
    if (reserved > limit.bytes() / SHARE_OF_MEMORY) {
      problems.add(
          MEMORY,
          "streams in memory, %s in all, exceed half of %s: NATS needs the rest"
              .formatted(Amounts.size(reserved), limit),
          "raise it, or lower the streams' maxBytes or use storage file",
          config.nats().streams().keySet().stream()
              .map(name -> STREAMS.key(name).key("maxBytes"))
              .toArray(KeyPath[]::new));
    }
  }
}
