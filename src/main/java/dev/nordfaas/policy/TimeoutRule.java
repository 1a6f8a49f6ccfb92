package dev.nordfaas.policy;

import dev.nordfaas.config.Durations;
import dev.nordfaas.config.FunctionConfig;
import dev.nordfaas.config.KeyPath;
import dev.nordfaas.config.Problems;
import dev.nordfaas.config.Rule;
import dev.nordfaas.config.StackConfig;
import java.time.Duration;

/**
 * Whoever waits, waits longer than what it waits for: else a slow call ends as an error of the
 * gateway, or a message is delivered again while it is still being worked on.
 */
final class TimeoutRule implements Rule {
  private static final Duration MIN_ROLLOUT = Duration.ofSeconds(10);
  private static final Duration MAX_ROLLOUT = Duration.ofHours(1);
  private static final KeyPath GATEWAY = KeyPath.of("openfaas", "gateway");
  private static final KeyPath UPSTREAM = GATEWAY.key("upstreamTimeout");

  @Override
  public void check(StackConfig config, Problems problems) {
    checkGateway(config, problems);
    config
        .functions()
        .forEach(
            (name, function) -> {
              checkFunction(name, function, config, problems);
              checkConsumer(name, function, config, problems);
            });
  }

  private static void checkGateway(StackConfig config, Problems problems) {
    var gateway = config.openfaas().gateway();
    var upstream = gateway.upstreamTimeout();
    if (upstream.compareTo(gateway.readTimeout()) >= 0) {
      problems.add(
          UPSTREAM,
          "%s is not below readTimeout %s".formatted(text(upstream), text(gateway.readTimeout())),
          "lower it or raise readTimeout",
          GATEWAY.key("readTimeout"));
    }
    if (upstream.compareTo(gateway.writeTimeout()) > 0) {
      problems.add(
          UPSTREAM,
          "%s is above writeTimeout %s".formatted(text(upstream), text(gateway.writeTimeout())),
          "lower it or raise writeTimeout",
          GATEWAY.key("writeTimeout"));
    }
    if (!gateway.readTimeout().equals(gateway.writeTimeout())) {
      problems.add(
          GATEWAY.key("writeTimeout"),
          "%s is not readTimeout %s; the chain is function <= upstreamTimeout %s < readTimeout = writeTimeout < edge"
              .formatted(text(gateway.writeTimeout()), text(gateway.readTimeout()), text(upstream)),
          "give both the same value",
          GATEWAY.key("readTimeout"));
    }
  }

  private static void checkFunction(
      String name, FunctionConfig function, StackConfig config, Problems problems) {
    var path = KeyPath.of("functions", name, "timeout");
    var upstream = config.openfaas().gateway().upstreamTimeout();
    checkRollout(name, function, problems);
    if (function.timeout().isZero()) {
      problems.add(path, "0s leaves no time for a call", "use 1s or more");
    } else if (function.timeout().compareTo(upstream) > 0) {
      problems.add(
          path,
          "%s is above openfaas.gateway.upstreamTimeout %s"
              .formatted(text(function.timeout()), text(upstream)),
          "lower it or raise upstreamTimeout",
          UPSTREAM);
    }
  }

  private static void checkRollout(String name, FunctionConfig function, Problems problems) {
    var rollout = function.rolloutTimeout();
    if (rollout.compareTo(MIN_ROLLOUT) < 0
        || rollout.compareTo(MAX_ROLLOUT) > 0
        || rollout.toMillis() % 1000 != 0) {
      problems.add(
          KeyPath.of("functions", name, "rolloutTimeout"),
          "%s is out of range".formatted(text(rollout)),
          "use whole seconds from %s to %s".formatted(text(MIN_ROLLOUT), text(MAX_ROLLOUT)));
    }
  }

  private static void checkConsumer(
      String name, FunctionConfig function, StackConfig config, Problems problems) {
    if (function.queue().isEmpty()) {
      return;
    }
    var queue = function.queue().get();
    var stream = config.nats().streams().get(queue.stream());
    var consumer = stream == null ? null : stream.consumers().get(queue.durable());
    if (consumer == null) {
      return;
    }
    var path = KeyPath.of("nats", "streams", queue.stream(), "consumers", queue.durable());
    var wait = consumer.ackWait();
    if (wait.compareTo(function.timeout()) <= 0) {
      problems.add(
          path.key("ackWait"),
          "%s is not above the timeout %s of function %s, so that slow calls are made twice"
              .formatted(text(wait), text(function.timeout()), name),
          "raise it or lower the timeout",
          KeyPath.of("functions", name, "timeout"));
    }
  }

  private static String text(Duration duration) {
    return Durations.format(duration);
  }
}
