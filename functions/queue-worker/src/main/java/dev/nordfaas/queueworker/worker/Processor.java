package dev.nordfaas.queueworker.worker;

import dev.nordfaas.queueworker.config.WorkerSettings;
import dev.nordfaas.queueworker.log.Log;
import dev.nordfaas.queueworker.nats.Caller;
import dev.nordfaas.queueworker.nats.MessageHeaders;
import dev.nordfaas.queueworker.nats.NatsClient;
import dev.nordfaas.queueworker.nats.RequestQuery;
import dev.nordfaas.queueworker.nats.SinglePublisher;
import dev.nordfaas.queueworker.nats.StatusWriter;
import dev.nordfaas.queueworker.nats.StatusWriter.State;
import dev.nordfaas.queueworker.nats.Trace;
import dev.nordfaas.queueworker.worker.WorkerMetrics.Outcome;
import io.nats.client.Message;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Calls the function with a message and acts on its answer. */
final class Processor {
  private static final Duration PUBLISH_TIMEOUT = Duration.ofSeconds(5);

  /** A message that could not become a dead letter is retried after this time. */
  private static final Duration KEPT_FOR = Duration.ofSeconds(30);

  private static final String NO_QUERY =
      "header %s of the message is not the query of a URL".formatted(MessageHeaders.QUERY);

  private static final String NO_CALLER =
      "headers %s and %s of the message do not name one caller"
          .formatted(MessageHeaders.CALLER_ISSUER, MessageHeaders.CALLER_SUBJECT);

  private final Context context;
  private final int maxDeliver;
  private final Backoff backoff;
  private final FunctionClient function;
  private final LongWaits longWaits;
  private final DeadLetterWriter deadLetters;
  private final Callbacks callbacks;
  private final StatusWriter status;
  private final WorkerMetrics metrics;

  Processor(Context context, WorkerSettings settings, NatsClient nats, WorkerMetrics metrics) {
    this.context = context;
    this.maxDeliver = settings.maxDeliver();
    this.backoff = new Backoff(settings.backoff());
    this.function =
        new FunctionClient(
            context.owner(),
            settings.functionUrl(),
            settings.callTimeout(),
            settings.concurrency());
    this.longWaits = new LongWaits(context, nats, settings);
    this.deadLetters = new DeadLetterWriter(new SinglePublisher(nats::connected, PUBLISH_TIMEOUT));
    this.callbacks = new Callbacks(context.owner(), settings.callbackHosts());
    this.status = new StatusWriter(nats::connected);
    this.metrics = metrics;
  }

  /** Processes one delivery; completes, and never fails, once the server knows the outcome. */
  Future<Void> process(Delivery delivery) {
    if (delivery.isForAnother()) {
      skipped(delivery);
      return Future.succeededFuture();
    }
    if (delivery.attempt() > maxDeliver) {
      // The worker of the last attempt died during it, or could not write the dead letter.
      var reason = "delivered %d times, more than %d".formatted(delivery.attempt(), maxDeliver);
      return dead(delivery, Answer.none(reason), reason);
    }
    var foreign = foreign(delivery.message());
    if (foreign.isPresent()) {
      return dead(delivery, Answer.none(foreign.get()), foreign.get());
    }
    status(delivery, State.PROCESSING);
    var trace = Trace.ofMessage(delivery.message());
    var started = System.nanoTime();
    return function
        .call(delivery, trace, callbacks.of(delivery).isPresent())
        .compose(
            answer -> {
              metrics.called(answer, System.nanoTime() - started);
              var verdict = Verdict.of(answer, delivery.attempt(), maxDeliver, backoff);
              trace.end(verdict instanceof Verdict.Done);
              return carryOut(verdict, delivery, answer);
            });
  }

  /** Why a message is not from intake; no attempt makes it one. */
  private static Optional<String> foreign(Message message) {
    if (RequestQuery.of(message).filter(it -> !RequestQuery.isValid(it)).isPresent()) {
      return Optional.of(NO_QUERY);
    }
    return Caller.isValid(name -> MessageHeaders.all(message, name))
        ? Optional.empty()
        : Optional.of(NO_CALLER);
  }

