package dev.nordfaas.queueworker.worker;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Unit;
import java.time.Duration;
import java.util.Locale;
import java.util.function.IntSupplier;

/** What the worker counts. */
final class WorkerMetrics {
  /** The outcome of a delivery. */
  enum Outcome {
    DONE,
    RETRIED,
    DEAD,
    /** The dead letter could not be stored: it is redelivered. */
    KEPT,
    /** It was replayed to another consumer of the stream. */
    SKIPPED
  }

  private final Counter deliveries;
  private final Counter deadLetters;
  private final Counter shortened;
  private final Histogram calls;
  private final Histogram age;
  private final Gauge pending;

  WorkerMetrics(PrometheusRegistry registry, IntSupplier inFlight) {
    this.deliveries =
        Counter.builder()
            .name("nordfaas_worker_deliveries_total")
            .help("Deliveries by outcome: done, retried, dead, kept, skipped.")
            .labelNames("outcome")
            .register(registry);
    this.deadLetters =
        Counter.builder()
            .name("nordfaas_worker_dead_letters_total")
            .help("Messages put into the dead-letter stream, by the function's last status.")
            .labelNames("status")
            .register(registry);
    this.shortened =
        Counter.builder()
            .name("nordfaas_worker_shortened_waits_total")
            .help(
                "Waits of a Retry-After that were shortened, because more than half of"
                    + " max_ack_pending were pending.")
            .register(registry);
    this.calls =
        Histogram.builder()
            .name("nordfaas_worker_call_seconds")
            .help("Duration of the function's calls, by status.")
            .unit(Unit.SECONDS)
            .classicUpperBounds(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
            .classicOnly()
            .labelNames("status")
            .register(registry);
    this.age =
        Histogram.builder()
            .name("nordfaas_worker_queue_age_seconds")
            .help("Time from storing a message to its first delivery.")
            .unit(Unit.SECONDS)
            .classicUpperBounds(0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 60, 300, 3600)
            .classicOnly()
            .register(registry);
    this.pending =
        Gauge.builder()
            .name("nordfaas_worker_pending_messages")
            .help("Messages that had not been delivered yet at the last delivery.")
            .register(registry);
    GaugeWithCallback.builder()
        .name("nordfaas_worker_in_flight")
        .help("Messages being processed by the worker.")
        .callback(callback -> callback.call(inFlight.getAsInt()))
        .register(registry);
  }

  void received(Duration sinceStored, long attempt, long left) {
    pending.set((double) left);
    if (attempt == 1) {
      age.observe(Math.max(0, Unit.nanosToSeconds(sinceStored.toNanos())));
    }
  }

  void called(Answer answer, long nanos) {
    calls.labelValues(status(answer)).observe(Unit.nanosToSeconds(nanos));
  }

  void ended(Outcome outcome) {
    deliveries.labelValues(outcome.name().toLowerCase(Locale.ROOT)).inc();
  }

  void deadLetter(Answer answer) {
    deadLetters.labelValues(status(answer)).inc();
  }

  void shortened() {
    shortened.inc();
  }

  private static String status(Answer answer) {
    return answer.status().isPresent() ? Integer.toString(answer.status().getAsInt()) : "none";
  }
}
