package dev.nordfaas.postgres;

import dev.nordfaas.config.ImageVersion;
import dev.nordfaas.config.PostgresConfig;
import dev.nordfaas.config.PostgresConfig.PoolerConfig;
import dev.nordfaas.tls.ServerTls;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** PgBouncer's config file, {@code pgbouncer.ini}, and its {@code userlist.txt}. */
public final class PgBouncerIni {
  /** Of what {@link #of} writes, the settings that the source of PgBouncer marks CF_NO_RELOAD. */
  private static final Set<String> NOT_RELOADED =
      Set.of("listen_addr", "listen_port", "listen_backlog", "unix_socket_dir");

  private static final int MIN_POOL_SIZE = 2;

  /** What the name ends in under which PgBouncer offers a database to its migrations. */
  public static final String MIGRATIONS_SUFFIX = "_migrations";

  private PgBouncerIni() {}

  /**
   * The settings.
   *
   * @param budget the connections that the pools may take
   */
  public static String of(PostgresConfig postgres, ConnectionBudget budget) {
    var config = postgres.pooler();
    return """
        [databases]
        %s
        [users]
        # Passwords are looked up with these, however many clients log in at once.
        %s = max_user_connections=%d

        [pgbouncer]
        listen_addr = *
        listen_port = %d
        # Clients that connect in the same moment wait here; the kernel's own limit is 4096 too.
        listen_backlog = 4096
        unix_socket_dir =

        client_tls_sslmode = require
        client_tls_cert_file = %s/%s
        client_tls_key_file = %s/%s
        client_tls_protocols = tlsv1.3
        # Clients need no certificate, but PgBouncer reads a file of authorities, and images may lack its default.
        client_tls_ca_file = %s/%s
        server_tls_sslmode = verify-full
        server_tls_ca_file = %s/%s
        server_tls_protocols = tlsv1.3

        auth_type = scram-sha-256
        auth_file = %s/%s
        auth_user = %s
        auth_query = %s
        %s
        pool_mode = %s
        max_client_conn = %d
        default_pool_size = %d
        # Idle ones are closed after ten minutes; the next call would wait for TLS, SCRAM and a backend that knows nothing.
        min_pool_size = %d
        reserve_pool_size = %d
        max_db_connections = %d
        query_wait_timeout = %d
        server_lifetime = %d
        # After a restart of PostgreSQL try again at once; the default keeps refusing for 15 s.
        server_login_retry = 1
        # JDBC and libpq send these; PgBouncer would refuse what it cannot keep per client.
        ignore_startup_parameters = extra_float_digits,options

        # A client whose pod is gone without a word gives its place back after two minutes.
        tcp_keepalive = 1
        tcp_keepidle = 60
        tcp_keepintvl = 15
        tcp_keepcnt = 4

        # 10000 clients would write as many lines; what goes wrong is logged.
        log_connections = 0
        log_disconnections = 0
        log_pooler_errors = 1
        stats_users = %s
        """
        .formatted(
            databases(postgres, budget),
            Postgres.POOLER_ROLE,
            ConnectionBudget.LOOK_UPS,
            config.port(),
            PgBouncerDeployment.CONFIG_PATH,
            ServerTls.CERTIFICATE_FILE,
            PgBouncerDeployment.CONFIG_PATH,
            ServerTls.PRIVATE_KEY_FILE,
            PgBouncerDeployment.CONFIG_PATH,
            ServerTls.CA_FILE,
            PgBouncerDeployment.CONFIG_PATH,
            ServerTls.CA_FILE,
            PgBouncerDeployment.CONFIG_PATH,
            PoolerManifests.USERLIST_FILE,
            Postgres.POOLER_ROLE,
            RolesSql.AUTH_QUERY,
            sinceVersion121(config),
            poolMode(config),
            config.maxClientConn(),
            config.defaultPoolSize(),
            Math.min(MIN_POOL_SIZE, config.defaultPoolSize()),
            config.reservePoolSize(),
            budget.maxDbConnections(),
            seconds(config.queryWaitTimeout()),
            seconds(config.serverLifetime()),
            String.join(", ", statsUsers(config)));
  }