  private void status(Delivery delivery, State state) {
    status.write(delivery.id(), delivery.caller(), state, delivery.attempt());
  }

  private Future<Void> carryOut(Verdict verdict, Delivery delivery, Answer answer) {
    if (verdict instanceof Verdict.Dead dead) {
      return dead(delivery, answer, dead.reason());
    }
    if (verdict instanceof Verdict.Retry retry) {
      return retry(delivery, retry);
    }
    done(delivery, answer);
    return Future.succeededFuture();
  }

  private void done(Delivery delivery, Answer answer) {
    acknowledge(delivery, Message::ack);
    metrics.ended(Outcome.DONE);
    status(delivery, State.DONE);
    Log.info("done", Map.of("id", delivery.id(), "attempt", delivery.attempt()));
    callbacks.of(delivery).ifPresent(url -> callbacks.send(url, delivery.id(), answer));
  }

  private void skipped(Delivery delivery) {
    acknowledge(delivery, Message::ack);
    metrics.ended(Outcome.SKIPPED);
    Log.info("replayed to another consumer: not for this one", Map.of("id", delivery.id()));
  }

  /** Only a Retry-After may be longer than the backoff. */
  private Future<Void> retry(Delivery delivery, Verdict.Retry retry) {
    var longest = backoff.longest();
    if (retry.delay().compareTo(longest) <= 0) {
      retried(delivery, retry);
      return Future.succeededFuture();
    }
    return longWaits
        .granted()
        .map(
            granted -> {
              retried(delivery, granted ? retry : shortened(delivery, retry, longest));
              return null;
            });
  }

  private Verdict.Retry shortened(Delivery delivery, Verdict.Retry retry, Duration longest) {
    metrics.shortened();
    Log.warn(
        "Retry-After is shortened, because more than half of max_ack_pending are pending",
        Map.of(
            "id",
            delivery.id(),
            "askedMillis",
            retry.delay().toMillis(),
            "waitMillis",
            longest.toMillis()));
    return new Verdict.Retry(longest, retry.reason());
  }

  private void retried(Delivery delivery, Verdict.Retry retry) {
    acknowledge(delivery, message -> message.nakWithDelay(retry.delay()));
    metrics.ended(Outcome.RETRIED);
    Log.warn(
        "will be redelivered",
        Map.of(
            "id",
            delivery.id(),
            "attempt",
            delivery.attempt(),
            "waitMillis",
            retry.delay().toMillis(),
            "cause",
            retry.reason()));
  }

  private Future<Void> dead(Delivery delivery, Answer answer, String reason) {
    return Future.fromCompletionStage(deadLetters.write(delivery, answer.status(), reason), context)
        .map(
            stored -> {
              buried(delivery, answer, reason);
              return (Void) null;
            })
        .otherwise(
            failure -> {
              kept(delivery, reason, failure);
              return null;
            });
  }

  private void buried(Delivery delivery, Answer answer, String reason) {
    acknowledge(delivery, Message::term);
    metrics.ended(Outcome.DEAD);
    metrics.deadLetter(answer);
    status(delivery, State.DEAD);
    Log.error(
        "dead letter", Map.of("id", delivery.id(), "attempt", delivery.attempt(), "cause", reason));
    callbacks.of(delivery).ifPresent(url -> callbacks.send(url, delivery.id(), answer));
  }

  private void kept(Delivery delivery, String reason, Throwable failure) {
    acknowledge(delivery, message -> message.nakWithDelay(KEPT_FOR));
    metrics.ended(Outcome.KEPT);
    Log.error(
        "the dead letter cannot be stored; the message stays in its stream",
        Map.of(
            "id",
            delivery.id(),
            "cause",
            reason,
            "obstacle",
            String.valueOf(failure.getMessage())));
  }

  private static void acknowledge(Delivery delivery, Consumer<Message> word) {
    try {
      word.accept(delivery.message());
    } catch (IllegalStateException e) {
      // Without a connection the ack is lost, and the message is redelivered: same id, same result.
      Log.warn("NATS is down; the message will be redelivered", Map.of("id", delivery.id()));
    }
  }
}
