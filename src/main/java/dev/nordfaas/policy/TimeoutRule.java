package dev.nordfaas.policy;

import dev.nordfaas.config.Durations;
import dev.nordfaas.config.FunctionConfig;
import dev.nordfaas.config.StackConfig;
import dev.nordfaas.config.check.Problems;
import dev.nordfaas.config.model.KeyPath;
import dev.nordfaas.edge.EdgeTimeouts;
import dev.nordfaas.nats.NatsWorker;
import dev.nordfaas.plan.Plan;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Every caller waits longer than its callee may take: otherwise a slow call ends as an error of the
 * gateway or the edge, or a message is redelivered while it is still being processed.
 */
final class TimeoutRule implements Rule {
  private static final Duration MIN_ROLLOUT = Duration.ofSeconds(10);
  private static final Duration MAX_ROLLOUT = Duration.ofHours(1);

  /** Caddy treats zero as no limit. */
  private static final Duration MIN_EDGE = Duration.ofSeconds(1);

  private static final KeyPath FUNCTIONS = KeyPath.of("functions");
  private static final KeyPath GATEWAY = KeyPath.of("openfaas", "gateway");
  private static final KeyPath UPSTREAM = GATEWAY.key("upstreamTimeout");
  private static final KeyPath READ = GATEWAY.key("readTimeout");
  private static final KeyPath WRITE = GATEWAY.key("writeTimeout");
  private static final KeyPath EDGE = KeyPath.of("edge", "timeouts");

  @Override
  public void check(StackConfig config, Plan plan, Problems problems) {
    if (hasGateway(plan)) {
      checkGateway(plan, problems);
    }
    checkEdge(plan, problems);
    config
        .functions()
        .forEach(
            (name, function) -> {
              checkFunction(name, function, plan, problems);
              checkRollout(name, function, problems);
              checkConsumer(name, function, plan, problems);
            });
  }

  private static boolean hasGateway(Plan plan) {
    return plan.config().openfaas().hasGateway();
  }

  private static void checkGateway(Plan plan, Problems problems) {
    var gateway = plan.config().openfaas().gateway();
    var upstream = gateway.upstreamTimeout();
    if (upstream.compareTo(gateway.readTimeout()) >= 0) {
      problems.add(
          UPSTREAM,
          "%s is not below readTimeout %s; %s"
              .formatted(text(upstream), text(gateway.readTimeout()), chain(plan)),
          "lower it or raise readTimeout",
          READ);
    }
    if (upstream.compareTo(gateway.writeTimeout()) >= 0) {
      problems.add(
          UPSTREAM,
          "%s is not below writeTimeout %s; %s"
              .formatted(text(upstream), text(gateway.writeTimeout()), chain(plan)),
          "lower it or raise writeTimeout",
          WRITE);
    }
    if (!gateway.readTimeout().equals(gateway.writeTimeout())) {
      problems.add(
          WRITE,
          "%s differs from readTimeout %s; %s"
              .formatted(text(gateway.writeTimeout()), text(gateway.readTimeout()), chain(plan)),
          "give both the same value",
          READ);
    }
  }

  private static void checkEdge(Plan plan, Problems problems) {
    var edge = plan.edgeTimeouts();
    byKey(edge)
        .forEach(
            (key, value) -> {
              if (value.compareTo(MIN_EDGE) < 0) {
                problems.add(
                    EDGE.key(key),
                    "%s is too short".formatted(text(value)),
                    "use 1s or more",
                    hasGateway(plan) ? GATEWAY : FUNCTIONS);
              }
            });
    if (hasGateway(plan)) {
      checkResponse(plan, problems);
    } else {
      plan.config()
          .functions()
          .forEach((name, function) -> checkResponse(name, function, plan, problems));
    }
    checkWrite(plan, problems);
  }

  private static void checkResponse(Plan plan, Problems problems) {
    var gateway = plan.config().openfaas().gateway();
    var edge = plan.edgeTimeouts();
    if (edge.response().compareTo(gateway.writeTimeout()) <= 0) {
      problems.add(
          EDGE.key("response"),
          "%s is not above openfaas.gateway.writeTimeout %s; %s"
              .formatted(text(edge.response()), text(gateway.writeTimeout()), chain(plan)),
          "raise it, or remove it: it then follows writeTimeout",
          WRITE);
    }
  }

  /** Nobody is between the edge and the function. */
  private static void checkResponse(
      String name, FunctionConfig function, Plan plan, Problems problems) {
    var response = plan.edgeTimeouts().response();
    if (function.http().isPresent() && response.compareTo(function.timeout()) <= 0) {
      problems.add(
          EDGE.key("response"),
          "%s is not above the timeout %s of function %s"
              .formatted(text(response), text(function.timeout()), name),
          "raise it, or remove it: it then follows the functions' timeouts",
          FUNCTIONS.key(name).key("timeout"));
    }
  }

