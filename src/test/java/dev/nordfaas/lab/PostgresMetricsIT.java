package dev.nordfaas.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What Prometheus would read of PostgreSQL and PgBouncer, and who may. */
@EndToEnd
class PostgresMetricsIT {
  private static final String POOL = "database=\"orders\"";
  private static final String POOLED_TRANSACTIONS =
      "pgbouncer_stats_totals_sql_transactions_pooled_total";
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** What the restricted namespaces ask of a pod. */
  private static final String OVERRIDES =
      """
      {"spec": {"automountServiceAccountToken": false,
                "securityContext": {"runAsNonRoot": true, "runAsUser": 65534,
                                    "seccompProfile": {"type": "RuntimeDefault"}},
                "containers": [{"name": "curl", "image": "lab.nordfaas.dev/busybox:1.35",
                                "command": ["curl", "--silent", "--show-error", "--fail", "--output", "/dev/null",
                                            "--max-time", "3", "--retry", "8", "--retry-delay", "1", "--retry-all-errors", "%s"],
                                "securityContext": {"allowPrivilegeEscalation": false,
                                                    "capabilities": {"drop": ["ALL"]}}}]}}
      """;

  private final String id = "metrics-" + UUID.randomUUID();

  @Test
  void poolsOfTheFunctionsHaveServerConnectionsAndNobodyWaits() {
    storeOrder(id);

    var metrics = Exporters.pooler();

    assertThat(metrics.sum("pgbouncer_up")).isEqualTo(1);
    assertThat(metrics.sum("pgbouncer_pools_client_active_connections", POOL)).isNotNegative();
    assertThat(metrics.sum("pgbouncer_pools_client_waiting_connections", POOL)).isZero();
    assertThat(
            metrics.sum("pgbouncer_pools_server_active_connections", POOL)
                + metrics.sum("pgbouncer_pools_server_idle_connections", POOL)
                + metrics.sum("pgbouncer_pools_server_used_connections", POOL)
                + metrics.sum("pgbouncer_pools_server_testing_connections", POOL))
        .isBetween(1.0, 2 * 25.0);
    assertThat(metrics.sum("pgbouncer_config_max_client_connections")).isEqualTo(10_100);
  }

  @Test
  void transactionsRiseWithOrders() {
    storeOrder(id + "-first");
    var pooled = Exporters.pooler().sum(POOLED_TRANSACTIONS, "database=\"orders\"");
    var committed = committed();

    storeOrder(id + "-second");

    assertThat(Exporters.pooler().sum(POOLED_TRANSACTIONS, "database=\"orders\""))
        .isGreaterThan(pooled);
    // A backend adds its numbers up when it is idle, once in ten seconds at the latest.
    assertThat(
            Lab.eventually(PostgresMetricsIT::committed, found -> found > committed).doubleValue())
        .isGreaterThan(committed);
  }

  @Test
  void connectionsAreBelowTheirMaximum() {
    var metrics = Exporters.postgres();

    assertThat(metrics.sum("pg_up")).isEqualTo(1);
    assertThat(metrics.sum("pg_stat_activity_count"))
        .isBetween(1.0, metrics.sum("pg_settings_max_connections"));
  }

  @Test
  void segmentsOfTheLogAreArchived() {
    var metrics = Exporters.postgres();

    assertThat(metrics.sum("pg_stat_archiver_archived_count")).isPositive();
    assertThat(metrics.sum("pg_stat_archiver_failed_count")).isNotNegative();
    assertThat(metrics.sum("pg_stat_archiver_last_archive_age")).isNotNegative();
  }

  @Test
  void lastFullBackupIsOfThisLab() {
    var age =
        Instant.now().getEpochSecond()
            - Exporters.postgres()
                .sum("nordfaas_backup_last_success_timestamp_seconds", "type=\"full\"");

    assertThat(age).isBetween(-5.0, (double) Duration.ofDays(7).toSeconds());
  }

  @Test
  void noBackupIsOverdue() {
    assertThat(Exporters.postgres().values("nordfaas_backup_overdue_seconds"))
        .containsExactly(0.0, 0.0);
  }

  @Test
  void onlyPrometheusMayReadThem() {
    for (var url :
        List.of(
            url("postgres", Exporters.POSTGRES_PORT), url("pgbouncer", Exporters.POOLER_PORT))) {
      assertThat(scrape(url, "nordfaas.dev/metrics-client=true")).as(url).isEqualTo("Succeeded");
      assertThat(scrape(url, "app=somebody")).as(url).isEqualTo("Failed");
    }
  }

  private static double committed() {
    return Exporters.postgres().sum("pg_stat_database_xact_commit", "datname=\"orders\"");
  }

  private static String url(String workload, int port) {
    return "http://%s:%d/metrics".formatted(Exporters.address(workload), port);
  }

  /** How a pod with the label ends that asks for the metrics. */
  private static String scrape(String url, String label) {
    var pod = "scrape-" + UUID.randomUUID();
    Lab.kubectl(
        "--namespace=default",
        "run",
        pod,
        "--image=lab.nordfaas.dev/busybox:1.35",
        "--restart=Never",
        "--labels=" + label,
        "--overrides=" + OVERRIDES.formatted(url));
    try {
      return Lab.eventually(
          PATIENCE,
          () ->
              Lab.kubectl(
                      "--namespace=default", "get", "pod", pod, "--output=jsonpath={.status.phase}")
                  .strip(),
          List.of("Succeeded", "Failed")::contains);
    } finally {
      Lab.kubectl("--namespace=default", "delete", "pod", pod, "--wait=false");
    }
  }

  private static void storeOrder(String order) {
    assertThat(Lab.postOrder(order).status()).isEqualTo(202);
    assertThat(
            Lab.eventually(
                PATIENCE,
                () -> Lab.sql("select count(*) from orders where order_id = '" + order + "'"),
                List.of("1")::equals))
        .containsExactly("1");
  }
}
