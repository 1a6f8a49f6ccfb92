package dev.nordfaas.queueworker.worker;

import dev.nordfaas.queueworker.config.WorkerSettings;
import dev.nordfaas.queueworker.http.Answers;
import dev.nordfaas.queueworker.http.Operations;
import dev.nordfaas.queueworker.http.Servers;
import dev.nordfaas.queueworker.log.Log;
import dev.nordfaas.queueworker.nats.NatsClient;
import io.nats.client.Message;
import io.nats.client.api.ConsumerConfiguration;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Takes messages, calls the function, and acknowledges. All of it runs on one event loop, except
 * for the thread that pulls.
 */
public final class Worker extends VerticleBase {
  /** How long finishing a call may take after its timeout: to write a dead letter, for example. */
  private static final Duration AFTER_CALL = Duration.ofSeconds(5);

  private static final Duration DRAIN_CHECK = Duration.ofMillis(20);

  /** Heartbeats within the time that the server waits for an ack. */
  private static final int BEATS_PER_WAIT = 3;

  private static final Duration LONGEST_BEAT = Duration.ofSeconds(10);

  private final WorkerSettings settings;
  private final NatsClient nats;
  private final Operations operations;
  private final WorkerMetrics metrics;
  private final Puller puller;
  private final Map<Origin, Delivery> inFlight = new ConcurrentHashMap<>();
  private @Nullable HttpServer server;
  private @Nullable Processor processor;
  private @Nullable Long heartbeat;
  private volatile boolean draining;

  /** Creates the role; it works once it is deployed. */
  public Worker(WorkerSettings settings, NatsClient nats, PrometheusRegistry registry) {
    this.settings = settings;
    this.nats = nats;
    this.operations = new Operations(this::obstacle);
    this.metrics = new WorkerMetrics(registry, inFlight::size);
    this.puller =
        new Puller(
            nats,
            settings,
            consumer -> context.runOnContext(any -> found(consumer)),
            message -> context.runOnContext(any -> receive(message)));
  }

  @Override
  public Future<?> start() {
    processor = new Processor(context, settings, nats, metrics);
    var made = vertx.createHttpServer(Servers.options(settings.httpPort()));
    server = made;
    return made.requestHandler(
            request -> {
              if (!operations.handle(request, Objects.requireNonNullElse(request.path(), ""))) {
                Answers.problem(request.response(), 404, "there is nothing at this path");
              }
            })
        .listen()
        .onSuccess(listening -> puller.start());
  }

  /** The port of probes. */
  public int port() {
    return server == null ? settings.httpPort() : server.actualPort();
  }

  /** Pulls nothing more, and ends when the calls in flight have finished. */
  @Override
  public Future<?> stop() {
    draining = true;
    puller.stop();
    var drained = Promise.<Void>promise();
    var limit = System.nanoTime() + settings.callTimeout().plus(AFTER_CALL).toNanos();
    vertx.setPeriodic(
        DRAIN_CHECK.toMillis(),
        timer -> {
          var empty = puller.ended() && inFlight.isEmpty();
          if (empty || System.nanoTime() > limit) {
            vertx.cancelTimer(timer);
            drained.complete();
          }
        });
    return drained.future();
  }

  private Optional<String> obstacle() {
    if (draining) {
      return Optional.of("about to stop");
    }
    if (nats.connected().isEmpty()) {
      return Optional.of("NATS is down");
    }
    return puller.pulling()
        ? Optional.empty()
        : Optional.of(
            "consumer %s of stream %s is not available"
                .formatted(settings.durable(), settings.stream()));
  }

  private void found(ConsumerConfiguration consumer) {
    if (consumer.getMaxDeliver() > 0) {
      Log.warn(
          "the consumer has its own max_deliver: a message whose worker dies in the last"
              + " attempt will stay in the stream; set it to -1",
          Map.of("stream", settings.stream(), "durable", settings.durable()));
    }
    if (heartbeat != null) {
      vertx.cancelTimer(heartbeat);
    }
    heartbeat =
        vertx.setPeriodic(
            beat(consumer).toMillis(), timer -> inFlight.values().forEach(Worker::tellInProgress));
  }

  /** Often enough that one may get lost. With a backoff, its steps are the server's ack waits. */
  static Duration beat(ConsumerConfiguration consumer) {
    return Stream.concat(Stream.of(consumer.getAckWait()), consumer.getBackoff().stream())
        .map(wait -> wait.dividedBy(BEATS_PER_WAIT))
        .filter(beat -> beat.toMillis() > 0)
        .reduce(LONGEST_BEAT, (a, b) -> a.compareTo(b) < 0 ? a : b);
  }

  private static void tellInProgress(Delivery delivery) {
    try {
      delivery.message().inProgress();
    } catch (IllegalStateException e) {
      // No connection: the server may redeliver the message, to this worker or another.
    }
  }

  private void receive(Message message) {
    var delivery = new Delivery(message);
    var running = inFlight.get(delivery.origin());
    if (running != null) {
      running.replaceBy(delivery);
      puller.release();
      return;
    }
    inFlight.put(delivery.origin(), delivery);
    var data = message.metaData();
    metrics.received(
        Duration.between(data.timestamp(), ZonedDateTime.now(data.timestamp().getZone())),
        delivery.attempt(),
        data.pendingCount());
    Future.succeededFuture()
        .compose(any -> processor().process(delivery))
        .onFailure(
            failure ->
                Log.error(
                    "not processed; the message will be redelivered",
                    Map.of("id", delivery.id(), "cause", failure.toString())))
        .onComplete(
            end -> {
              inFlight.remove(delivery.origin());
              puller.release();
            });
  }

  private Processor processor() {
    if (processor == null) {
      throw new IllegalStateException("not started");
    }
    return processor;
  }
}