  private static void checkWrite(Plan plan, Problems problems) {
    var edge = plan.edgeTimeouts();
    var needed = edge.readBody().plus(edge.response());
    if (edge.write().compareTo(needed) < 0) {
      problems.add(
          EDGE.key("write"),
          "%s is below readBody %s and response %s together, %s%s"
              .formatted(
                  text(edge.write()),
                  text(edge.readBody()),
                  text(edge.response()),
                  text(needed),
                  hasGateway(plan) ? "; " + chain(plan) : ""),
          "raise it, or remove it: it then follows them",
          EDGE.key("readBody"),
          EDGE.key("response"),
          READ,
          WRITE);
    }
  }

  private static Map<String, Duration> byKey(EdgeTimeouts edge) {
    var byKey = new LinkedHashMap<String, Duration>();
    byKey.put("readHeader", edge.readHeader());
    byKey.put("readBody", edge.readBody());
    byKey.put("response", edge.response());
    byKey.put("idle", edge.idle());
    return byKey;
  }

  private static void checkFunction(
      String name, FunctionConfig function, Plan plan, Problems problems) {
    var path = FUNCTIONS.key(name).key("timeout");
    var upstream = plan.config().openfaas().gateway().upstreamTimeout();
    if (function.timeout().isZero()) {
      problems.add(path, "0s leaves no time for a call", "use 1s or more");
    } else if (hasGateway(plan) && function.timeout().compareTo(upstream) > 0) {
      problems.add(
          path,
          "%s is above openfaas.gateway.upstreamTimeout %s; %s"
              .formatted(
                  text(function.timeout()), text(upstream), chain(name, function.timeout(), plan)),
          "lower it or raise upstreamTimeout",
          UPSTREAM);
    }
  }

  /** The chain with its numbers, starting with the slowest function. */
  private static String chain(Plan plan) {
    return plan.config().functions().entrySet().stream()
        .max(
            Comparator.comparing(
                (Map.Entry<String, FunctionConfig> entry) -> entry.getValue().timeout()))
        .map(slowest -> chain(slowest.getKey(), slowest.getValue().timeout(), plan))
        .orElseGet(() -> "the chain is " + chainAbove(plan));
  }

  private static String chain(String name, Duration timeout, Plan plan) {
    return "the chain is function %s %s <= %s".formatted(name, text(timeout), chainAbove(plan));
  }

  private static String chainAbove(Plan plan) {
    var gateway = plan.config().openfaas().gateway();
    return "upstreamTimeout %s < readTimeout %s = writeTimeout %s < edge.timeouts.response %s"
        .formatted(
            text(gateway.upstreamTimeout()),
            text(gateway.readTimeout()),
            text(gateway.writeTimeout()),
            text(plan.edgeTimeouts().response()));
  }

  private static void checkRollout(String name, FunctionConfig function, Problems problems) {
    var rollout = function.rolloutTimeout();
    if (rollout.compareTo(MIN_ROLLOUT) < 0
        || rollout.compareTo(MAX_ROLLOUT) > 0
        || rollout.toMillis() % 1000 != 0) {
      problems.add(
          FUNCTIONS.key(name).key("rolloutTimeout"),
          "%s is out of range".formatted(text(rollout)),
          "use whole seconds from %s to %s".formatted(text(MIN_ROLLOUT), text(MAX_ROLLOUT)));
    }
  }

  private static void checkConsumer(
      String name, FunctionConfig function, Plan plan, Problems problems) {
    Optional.ofNullable(plan.messages().workers().get(name))
        .ifPresent(
            worker ->
                plan.consumer(name)
                    .ifPresent(
                        consumer ->
                            checkAckWait(name, function, worker, consumer.ackWait(), problems)));
  }

  private static void checkAckWait(
      String name, FunctionConfig function, NatsWorker worker, Duration wait, Problems problems) {
    if (wait.compareTo(function.timeout()) <= 0) {
      problems.add(
          KeyPath.of("nats", "streams", worker.stream(), "consumers", worker.durable(), "ackWait"),
          "%s is not above the timeout %s of function %s, so slow calls would be made twice"
              .formatted(text(wait), text(function.timeout()), name),
          "raise it or lower the timeout",
          FUNCTIONS.key(name).key("timeout"));
    }
  }

  private static String text(Duration duration) {
    return Durations.format(duration);
  }
}
