package dev.nordfaas.queueworker.worker;

import dev.nordfaas.jsoncheck.StrictJson;
import dev.nordfaas.queueworker.config.WorkerSettings;
import dev.nordfaas.queueworker.log.Log;
import dev.nordfaas.queueworker.nats.NatsClient;
import io.nats.client.Message;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Keeps messages that wait for long from taking all places of the consumer, of which there are
 * max_ack_pending: a message has one from its first delivery until it is acknowledged, also while
 * it waits for its next attempt.
 *
 * <p>A long wait is granted if, after the message was delivered, at most half of the places were
 * taken. So at most half of them are ever taken by messages that wait for long, whichever workers
 * they belong to: all of these were among those counted when the last of them was granted its wait.
 *
 * <p>Runs on one event loop.
 */
final class LongWaits {
  private static final Duration TIMEOUT = Duration.ofSeconds(2);

  private final Context context;
  private final NatsClient nats;
  private final String info;
  private List<Promise<Boolean>> asking = new ArrayList<>();
  private boolean looking;

  LongWaits(Context context, NatsClient nats, WorkerSettings settings) {
    this.context = context;
    this.nats = nats;
    this.info = "$JS.API.CONSUMER.INFO.%s.%s".formatted(settings.stream(), settings.durable());
  }

  /** Whether a message that has been delivered may wait for long. Not if the server cannot tell. */
  Future<Boolean> granted() {
    var promise = Promise.<Boolean>promise();
    asking.add(promise);
    if (!looking) {
      look();
    }
    return promise.future();
  }

  /** One look is for all who asked before it; who asks meanwhile may have been delivered later. */
  private void look() {
    looking = true;
    var answered = asking;
    asking = new ArrayList<>();
    Future.fromCompletionStage(request(), context)
        .map(answer -> halfIsFree(answer.getData()))
        .otherwise(
            failure -> {
              Log.warn("the consumer does not tell its state", Map.of("cause", failure.toString()));
              return false;
            })
        .onSuccess(
            granted -> {
              looking = false;
              answered.forEach(promise -> promise.complete(granted));
              if (!looking && !asking.isEmpty()) {
                look();
              }
            });
  }

  private CompletionStage<Message> request() {
    try {
      return nats.connected()
          .map(connection -> connection.requestWithTimeout(info, new byte[0], TIMEOUT))
          .orElseGet(
              () -> CompletableFuture.failedFuture(new IllegalStateException("NATS is down")));
    } catch (IllegalStateException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /** Fails if it is not the consumer's state, but an error. */
  static boolean halfIsFree(byte[] consumerInfo) {
    var state = StrictJson.MAPPER.readTree(consumerInfo);
    var places = state.required("config").path("max_ack_pending").asLong(0);
    return places <= 0 || 2 * state.required("num_ack_pending").asLong() <= places;
  }
}
