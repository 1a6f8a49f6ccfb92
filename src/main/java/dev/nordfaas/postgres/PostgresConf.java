package dev.nordfaas.postgres;

import static dev.nordfaas.postgres.Setting.plain;
import static dev.nordfaas.postgres.Setting.text;

import dev.nordfaas.config.PostgresConfig;
import dev.nordfaas.tls.ServerTls;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** PostgreSQL's config files, {@code postgresql.conf} and {@code pg_hba.conf}. */
public final class PostgresConf {
  /** {@code idle_in_transaction_session_timeout} of roles without one of their own. */
  public static final Duration IDLE_IN_TRANSACTION = Duration.ofSeconds(60);

  private static final long KIBIBYTE = 1L << 10;
  private static final long MEBIBYTE = 1L << 20;

  private static final long MIN_WAL = 256 * MEBIBYTE;
  private static final long MAX_WAL = 8192 * MEBIBYTE;

  private static final String EXPORTER_HBA =
      """
      hostssl postgres  metrics   127.0.0.1/32  scram-sha-256
      host    all       metrics   all           reject
      """;

  private PostgresConf() {}

  /** {@code postgresql.conf}. */
  public static String postgresqlConf(PostgresConfig config, int maxConnections) {
    return settings(config, maxConnections).file();
  }

  /**
   * The server's settings. Memory settings follow from the container's limit, see {@link
   * ServerMemory}.
   *
   * @param maxConnections {@link ConnectionBudget#maxConnections()}
   */
  public static Settings settings(PostgresConfig config, int maxConnections) {
    var memory = new ServerMemory(config.resources().limits().memory().bytes(), maxConnections);
    var maxWal = between(MIN_WAL, config.storage().size().bytes() / 16, MAX_WAL);
    var groups =
        new ArrayList<>(
            List.of(
                connections(maxConnections),
                tls(),
                memory(memory),
                writing(maxWal),
                idle(),
                log()));
    if (countsStatements(config)) {
      groups.add(statements());
    }
    var settings = new Settings(groups);
    return config.backup().map(backup -> settings.and(PgBackRest.settings())).orElse(settings);
  }

  private static List<Setting> connections(int maxConnections) {
    return List.of(
        text("listen_addresses", "*"),
        plain("port", Postgres.PORT),
        text("unix_socket_directories", PostgresStatefulSet.SOCKET_PATH),
        text("hba_file", PostgresStatefulSet.CONFIG_PATH + "/" + PostgresManifests.HBA_FILE),
        plain("max_connections", maxConnections),
        plain("superuser_reserved_connections", 3),
        text("password_encryption", "scram-sha-256"));
  }

  private static List<Setting> tls() {
    return List.of(
        plain("ssl", "on"),
        text("ssl_cert_file", PostgresStatefulSet.TLS_PATH + "/" + ServerTls.CERTIFICATE_FILE),
        text("ssl_key_file", PostgresStatefulSet.TLS_PATH + "/" + ServerTls.PRIVATE_KEY_FILE),
        text("ssl_min_protocol_version", "TLSv1.3"));
  }

  private static List<Setting> memory(ServerMemory memory) {
    return List.of(
        plain("shared_buffers", size(memory.sharedBuffers())),
        plain("effective_cache_size", size(memory.effectiveCacheSize())),
        plain("work_mem", size(memory.workMem())),
        plain("maintenance_work_mem", size(memory.maintenanceWorkMem())),
        plain("huge_pages", "off")
            .because(
                "The container has no huge pages; asking for those of the node ends in a bus error."),
        text("dynamic_shared_memory_type", "posix"));
  }

  private static List<Setting> writing(long maxWal) {
    return List.of(
        plain("max_wal_size", size(maxWal)),
        plain("min_wal_size", size(maxWal / 4)),
        plain("wal_compression", "on"),
        plain("random_page_cost", "1.1")
            .because("NVMe: a random read costs hardly more than a sequential one."),
        plain("effective_io_concurrency", 200),
        plain("jit", "off").because("Short queries lose more by compiling than they win."));
  }

  private static List<Setting> idle() {
    return List.of(
        text("idle_in_transaction_session_timeout", IDLE_IN_TRANSACTION.toSeconds() + "s")
            .because(
                "A transaction that nobody goes on with keeps one of the pool's few server connections."));
  }

  private static List<Setting> log() {
    return List.of(
        plain("logging_collector", "off"),
        text("log_destination", "stderr"),
        text("log_line_prefix", "%m [%p] %q%u@%d %a "),
        text("log_timezone", "UTC"),
        text("timezone", "UTC"),
        text("log_min_duration_statement", "500ms"),
        plain("log_lock_waits", "on"),
        plain("log_checkpoints", "on"),
        text("log_autovacuum_min_duration", "1s"),
        text("log_temp_files", "10MB"),
        plain("log_parameter_max_length", 0)
            .because("Values of parameters are the customers' data: they stay out of the log."),
        plain("log_parameter_max_length_on_error", 0),
        plain("track_io_timing", "on"));
  }

  private static boolean countsStatements(PostgresConfig config) {
    return !config.highAvailability()
        && config.databases().values().stream()
            .anyMatch(database -> database.extensions().contains(Extension.STATEMENTS));
  }

  private static List<Setting> statements() {
    return List.of(
        text("shared_preload_libraries", Extension.STATEMENTS),
        plain("pg_stat_statements.track_utility", "off")
            .because(
                "The text of ALTER ROLE may hold a password; of queries it has no constants."));
  }

  /**
   * Who may log in how. Over the network everybody needs TLS and a password with SCRAM. Inside the
   * pod the administrator needs none: anyone who can run a command there can read the data files
   * anyway. The exporter is inside the pod too, and can only log in from there.
   */
  public static String pgHba(PostgresConfig config) {
    return """
        # TYPE  DATABASE  USER      ADDRESS       METHOD
        local   all       postgres                peer
        local   all       all                     scram-sha-256
        """
        + config.exporterImage().map(image -> EXPORTER_HBA).orElse("")
        + """
        hostssl all       all       0.0.0.0/0     scram-sha-256
        hostssl all       all       ::/0          scram-sha-256
        """;
  }

  private static long between(long min, long value, long max) {
    return Math.max(min, Math.min(value, max));
  }

  /** PostgreSQL's MB and kB are powers of two. */
  private static String size(long bytes) {
    return bytes % MEBIBYTE == 0 ? bytes / MEBIBYTE + "MB" : bytes / KIBIBYTE + "kB";
  }
}
