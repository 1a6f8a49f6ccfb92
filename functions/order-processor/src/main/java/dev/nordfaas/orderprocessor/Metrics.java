package dev.nordfaas.orderprocessor;

import com.sun.net.httpserver.HttpHandler;
import com.zaxxer.hikari.HikariDataSource;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.exporter.httpserver.MetricsHandler;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;

/** The metrics for Prometheus. */
final class Metrics {
  private final PrometheusRegistry registry = new PrometheusRegistry();

  private final Counter calls =
      Counter.builder()
          .name("order_processor_calls_total")
          .help("Calls by outcome.")
          .labelNames("method", "status")
          .register(registry);

  private final Histogram duration =
      Histogram.builder()
          .name("order_processor_call_duration_seconds")
          .help("Time from a call to its answer.")
          .labelNames("method")
          .classicUpperBounds(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5, 15)
          .classicOnly()
          .register(registry);

  private final Counter orders =
      Counter.builder()
          .name("order_processor_orders_total")
          .help("Orders: stored, duplicate, conflict or invalid.")
          .labelNames("outcome")
          .register(registry);

  void call(String method, int status, Duration taken) {
    calls.labelValues(method, Integer.toString(status)).inc();
    duration.labelValues(method).observe(taken.toNanos() / 1e9);
  }

  void order(String outcome) {
    orders.labelValues(outcome).inc();
  }

  /** Adds the pool's connections. */
  void watch(HikariDataSource pool) {
    GaugeWithCallback.builder()
        .name("order_processor_database_connections")
        .help("Connections to PgBouncer, and calls waiting for one.")
        .labelNames("state")
        .callback(
            callback -> {
              if (!pool.isRunning()) { // before its first use
                return;
              }
              var bean = pool.getHikariPoolMXBean();
              callback.call(bean.getActiveConnections(), "active");
              callback.call(bean.getIdleConnections(), "idle");
              callback.call(bean.getThreadsAwaitingConnection(), "awaited");
            })
        .register(registry);
  }

  /** Answers with all of them. */
  HttpHandler handler() {
    return new MetricsHandler(registry);
  }
}
