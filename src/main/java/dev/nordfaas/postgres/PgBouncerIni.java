package dev.nordfaas.postgres;

import static dev.nordfaas.postgres.Setting.plain;

import dev.nordfaas.config.ImageVersion;
import dev.nordfaas.config.PostgresConfig;
import dev.nordfaas.config.PostgresConfig.PoolerConfig;
import dev.nordfaas.tls.ServerTls;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** PgBouncer's config file, {@code pgbouncer.ini}, and its {@code userlist.txt}. */
public final class PgBouncerIni {
  private static final int MIN_POOL_SIZE = 2;

  /** Suffix of the names under which PgBouncer offers databases to their migrations. */
  public static final String MIGRATIONS_SUFFIX = "_migrations";

  private PgBouncerIni() {}

  /**
   * The file.
   *
   * @param budget the connections that the pools may take
   * @param roles the roles of the functions
   */
  public static String of(
      PostgresConfig postgres, ConnectionBudget budget, Collection<SqlRole> roles) {
    return """
        [databases]
        %s
        [users]
        # Passwords are looked up with these, however many clients log in at once.
        %s = max_user_connections=%d
        %s
        [pgbouncer]
        %s"""
        .formatted(
            databases(postgres, budget, roles),
            Postgres.POOLER_ROLE,
            ConnectionBudget.LOOK_UPS,
            migrators(postgres, budget),
            settings(postgres.pooler(), budget).file());
  }

  /**
   * The section {@code [pgbouncer]}. Settings marked CF_NO_RELOAD in PgBouncer's source need a
   * restart.
   *
   * @param budget the connections that the pools may take
   */
  public static Settings settings(PoolerConfig config, ConnectionBudget budget) {
    return new Settings(
        List.of(
            listening(config),
            tls(),
            logins(config),
            pools(config, budget),
            keepalive(),
            log(config)));
  }

  private static List<Setting> listening(PoolerConfig config) {
    return List.of(
        plain("listen_addr", "*").withRestart(),
        plain("listen_port", config.port()).withRestart(),
        plain("listen_backlog", 4096)
            .because(
                "Clients that connect in the same moment wait here; the kernel's own limit is 4096 too.")
            .withRestart(),
        plain("unix_socket_dir", "").withRestart());
  }

  private static List<Setting> tls() {
    return List.of(
        plain("client_tls_sslmode", "require"),
        plain("client_tls_cert_file", path(ServerTls.CERTIFICATE_FILE)),
        plain("client_tls_key_file", path(ServerTls.PRIVATE_KEY_FILE)),
        plain("client_tls_protocols", "tlsv1.3"),
        plain("client_tls_ca_file", path(ServerTls.CA_FILE))
            .because(
                "Clients need no certificate, but PgBouncer reads a file of authorities, and images may lack its default."),
        plain("server_tls_sslmode", "verify-full"),
        plain("server_tls_ca_file", path(ServerTls.CA_FILE)),
        plain("server_tls_protocols", "tlsv1.3"));
  }

  /**
   * PgBouncer refuses to start with {@code auth_dbname} before 1.19, and with {@code
   * max_prepared_statements} before 1.21. Older versions look up verifiers in the database that the
   * client requests, where {@link RolesSql} also creates the function. Since 1.24 the default is
   * 200, so a 0 is written.
   */
  private static List<Setting> logins(PoolerConfig config) {
    var settings =
        new ArrayList<>(
            List.of(
                plain("auth_type", "scram-sha-256"),
                plain("auth_file", path(PoolerManifests.USERLIST_FILE)),
                plain("auth_user", Postgres.POOLER_ROLE),
                plain("auth_query", RolesSql.AUTH_QUERY)));
    if (isVersion121(config)) {
      settings.add(
          plain("auth_dbname", RolesSql.MAINTENANCE_DATABASE)
              .because("Whatever database a client asks for, verifiers come from this one."));
      settings.add(plain("max_prepared_statements", config.maxPreparedStatements()));
    }
    return settings;
  }

  private static List<Setting> pools(PoolerConfig config, ConnectionBudget budget) {
    return List.of(
        plain("pool_mode", poolMode(config)),
        plain("max_client_conn", config.maxClientConn()),
        plain("default_pool_size", config.defaultPoolSize()),
        plain("min_pool_size", Math.min(MIN_POOL_SIZE, config.defaultPoolSize()))
            .because(
                "Idle ones are closed after ten minutes; the next call would wait for TLS, SCRAM and a backend that knows nothing."),
        plain("reserve_pool_size", config.reservePoolSize()),
        plain("max_db_connections", budget.maxDbConnections()),
        plain("query_wait_timeout", seconds(config.queryWaitTimeout())),
        plain("query_timeout", seconds(config.queryTimeout())),
        plain("idle_transaction_timeout", seconds(config.idleTransactionTimeout())),
        plain("client_idle_timeout", seconds(config.clientIdleTimeout())),
        plain("server_lifetime", seconds(config.serverLifetime())),
        plain("server_login_retry", 1)
            .because(
                "After a restart of PostgreSQL try again at once; the default keeps refusing for 15 s."),
        plain("ignore_startup_parameters", "extra_float_digits")
            .because(
                "JDBC sends it, and PostgreSQL's default is as exact. What else PgBouncer cannot keep per client it refuses: to ignore options would drop them without a word."));
  }

