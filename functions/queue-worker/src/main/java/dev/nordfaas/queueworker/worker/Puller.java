package dev.nordfaas.queueworker.worker;

import dev.nordfaas.queueworker.config.WorkerSettings;
import dev.nordfaas.queueworker.log.Log;
import dev.nordfaas.queueworker.nats.NatsClient;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamSubscription;
import io.nats.client.Message;
import io.nats.client.PullSubscribeOptions;
import io.nats.client.api.ConsumerConfiguration;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Pulls only as many messages as may be in flight: one that waits here could be processed by
 * another worker.
 */
final class Puller {
  /** How long a pull waits for messages, and so how long a stop may have to wait for it. */
  private static final Duration EXPIRES = Duration.ofSeconds(1);

  private static final Duration PAUSE = Duration.ofMillis(500);

  private final NatsClient nats;
  private final String stream;
  private final String durable;
  private final Semaphore slots;
  private final Consumer<ConsumerConfiguration> onConsumer;
  private final Consumer<Message> onMessage;
  private final Thread thread = new Thread(this::run, "puller");
  private volatile boolean stopped;
  private volatile boolean pulling;

  /**
   * Creates one; {@link #start} starts it.
   *
   * @param onConsumer gets the consumer's config whenever the connection is established
   * @param onMessage gets each message, and eventually has to {@link #release} its slot
   */
  Puller(
      NatsClient nats,
      WorkerSettings settings,
      Consumer<ConsumerConfiguration> onConsumer,
      Consumer<Message> onMessage) {
    this.nats = nats;
    this.stream = settings.stream();
    this.durable = settings.durable();
    this.slots = new Semaphore(settings.concurrency());
    this.onConsumer = onConsumer;
    this.onMessage = onMessage;
  }

  void start() {
    thread.setDaemon(true);
    thread.start();
  }

  /** Pulls no more. Messages already requested may still arrive for a second. */
  void stop() {
    stopped = true;
  }

  boolean ended() {
    return !thread.isAlive();
  }

  /** Whether the consumer exists and messages can arrive. */
  boolean pulling() {
    return pulling;
  }

  /** Releases a message's slot. */
  void release() {
    slots.release();
  }

  private void run() {
    try {
      while (!stopped) {
        attempt();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      // The connection is established, or continues to be.
      throw new IllegalStateException(e);
    }
  }

  private void attempt() throws InterruptedException, ExecutionException {
    try {
      pull(nats.connection().get());
    } catch (IOException | JetStreamApiException | IllegalStateException e) {
      if (pulling) {
        Log.warn("no messages for now", Map.of("cause", String.valueOf(e.getMessage())));
      }
      pulling = false;
      Thread.sleep(PAUSE.toMillis());
    }
  }

  private void pull(Connection connection)
      throws IOException, JetStreamApiException, InterruptedException {
    var info = connection.jetStreamManagement().getConsumerInfo(stream, durable);
    onConsumer.accept(info.getConsumerConfiguration());
    var subscription =
        connection.jetStream().subscribe(null, PullSubscribeOptions.fastBind(stream, durable));
    try {
      pulling = true;
      while (!stopped) {
        batch(subscription);
      }
    } finally {
      unsubscribe(subscription);
    }
  }

  private void batch(JetStreamSubscription subscription) throws InterruptedException {
    if (!slots.tryAcquire(EXPIRES.toMillis(), TimeUnit.MILLISECONDS)) {
      return;
    }
    var free = 1 + slots.drainPermits();
    try {
      var messages = subscription.iterate(free, EXPIRES);
      while (free > 0 && messages.hasNext()) {
        onMessage.accept(messages.next());
        free--;
      }
    } finally {
      slots.release(free);
    }
  }

  private static void unsubscribe(JetStreamSubscription subscription) {
    try {
      subscription.unsubscribe();
    } catch (IllegalStateException e) {
      // It ended with the connection.
    }
  }
}
