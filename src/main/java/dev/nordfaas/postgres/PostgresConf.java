package dev.nordfaas.postgres;

import dev.nordfaas.config.PostgresConfig;
import dev.nordfaas.tls.ServerTls;

/** PostgreSQL's config files, {@code postgresql.conf} and {@code pg_hba.conf}. */
public final class PostgresConf {
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

  /**
   * The server's settings. Memory follows from the container's limit, by {@link ServerMemory}.
   *
   * @param maxConnections {@link ConnectionBudget#maxConnections()}
   */
  public static String postgresqlConf(PostgresConfig config, int maxConnections) {
    var memory = new ServerMemory(config.resources().limits().memory().bytes(), maxConnections);
    var maxWal = between(MIN_WAL, config.storage().size().bytes() / 16, MAX_WAL);
    return """
        listen_addresses = '*'
        port = %d
        unix_socket_directories = '%s'
        hba_file = '%s/%s'
        max_connections = %d
        superuser_reserved_connections = 3
        password_encryption = 'scram-sha-256'

        ssl = on
        ssl_cert_file = '%s/%s'
        ssl_key_file = '%s/%s'
        ssl_min_protocol_version = 'TLSv1.3'

        shared_buffers = %s
        effective_cache_size = %s
        work_mem = %s
        maintenance_work_mem = %s
        # The container has no huge pages; asking for those of the node ends in a bus error.
        huge_pages = off
        dynamic_shared_memory_type = 'posix'

        max_wal_size = %s
        min_wal_size = %s
        wal_compression = on
        # NVMe: a random read costs hardly more than a sequential one.
        random_page_cost = 1.1
        effective_io_concurrency = 200
        # Short queries lose more by compiling than they win.
        jit = off

        # A transaction that nobody goes on with keeps one of the pool's few server connections.
        idle_in_transaction_session_timeout = '60s'

        logging_collector = off
        log_destination = 'stderr'
        log_line_prefix = '%%m [%%p] %%q%%u@%%d %%a '
        log_timezone = 'UTC'
        timezone = 'UTC'
        log_min_duration_statement = '500ms'
        log_lock_waits = on
        log_checkpoints = on
        log_autovacuum_min_duration = '1s'
        log_temp_files = '10MB'
        # Values of parameters are the customers' data: they stay out of the log.
        log_parameter_max_length = 0
        log_parameter_max_length_on_error = 0
        track_io_timing = on
        """
            .formatted(
                Postgres.PORT,
                PostgresStatefulSet.SOCKET_PATH,
                PostgresStatefulSet.CONFIG_PATH,
                PostgresManifests.HBA_FILE,
                maxConnections,
                PostgresStatefulSet.TLS_PATH,
                ServerTls.CERTIFICATE_FILE,
                PostgresStatefulSet.TLS_PATH,
                ServerTls.PRIVATE_KEY_FILE,
                size(memory.sharedBuffers()),
                size(memory.effectiveCacheSize()),
                size(memory.workMem()),
                size(memory.maintenanceWorkMem()),
                size(maxWal),
                size(maxWal / 4))
        + config.backup().map(backup -> PgBackRest.postgresqlConf()).orElse("");
  }

  /**
   * Who may log in how. Over the network everybody needs TLS, a password and SCRAM. Inside the pod
   * the administrator needs none: whoever can run a command there can read the data files anyway.
   * The exporter is inside the pod too, and logs in from there alone.
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
