package dev.nordfaas.config;

/** Exporters, which tell Prometheus about PostgreSQL and PgBouncer. */
public record PostgresMetricsConfig(
    @Key(
            value = "Image of prometheus-community's postgres_exporter, 0.11 or newer.",
            pattern = Patterns.IMAGE,
            hint = Patterns.IMAGE_HINT,
            defaultValue = "quay.io/prometheuscommunity/postgres-exporter:v0.17.1")
        String image,
    @Key(
            value =
                "Image of prometheus-community's pgbouncer_exporter, which runs next to each PgBouncer.",
            pattern = Patterns.IMAGE,
            hint = Patterns.IMAGE_HINT,
            defaultValue = "quay.io/prometheuscommunity/pgbouncer-exporter:v0.11.0")
        String poolerImage) {}
