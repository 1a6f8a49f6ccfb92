package dev.nordfaas.components;

import com.pulumi.kubernetes.core.v1.Service;
import com.pulumi.resources.CustomResourceOptions;
import dev.nordfaas.config.PostgresConfig;
import dev.nordfaas.manifest.MetricsService;
import dev.nordfaas.manifest.Namespaces;
import dev.nordfaas.postgres.Postgres;

/** The Services through which Prometheus finds the exporters. */
final class PostgresMetrics {
  private PostgresMetrics() {}

  /** Creates one for each configured exporter. */
  static void services(Component owner, PostgresConfig config, CustomResourceOptions inNamespace) {
    if (config.exporterImage().isPresent()) {
      new Service(
          owner.child("metrics-service"),
          MetricsService.of(
              Namespaces.POSTGRES, Postgres.METRICS, Postgres.LABELS, Postgres.METRICS_PORT),
          inNamespace);
    }
    if (config.pooler().exporterImage().isPresent()) {
      new Service(
          owner.child("pooler-metrics-service"),
          MetricsService.of(
              Namespaces.POSTGRES,
              Postgres.POOLER_METRICS,
              Postgres.POOLER_LABELS,
              Postgres.POOLER_METRICS_PORT),
          inNamespace);
    }
  }
}
