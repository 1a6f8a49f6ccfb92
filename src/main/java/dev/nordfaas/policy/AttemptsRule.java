package dev.nordfaas.policy;

import dev.nordfaas.config.Durations;
import dev.nordfaas.config.StackConfig;
import dev.nordfaas.config.check.Problems;
import dev.nordfaas.config.model.KeyPath;
import dev.nordfaas.nats.JetStreamPlan;
import dev.nordfaas.plan.MessagePath.Called;
import dev.nordfaas.plan.MessagePath.Reader;
import dev.nordfaas.plan.Plan;
import java.time.Duration;
import java.util.stream.IntStream;

/**
 * A message lives long enough for all its attempts, so that one that cannot be processed becomes a
 * dead letter, and the consumer lets all workers work at once.
 */
final class AttemptsRule implements Rule {
  @Override
  public void check(StackConfig config, Plan plan, Problems problems) {
    plan.messages()
        .readers()
        .forEach(
            reader ->
                reader
                    .function()
                    .ifPresent(function -> new Taker(reader, function).check(problems)));
  }

  /** The worker of a function, and what it takes from. */
  private record Taker(Reader reader, Called function) {

    void check(Problems problems) {
      // Without a delay the backoff is malformed, which has been reported.
      if (!reader.config().backoff().isEmpty()) {
        checkAge(problems);
        checkBackoff(problems);
      }
      checkAckPending(problems);
      checkPulls(problems);
    }

    private void checkAge(Problems problems) {
      var maxAge = reader.stream().config().maxAge();
      if (maxAge.isZero()) {
        return;
      }
      var calls = function.config().timeout().multipliedBy(reader.config().maxDeliver());
      var waits = waits();
      if (maxAge.compareTo(calls.plus(waits)) <= 0) {
        problems.add(
            streamKey().key("maxAge"),
            "%s is not above the %s that %s of function %s may take, calls %s and backoff %s: a message that fails would be deleted instead of becoming a dead letter"
                .formatted(
                    text(maxAge),
                    text(calls.plus(waits)),
                    reader.config().maxDeliver() == 1
                        ? "one attempt"
                        : reader.config().maxDeliver() + " attempts",
                    function.name(),
                    text(calls),
                    text(waits)),
            "raise it, or lower maxDeliver, backoff or the function's timeout",
            consumerKey().key("maxDeliver"),
            consumerKey().key("backoff"),
            functionKey().key("timeout"));
      }
      if (maxAge.compareTo(reader.config().ackWait()) <= 0) {
        problems.add(
            consumerKey().key("ackWait"),
            "%s is not below maxAge %s: what a worker has in progress when it dies would be deleted before another gets it"
                .formatted(text(reader.config().ackWait()), text(maxAge)),
            "lower it or raise maxAge",
            streamKey().key("maxAge"));
      }
    }

    /** What lies between all attempts if none names its own delay. */
    private Duration waits() {
      var steps = reader.config().backoff();
      return IntStream.range(0, reader.config().maxDeliver() - 1)
          .mapToObj(attempt -> steps.get(Math.min(attempt, steps.size() - 1)))
          .reduce(Duration.ZERO, Duration::plus);
    }

    private void checkBackoff(Problems problems) {
      var last = reader.config().backoff().size() - 1;
      if (reader.config().backoff().get(last).isZero() && reader.config().maxDeliver() > last + 2) {
        problems.add(
            consumerKey().key("backoff").index(last),
            "0s, repeated, uses up %d attempts within milliseconds"
                .formatted(reader.config().maxDeliver() - last),
            "use 1s or more as the last delay",
            consumerKey().key("maxDeliver"));
      }
    }

    private void checkAckPending(Problems problems) {
      var calls = (long) function.trigger().concurrency() * function.trigger().scale().max();
      if (calls > reader.config().maxAckPending()) {
        problems.add(
            consumerKey().key("maxAckPending"),
            "%d is below the %d calls that the workers of function %s may have in flight, %d pods × concurrency %d, so some would idle"
                .formatted(
                    reader.config().maxAckPending(),
                    calls,
                    function.name(),
                    function.trigger().scale().max(),
                    function.trigger().concurrency()),
            "raise it, with room for what waits for another attempt, or lower concurrency or scale.max of the queue",
            queueKey().key("concurrency"),
            queueKey().key("scale"));
      }
    }

    private void checkPulls(Problems problems) {
      if (function.trigger().scale().max() > JetStreamPlan.MAX_WAITING) {
        problems.add(
            queueKey().key("scale").key("max"),
            "%d worker pods are more than the %d that may wait for messages of one consumer"
                .formatted(function.trigger().scale().max(), JetStreamPlan.MAX_WAITING),
            "lower it and raise concurrency");
      }
    }

    private KeyPath streamKey() {
      return KeyPath.of("nats", "streams", reader.stream().name());
    }

    private KeyPath consumerKey() {
      return streamKey().key("consumers").key(reader.durable());
    }

    private KeyPath functionKey() {
      return KeyPath.of("functions", function.name());
    }

    private KeyPath queueKey() {
      return functionKey().key("queue");
    }
  }

  private static String text(Duration duration) {
    return Durations.format(duration);
  }
}
