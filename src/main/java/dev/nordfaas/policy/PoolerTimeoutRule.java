package dev.nordfaas.policy;

import dev.nordfaas.config.Durations;
import dev.nordfaas.config.ImageVersion;
import dev.nordfaas.config.PostgresConfig;
import dev.nordfaas.config.StackConfig;
import dev.nordfaas.config.check.Problems;
import dev.nordfaas.config.model.KeyPath;
import dev.nordfaas.plan.Plan;
import dev.nordfaas.postgres.MigrationsJob;
import dev.nordfaas.postgres.PgBouncerIni;
import dev.nordfaas.postgres.PostgresConf;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * PgBouncer's time limits end neither calls that have time left nor migrations, and are not
 * overtaken by PostgreSQL's.
 */
final class PoolerTimeoutRule implements Rule {
  private static final Duration SHORTEST = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofDays(1);
  private static final KeyPath POOLER = KeyPath.of("postgres", "pooler");
  private static final KeyPath QUERY = POOLER.key("queryTimeout");
  private static final KeyPath IDLE_TRANSACTION = POOLER.key("idleTransactionTimeout");
  private static final KeyPath CLIENT_IDLE = POOLER.key("clientIdleTimeout");
  private static final KeyPath FUNCTIONS = KeyPath.of("functions");

  @Override
  public void check(StackConfig config, Plan plan, Problems problems) {
    var pooler = config.postgres().pooler();
    var values = new LinkedHashMap<KeyPath, Duration>();
    values.put(QUERY, pooler.queryTimeout());
    values.put(IDLE_TRANSACTION, pooler.idleTransactionTimeout());
    values.put(CLIENT_IDLE, pooler.clientIdleTimeout());
    values.values().removeIf(Duration::isZero);
    values.forEach(
        (key, value) -> {
          if (value.compareTo(SHORTEST) < 0 || value.compareTo(LONGEST) > 0) {
            problems.add(
                key,
                "%s is out of range".formatted(text(value)),
                "use 1s to 1d, or 0s for no limit");
          }
        });
    Optional.ofNullable(values.get(QUERY)).ifPresent(it -> checkQuery(it, config, plan, problems));
    Optional.ofNullable(values.get(IDLE_TRANSACTION))
        .ifPresent(it -> checkIdleTransaction(it, plan, problems));
    Optional.ofNullable(values.get(CLIENT_IDLE))
        .ifPresent(it -> checkClientIdle(it, config, problems));
    values.remove(CLIENT_IDLE);
    checkMigrations(values, config.postgres(), plan, problems);
  }

  /**
   * It counts from when the client sent the query (PgBouncer's janitor.c), and so includes waiting.
   */
  private static void checkQuery(Duration value, StackConfig config, Plan plan, Problems problems) {
    var wait = config.postgres().pooler().queryWaitTimeout();
    if (value.compareTo(wait) <= 0) {
      problems.add(
          QUERY,
          "%s also counts while a query waits for a server connection, for which queryWaitTimeout %s is allowed"
              .formatted(text(value), text(wait)),
          "raise it above queryWaitTimeout, or lower that",
          POOLER.key("queryWaitTimeout"));
    }
    plan.databaseRoles()
        .forEach(
            (name, access) ->
                access
                    .settings()
                    .statementTimeout()
                    .filter(limit -> limit.compareTo(value) >= 0)
                    .ifPresent(
                        limit ->
                            problems.add(
                                QUERY,
                                "%s closes the connection before statementTimeout %s of function %s ends the statement"
                                    .formatted(text(value), text(limit), name),
                                "raise it above statementTimeout, or lower that",
                                FUNCTIONS
                                    .key(name)
                                    .key("database")
                                    .key("settings")
                                    .key("statementTimeout"))));
  }

  private static void checkIdleTransaction(Duration value, Plan plan, Problems problems) {
    var longest =
        plan.databaseRoles().values().stream()
            .map(
                access ->
                    access
                        .settings()
                        .idleInTransactionSessionTimeout()
                        .orElse(PostgresConf.IDLE_IN_TRANSACTION))
            .reduce((a, b) -> a.compareTo(b) > 0 ? a : b)
            .orElse(PostgresConf.IDLE_IN_TRANSACTION);
    if (value.compareTo(longest) >= 0) {
      problems.add(
          IDLE_TRANSACTION,
          "%s never takes effect: PostgreSQL's idle_in_transaction_session_timeout is %s"
              .formatted(text(value), text(longest)),
          "lower it below that, or remove it",
          FUNCTIONS);
    }
  }

  /** Between two queries, a call may wait for something else for as long as it lasts. */
  private static void checkClientIdle(Duration value, StackConfig config, Problems problems) {
    config
        .functions()
        .forEach(
            (name, function) -> {
              if (function.database().isPresent() && value.compareTo(function.timeout()) < 0) {
                problems.add(
                    CLIENT_IDLE,
                    "%s would close the connection of a call to function %s that lasts up to %s"
                        .formatted(text(value), name, text(function.timeout())),
                    "raise it to %s, or lower the function's timeout"
                        .formatted(text(function.timeout())),
                    FUNCTIONS.key(name).key("timeout"));
              }
            });
  }

  private static void checkMigrations(
      Map<KeyPath, Duration> values, PostgresConfig config, Plan plan, Problems problems) {
    if (config.highAvailability()
        || PgBouncerIni.hasTimeoutsOfUsers(config.pooler())
        || plan.connections().migrated().isEmpty()) {
      return;
    }
    var version =
        ImageVersion.of(config.pooler().image())
            .map(it -> "PgBouncer " + it)
            .orElse("PgBouncer of an unknown version");
    values.forEach(
        (key, value) -> {
          if (value.compareTo(MigrationsJob.LONGEST) < 0) {
            problems.add(
                key,
                "%s also ends migrations, which may take %s: %s has no limits of their own for them"
                    .formatted(text(value), text(MigrationsJob.LONGEST), version),
                "use an image of 1.24 or newer, or remove it",
                POOLER.key("image"));
          }
        });
  }

  private static String text(Duration duration) {
    return Durations.format(duration);
  }
}
