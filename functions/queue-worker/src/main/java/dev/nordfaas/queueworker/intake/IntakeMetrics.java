package dev.nordfaas.queueworker.intake;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Unit;

/** What intake counts. */
final class IntakeMetrics {
  private final Counter accepted;
  private final Counter refused;
  private final Histogram publish;

  IntakeMetrics(PrometheusRegistry registry, Admission admission) {
    this.accepted =
        Counter.builder()
            .name("nordfaas_intake_accepted_total")
            .help("Requests answered with 202; duplicate marks those that were stored before.")
            .labelNames("route", "duplicate")
            .register(registry);
    this.refused =
        Counter.builder()
            .name("nordfaas_intake_refused_total")
            .help("Requests to a route that were not answered with 202, by status and reason.")
            .labelNames("route", "status", "reason")
            .register(registry);
    this.publish =
        Histogram.builder()
            .name("nordfaas_intake_publish_seconds")
            .help("Time from a checked request to its PubAck.")
            .unit(Unit.SECONDS)
            .classicUpperBounds(
                0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)
            .classicOnly()
            .labelNames("route")
            .register(registry);
    gauge("nordfaas_intake_in_flight", "Requests being read or published.")
        .callback(callback -> callback.call(admission.inside()))
        .register(registry);
    gauge("nordfaas_intake_waiting", "Requests waiting, unread, for others to finish.")
        .callback(callback -> callback.call(admission.waiting()))
        .register(registry);
  }

  void accepted(String route, boolean duplicate) {
    accepted.labelValues(route, Boolean.toString(duplicate)).inc();
  }

  void refused(String route, int status, String reason) {
    refused.labelValues(route, Integer.toString(status), reason).inc();
  }

  void published(String route, long nanos) {
    publish.labelValues(route).observe(Unit.nanosToSeconds(nanos));
  }

  private static GaugeWithCallback.Builder gauge(String name, String help) {
    return GaugeWithCallback.builder().name(name).help(help);
  }
}
