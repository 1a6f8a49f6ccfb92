package dev.nordfaas.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.config.PostgresConfig;
import dev.nordfaas.config.check.PatchedConfig;
import dev.nordfaas.testing.Fixtures;
import dev.nordfaas.testing.LabPrograms;
import dev.nordfaas.testing.Ports;
import dev.nordfaas.testing.PostgresServer;
import dev.nordfaas.testing.Scrape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The real exporters, with what the manifests give them, on a real PostgreSQL and PgBouncer. */
@Timeout(300)
class ExportersTest {
  private static final PostgresConfig CONFIG = Fixtures.oslo().postgres();
  private static final SqlRole SELLER = new SqlRole("seller", "shop");
  private static final String OF_SELLER = "database=\"shop\",user=\"seller\"";
  private static final String WAITING = "pgbouncer_pools_client_waiting_connections";
  private static final String TRANSACTIONS = "pgbouncer_stats_totals_sql_transactions_pooled_total";
  private static final String METRICS_PASSWORD = "a1b2-of-metrics";
  private static final String CONSOLE_PASSWORD = "a1b2-of-the-console";

  private static final PostgresConfig SHOP =
      PatchedConfig.of(
              "oslo",
              "set: {nordfaas:postgres.databases: {shop: {}},"
                  + " nordfaas:postgres.pooler.image: 'pgbouncer:1.18.0',"
                  + " nordfaas:postgres.pooler.maxPreparedStatements: 0}")
          .postgres();

  @TempDir static Path serverFolder;
  @TempDir static Path folder;
  private static PostgresServer server;
  private static Scrape postgres;
  private static Scrape pooler;

  @BeforeAll
  static void startAll() throws IOException {
    server = PostgresServer.start(serverFolder, PostgresConf.pgHba(CONFIG));
    server.startPooler(
        PgBouncerIni.of(SHOP, ConnectionBudget.of(SHOP, List.of(SELLER)), List.of(SELLER))
            .replace("default_pool_size = 20", "default_pool_size = 1"),
        PgBouncerIni.userlist("password of pgbouncer", Optional.of(CONSOLE_PASSWORD)));
    makeRoles();
    postgres = startPostgresExporter();
    pooler = startPoolerExporter();
  }

  @AfterAll
  static void stopAll() {
    server.stop();
  }

  @Test
  void postgresTellsConnectionsTransactionsAndArchive() {
    assertThat(postgres.value("pg_up")).isEqualTo(1);
    assertThat(postgres.value("pg_settings_max_connections")).isEqualTo(100);
    assertThat(postgres.values("pg_stat_activity_count")).isNotEmpty();
    assertThat(postgres.value("pg_stat_database_xact_commit", "datname=\"shop\"")).isPositive();
    assertThat(postgres.value("pg_stat_archiver_archived_count")).isZero();
    assertThat(postgres.value("pg_stat_archiver_failed_count")).isZero();
    assertThat(postgres.values("pg_stat_archiver_last_archive_age")).hasSize(1);
  }

  /** No question of it fails, for want of a right or of a column. */
  @Test
  void postgresAnswersAllThatItsExporterAsks() {
    assertThat(postgres.value("pg_exporter_last_scrape_error")).isZero();
    assertThat(postgres.values("pg_exporter_user_queries_load_error")).containsExactly(0.0);
    assertThat(postgres.values("pg_scrape_collector_success")).isNotEmpty().containsOnly(1.0);
  }

  @Test
  void backupsAreAsOldAsTheDatabaseSays() {
    server.sql(
        "postgres",
        "UPDATE nordfaas.backups SET succeeded_at = now() - interval '1 hour', failed_at = now() -"
            + " interval '2 hours' WHERE type = 'full'");

    var age =
        Instant.now().getEpochSecond()
            - postgres.value("nordfaas_backup_last_success_timestamp_seconds", "type=\"full\"");

    assertThat(age).isBetween(3590.0, 3700.0);
    assertThat(postgres.value("nordfaas_backup_last_failure_timestamp_seconds", "type=\"full\""))
        .isPositive();
    assertThat(postgres.value("nordfaas_backup_last_success_timestamp_seconds", "type=\"diff\""))
        .isZero();
    assertThat(postgres.values("nordfaas_backup_overdue_seconds")).containsExactly(0.0, 0.0);
  }

  @Test
  void poolerTellsOfItsPools() {
    query("SELECT 1");

    assertThat(pooler.value("pgbouncer_up")).isEqualTo(1);
    assertThat(pooler.value("pgbouncer_pools_client_waiting_connections", OF_SELLER)).isZero();
    assertThat(pooler.value("pgbouncer_pools_client_maxwait_seconds", OF_SELLER)).isZero();
    assertThat(
            pooler.value("pgbouncer_pools_server_idle_connections", OF_SELLER)
                + pooler.value("pgbouncer_pools_server_used_connections", OF_SELLER)
                + pooler.value("pgbouncer_pools_server_active_connections", OF_SELLER))
        .isEqualTo(1);
    assertThat(pooler.value("pgbouncer_config_max_client_connections")).isEqualTo(10_000);
    assertThat(pooler.values("pgbouncer_used_clients")).hasSize(1);
  }