  /** The lines of {@code pgbouncer.ini} that PgBouncer reads at its start only. */
  static String restartingPart(String ini) {
    return ini.lines()
        .filter(line -> NOT_RELOADED.contains(line.split("=", 2)[0].strip()))
        .collect(Collectors.joining("\n"));
  }

  /**
   * The one user that PgBouncer logs in to PostgreSQL as by itself. To answer PostgreSQL's SCRAM
   * challenge it needs the password as such: a verifier only serves to check somebody else's. For
   * all other users {@code auth_query} fetches verifiers, and their clients prove the password. For
   * the console PgBouncer asks nobody: the verifier of the exporter, who logs in there, is here.
   *
   * @param password of PgBouncer's own role
   * @param metricsPassword of the exporter, where there is one
   */
  public static String userlist(String password, Optional<String> metricsPassword) {
    return line(Postgres.POOLER_ROLE, password)
        + metricsPassword
            .map(text -> line(Postgres.METRICS_ROLE, ScramVerifier.of(text)))
            .orElse("");
  }

  private static String line(String user, String secret) {
    return "\"%s\" \"%s\"\n".formatted(user, secret);
  }

  private static List<String> statsUsers(PoolerConfig config) {
    return config
        .exporterImage()
        .map(image -> List.of(Postgres.POOLER_ROLE, Postgres.METRICS_ROLE))
        .orElse(List.of(Postgres.POOLER_ROLE));
  }

  /** When a server connection goes back to the pool, in PgBouncer's words. */
  public static String poolMode(PoolerConfig config) {
    return config.poolMode().name().toLowerCase(Locale.ROOT);
  }

  /**
   * The databases that there are, and no others. Migrations need a session: what they set, and the
   * lock that keeps a second run out, have to last longer than a transaction.
   */
  private static String databases(PostgresConfig config, ConnectionBudget budget) {
    var lines = new StringBuilder();
    config.databases().keySet().stream()
        .sorted()
        .forEach(
            database ->
                lines.append(
                    database(
                        database,
                        database,
                        "max_db_connections=" + budget.maxDbConnections(database))));
    budget
        .migrated()
        .forEach(
            database ->
                lines.append(
                    database(
                        migrations(database),
                        database,
                        "pool_mode=session pool_size=1 max_db_connections="
                            + ConnectionBudget.MIGRATIONS)));
    if (isVersion121(config.pooler())) {
      lines.append(
          database(RolesSql.MAINTENANCE_DATABASE, RolesSql.MAINTENANCE_DATABASE, "pool_size=1"));
    }
    return lines.toString();
  }

  private static String database(String name, String database, String settings) {
    return "%s = host=%s port=%d dbname=%s %s\n"
        .formatted(name, Postgres.NAME, Postgres.PORT, database, settings);
  }

  private static String migrations(String database) {
    return database + MIGRATIONS_SUFFIX;
  }

  /**
   * What PgBouncer refuses to start with before 1.19 ({@code auth_dbname}) and 1.21. Versions older
   * than that look verifiers up in the database that the client asks for, where {@link RolesSql}
   * puts the function too. Since 1.24 it is 200 where nothing is said, so a 0 is written.
   */
  private static String sinceVersion121(PoolerConfig config) {
    if (!isVersion121(config)) {
      return "";
    }
    return """
        # Whatever database a client asks for, verifiers come from this one.
        auth_dbname = %s
        max_prepared_statements = %d
        """
        .formatted(RolesSql.MAINTENANCE_DATABASE, config.maxPreparedStatements());
  }

  /** Where the image's tag does not tell, a 0 means that it is older. */
  private static boolean isVersion121(PoolerConfig config) {
    return config.maxPreparedStatements() > 0
        || ImageVersion.of(config.image())
            .filter(version -> !version.isBelow(1, 21, 0))
            .isPresent();
  }

  /** Whole seconds, rounded up: 0 would be no limit at all. */
  private static long seconds(Duration duration) {
    return duration.plusMillis(999).toSeconds();
  }
}