  /**
   * Probes tell of a connection that nothing is sent on; where an answer is awaited, only the user
   * timeout does, as the kernel sends no probes but repeats the query for a quarter of an hour
   * (pgbouncer/pgbouncer#138).
   */
  private static List<Setting> keepalive() {
    return List.of(
        plain("tcp_keepalive", 1)
            .because(
                "A client or a server that is gone without a word gives its place back after half a minute."),
        plain("tcp_keepidle", 15),
        plain("tcp_keepintvl", 5),
        plain("tcp_keepcnt", 3),
        plain("tcp_user_timeout", 20_000)
            .because("In milliseconds; a query to a node that is gone fails then."));
  }

  private static List<Setting> log(PoolerConfig config) {
    return List.of(
        plain("log_connections", 0)
            .because("10000 clients would write as many lines; what goes wrong is logged."),
        plain("log_disconnections", 0),
        plain("log_pooler_errors", 1),
        plain("stats_users", String.join(", ", statsUsers(config))));
  }

  private static String path(String file) {
    return PgBouncerDeployment.CONFIG_PATH + "/" + file;
  }

  /**
   * The one user that PgBouncer itself logs in to PostgreSQL as. To answer PostgreSQL's SCRAM
   * challenge it needs the plain password: a verifier can only check one. For all other users
   * {@code auth_query} fetches verifiers, and their clients prove the password. For the console
   * PgBouncer looks up nothing, so the verifier of the exporter, which logs in there, is here.
   *
   * @param password of PgBouncer's own role
   * @param metricsPassword of the exporter, if there is one
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

  /** When a server connection goes back to the pool, in PgBouncer's terms. */
  public static String poolMode(PoolerConfig config) {
    return config.poolMode().name().toLowerCase(Locale.ROOT);
  }

  /**
   * The existing databases, and no others. Migrations need a session: their settings, and the lock
   * that prevents a second run, have to outlast a transaction.
   */
  private static String databases(
      PostgresConfig config, ConnectionBudget budget, Collection<SqlRole> roles) {
    var lines = new StringBuilder();
    config.databases().keySet().stream()
        .sorted()
        .forEach(
            database ->
                lines.append(
                    database(
                        database,
                        database,
                        "max_db_connections=%d %s"
                            .formatted(
                                budget.maxDbConnections(database),
                                settingsOf(database, config, roles)))));
    budget
        .migrated()
        .forEach(
            database ->
                lines.append(
                    database(
                        migrations(database),
                        database,
                        "pool_mode=session pool_size=1 max_db_connections=%d %s"
                            .formatted(
                                ConnectionBudget.MIGRATIONS,
                                settingsOf(database, config, roles)))));
    if (isVersion121(config.pooler())) {
      lines.append(
          database(RolesSql.MAINTENANCE_DATABASE, RolesSql.MAINTENANCE_DATABASE, "pool_size=1"));
    }
    return lines.toString();
  }

  /**
   * When the first query of server connections changes, PgBouncer replaces those that it has, each
   * once its transaction has ended: so all get what has changed for their roles.
   */
  private static String settingsOf(
      String database, PostgresConfig config, Collection<SqlRole> roles) {
    return "connect_query='SELECT 1 /* settings of roles: %s */'"
        .formatted(RoleSettingsSql.checksum(database, config, roles));
  }

  private static String database(String name, String database, String settings) {
    return "%s = host=%s port=%d dbname=%s %s\n"
        .formatted(name, Postgres.NAME, Postgres.PORT, database, settings);
  }

  private static String migrations(String database) {
    return database + MIGRATIONS_SUFFIX;
  }

  /** If the image's tag has no version, a 0 means that it is older. */
  private static boolean isVersion121(PoolerConfig config) {
    return config.maxPreparedStatements() > 0
        || ImageVersion.of(config.image())
            .filter(version -> !version.isBelow(1, 21, 0))
            .isPresent();
  }

  /** Whether it has time limits for single users, as it has since 1.24. */
  public static boolean hasTimeoutsOfUsers(PoolerConfig config) {
    return ImageVersion.of(config.image()).filter(it -> !it.isBelow(1, 24, 0)).isPresent();
  }

  /** Migrations may take as long as their Job; a 0 would mean the limit of all others. */
  private static String migrators(PostgresConfig config, ConnectionBudget budget) {
    var pooler = config.pooler();
    var limited = !pooler.queryTimeout().isZero() || !pooler.idleTransactionTimeout().isZero();
    if (!limited || !hasTimeoutsOfUsers(pooler)) {
      return "";
    }
    return budget.migrated().stream()
        .map(
            database ->
                "%1$s = query_timeout=%2$d idle_transaction_timeout=%2$d\n"
                    .formatted(SqlRole.migrator(database), MigrationsJob.LONGEST.toSeconds()))
        .collect(Collectors.joining());
  }

  /** Whole seconds, rounded up: 0 would mean no limit. */
  private static long seconds(Duration duration) {
    return duration.plusMillis(999).toSeconds();
  }
}