  @Test
  void poolerTellsWhoWaits() {
    // Until PgBouncer has a connection, both wait for it.
    query("SELECT 1");
    var slow = "SELECT 1 FROM pg_sleep(2)";
    var both =
        CompletableFuture.allOf(
            CompletableFuture.runAsync(() -> query(slow)),
            CompletableFuture.runAsync(() -> query(slow)));

    var most = 0.0;
    while (!both.isDone()) {
      most = Math.max(most, pooler.values(WAITING, OF_SELLER).stream().reduce(0.0, Double::sum));
    }

    both.join();
    assertThat(most).isEqualTo(1);
    assertThat(pooler.value(WAITING, OF_SELLER)).isZero();
  }

  @Test
  void everyMetricOfTheDocumentationIsThere() throws IOException {
    query("SELECT 1");
    server.sql("postgres", "SELECT pg_create_physical_replication_slot('kept', true)");

    var documented = documentedMetrics();
    assertThat(documented).hasSizeGreaterThan(12);
    assertThat(documented)
        .allSatisfy(
            metric ->
                assertThat(
                        metric.startsWith("pgbouncer_")
                            ? pooler.values(metric)
                            : postgres.values(metric))
                    .isNotEmpty());
  }

  @Test
  void poolerCountsTransactions() {
    query("SELECT 1");
    var before = pooler.value(TRANSACTIONS, "database=\"shop\"");

    query("SELECT 1");

    assertThat(pooler.value(TRANSACTIONS, "database=\"shop\"")).isEqualTo(before + 1);
  }

  @Test
  void exporterOfPostgresLogsInFromItsPodAlone() {
    assertThat(server.directly("metrics", METRICS_PASSWORD, "shop", "SELECT 1").output())
        .contains("pg_hba.conf rejects connection");
    assertThat(server.throughPooler("metrics", CONSOLE_PASSWORD, "postgres", "SELECT 1").exitCode())
        .isNotZero();
  }

  @Test
  void exporterOfPostgresReadsNoSecretAndChangesNothing() {
    assertThat(asMetrics("SELECT rolpassword FROM pg_authid")).contains("permission denied");
    assertThat(asMetrics("DELETE FROM nordfaas.backups")).contains("permission denied");
    assertThat(asMetrics("CREATE TABLE mine (id int)")).contains("permission denied");
    assertThat(
            server.sql("postgres", "SELECT rolconnlimit FROM pg_roles WHERE rolname = 'metrics'"))
        .containsExactly("3");
  }

  @Test
  void exporterOfThePoolerOnlyLooks() {
    assertThat(console("SHOW POOLS").exitCode()).isZero();
    assertThat(console("PAUSE").output()).contains("admin access needed");
  }

  /** Of the first table, with their names in full. */
  private static Set<String> documentedMetrics() throws IOException {
    var docs = Files.readString(Path.of("docs/postgres.md"));
    var table = docs.substring(docs.indexOf("| metric |"), docs.indexOf("**Who they are.**"));
    return Pattern.compile("\\b(pg|pgbouncer|nordfaas)_[a-z_]+")
        .matcher(table)
        .results()
        .map(MatchResult::group)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static void query(String query) {
    assertThat(server.throughPooler("seller", "password of seller", "shop", query).output())
        .isEqualTo("1\n");
  }

  private static String asMetrics(String query) {
    return server.directly("metrics", METRICS_PASSWORD, "postgres", query).output();
  }

  private static PostgresServer.Result console(String command) {
    return server.throughPooler("metrics", CONSOLE_PASSWORD, "pgbouncer", command);
  }

  private static void makeRoles() throws IOException {
    var files = RolesJob.files(SHOP, List.of(SELLER));
    for (var file : files.entrySet()) {
      Files.writeString(folder.resolve(file.getKey()), file.getValue());
    }
    var result =
        server.script(
            folder.resolve("roles.sh"),
            Map.of(
                "PASSWORD_PGBOUNCER", "password of pgbouncer",
                "PASSWORD_BACKUP", "password of backup",
                "PASSWORD_METRICS", METRICS_PASSWORD,
                "PASSWORD_SELLER", "password of seller"));
    assertThat(result.exitCode()).as(result.output()).isZero();
  }

  private static Scrape startPostgresExporter() {
    var port = Ports.free();
    var queries =
        server.file(PostgresExporter.QUERIES_FILE, PostgresExporter.queries(CONFIG).orElseThrow());
    var command = new ArrayList<>(List.of(LabPrograms.exporter("postgres-exporter")));
    PostgresExporter.arguments(CONFIG)
        .forEach(
            argument ->
                command.add(
                    argument
                        .replace(":" + Postgres.METRICS_PORT, "127.0.0.1:" + port)
                        .replace(
                            PostgresStatefulSet.CONFIG_PATH + "/" + PostgresExporter.QUERIES_FILE,
                            queries)));
    server.startBeside(
        "postgres-exporter",
        command,
        new TreeMap<>(
            Map.of(
                "DATA_SOURCE_PASS_FILE", server.file("metrics-password", METRICS_PASSWORD),
                "DATA_SOURCE_URI", PostgresExporter.uri(server.port(), server.authority()),
                "DATA_SOURCE_USER", Postgres.METRICS_ROLE)));
    return new Scrape(port);
  }

  private static Scrape startPoolerExporter() {
    var port = Ports.free();
    server.startBeside(
        "pgbouncer-exporter",
        List.of(
            LabPrograms.exporter("pgbouncer-exporter"), "--web.listen-address=127.0.0.1:" + port),
        Map.of(
            "PGBOUNCER_EXPORTER_CONNECTION_STRING",
            PgBouncerExporter.connectionString(server.poolerPort(), server.authority()),
            "PGPASSWORD",
            CONSOLE_PASSWORD));
    return new Scrape(port);
  }
}
