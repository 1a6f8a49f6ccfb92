package dev.nordfaas.policy;

import static dev.nordfaas.config.check.RuleCheck.problems;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sessions, settings, time limits and extensions of the database. */
class PostgresRulesTest {
  @Nested
  class SessionPools {
    private static final String ONE =
        "{set: {nordfaas:postgres.pooler.poolMode: session, nordfaas:functions.order-processor.scale: {min: 1, max: 4}, nordfaas:functions.order-processor.database.poolSize: %d}, remove: [nordfaas:functions.order-status]}";

    @Test
    void mayTakeAllConnectionsOfThePool() {
      assertThat(problems(new ConnectionBudgetRule(), ONE.formatted(5))).isEmpty();
    }

    @Test
    void refusesIdlePoolsThatExceedTheServerConnections() {
      assertThat(problems(new ConnectionBudgetRule(), ONE.formatted(6)))
          .containsExactly(
              "functions.order-processor.database.poolSize: with poolMode session each connection keeps a server connection, and (4 + 1) × 6 = 30, one pod in a rollout included, exceed defaultPoolSize + reservePoolSize = 25; lower it to 5, set poolMode to transaction, lower scale.max, or raise postgres.pooler.defaultPoolSize by 5");
    }

    @Test
    void suggestsNoPoolSizeWhereNoneFits() {
      assertThat(
              problems(new ConnectionBudgetRule(), ONE.formatted(1).replace("max: 4", "max: 30")))
          .containsExactly(
              "functions.order-processor.database.poolSize: with poolMode session each connection keeps a server connection, and (30 + 1) × 1 = 31, one pod in a rollout included, exceed defaultPoolSize + reservePoolSize = 25; set poolMode to transaction, lower scale.max, or raise postgres.pooler.defaultPoolSize by 6");
    }

    @Test
    void countsAllFunctionsOfADatabaseAgainstItsLimit() {
      var patch =
          "set: {nordfaas:postgres.pooler.poolMode: session, nordfaas:postgres.pooler.maxDbConnections: %d, nordfaas:functions.order-processor.scale: {min: 1, max: 4}, nordfaas:functions.order-processor.database.poolSize: 5, nordfaas:functions.order-status.scale: {min: 1, max: 2}, nordfaas:functions.order-status.database.poolSize: 2}";

      assertThat(problems(new ConnectionBudgetRule(), patch.formatted(31))).isEmpty();
      assertThat(problems(new ConnectionBudgetRule(), patch.formatted(30)))
          .containsExactly(
              "postgres.pooler.maxDbConnections: with poolMode session each connection keeps a server connection, and those to database orders, order-processor (4 + 1) × 5 + order-status (2 + 1) × 2 = 31, exceed maxDbConnections 30; raise it to 31 or remove it, set poolMode to transaction, or lower the functions' poolSize or scale.max");
    }

    @Test
    void doNotConcernTransactionMode() {
      assertThat(
              problems(
                  new ConnectionBudgetRule(), ONE.formatted(100).replace("session", "transaction")))
          .isEmpty();
    }
  }

  @Nested
  class ScramIterations {
    private static final String WITH = "set: {nordfaas:postgres.scramIterations: 1, %s}";
    private static final String DIGEST =
        "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    @Test
    void needAServerThatHasTheSetting() {
      assertThat(problems(new ScramIterationsRule(), WITH.formatted(image("postgres:15"))))
          .containsExactly(
              "postgres.scramIterations: PostgreSQL 15 has no scram_iterations; remove it, or move to 16 or newer as docs/postgres.md describes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"postgres:16.0", "postgres:17.6-bookworm", "postgres@sha256:" + DIGEST})
    void areAcceptedWhereTheImageIsNotKnownToBeOlder(String image) {
      assertThat(problems(new ScramIterationsRule(), WITH.formatted(image(image)))).isEmpty();
    }

    @Test
    void areNotMissedByOlderServers() {
      assertThat(problems(new ScramIterationsRule(), "set: {%s}".formatted(image("postgres:15"))))
          .isEmpty();
    }

    private static String image(String name) {
      return "nordfaas:postgres.image: '%s'".formatted(name);
    }
  }

  @Nested
  class Settings {
    private static final String PATCH =
        "set: {nordfaas:functions.order-processor.database.settings: {%s}}";

    @Test
    void allowsWhatTakesEffect() {
      assertThat(
              problems(
                  new RoleSettingsRule(),
                  PATCH.formatted(
                      "statementTimeout: 30s, lockTimeout: 2s, idleInTransactionSessionTimeout: 1h, workMem: 8Mi, defaultTransactionIsolation: serializable")))
          .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "statementTimeout: 99ms | statementTimeout: 99ms is too short; use 100ms to the function's timeout",
          "statementTimeout: 0s | statementTimeout: 0s is too short; use 100ms to the function's timeout",
          "statementTimeout: 31s | statementTimeout: 31s is above the function's timeout 30s: nobody would wait for the statement any more; lower it",
          "lockTimeout: 31s | lockTimeout: 31s is above the function's timeout 30s: nobody would wait for the lock any more; lower it",
          "lockTimeout: 50ms | lockTimeout: 50ms is too short; use 100ms to below statementTimeout",
          "'statementTimeout: 2s, lockTimeout: 2s' | lockTimeout: 2s never ends a statement: statementTimeout 2s does it first; lower it below statementTimeout, or remove it",
          "idleInTransactionSessionTimeout: 0s | idleInTransactionSessionTimeout: 0s is out of range; use 100ms to 1h",
          "workMem: 512Ki | workMem: 512Ki is out of range; use 1Mi to 1Gi",
        })
    void refusesWhatDoesNot(String settings, String message) {
      assertThat(problems(new RoleSettingsRule(), PATCH.formatted(settings)))
          .containsExactly("functions.order-processor.database.settings." + message);
    }

    @Test
    void refusesMoreMemoryThanIsLeft() {
      assertThat(problems(new RoleSettingsRule(), PATCH.formatted("workMem: 1Gi")))
          .singleElement()
          .asString()
          .startsWith(
              "functions.order-processor.database.settings.workMem: 25 connections × 1Gi = 25Gi exceed ")
          .endsWith("; lower it, raise the limit, or lower postgres.pooler.defaultPoolSize");
    }
  }

  @Nested
  class PoolerTimeouts {
    private static final String POOLER = "nordfaas:postgres.pooler.";

    @Test
    void allowsNone() {
      assertThat(
              problems(
                  new PoolerTimeoutRule(),
                  "set: {%1$squeryTimeout: 0s, %1$sidleTransactionTimeout: 0s, %1$sclientIdleTimeout: 0s}"
                      .formatted(POOLER)))
          .isEmpty();
    }

    @Test
    void allowsWhatEndsNoCall() {
      assertThat(
              problems(
                  new PoolerTimeoutRule(),
                  "set: {%1$squeryTimeout: 25s, %1$sidleTransactionTimeout: 30s, %1$sclientIdleTimeout: 30s}"
                      .formatted(POOLER)))
          .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "queryTimeout: 25h | queryTimeout: 25h is out of range; use 1s to 1d, or 0s for no limit",
          "queryTimeout: 20s | queryTimeout: 20s also counts while a query waits for a server connection, for which queryWaitTimeout 20s is allowed; raise it above queryWaitTimeout, or lower that",
          "idleTransactionTimeout: 60s | idleTransactionTimeout: 1m never takes effect: PostgreSQL's idle_in_transaction_session_timeout is 1m; lower it below that, or remove it",
        })
    void refuses(String setting, String message) {
      assertThat(problems(new PoolerTimeoutRule(), "set: {%s%s}".formatted(POOLER, setting)))
          .containsExactly("postgres.pooler." + message);
    }

    @Test
    void clientsAreIdleDuringACall() {
      assertThat(
              problems(
                  new PoolerTimeoutRule(),
                  "{set: {%sclientIdleTimeout: 29s}, remove: [nordfaas:functions.order-status]}"
                      .formatted(POOLER)))
          .containsExactly(
              "postgres.pooler.clientIdleTimeout: 29s would close the connection of a call to function order-processor that lasts up to 30s; raise it to 30s, or lower the function's timeout");
    }

    @Test
    void statementTimeoutComesFirst() {
      assertThat(
              problems(
                  new PoolerTimeoutRule(),
                  "set: {%squeryTimeout: 25s, nordfaas:functions.order-processor.database.settings: {statementTimeout: 25s}}"
                      .formatted(POOLER)))
          .containsExactly(
              "postgres.pooler.queryTimeout: 25s closes the connection before statementTimeout 25s of function order-processor ends the statement; raise it above statementTimeout, or lower that");
    }

    @Test
    void olderPoolersWouldEndMigrations() {
      assertThat(
              problems(
                  new PoolerTimeoutRule(),
                  "set: {%1$squeryTimeout: 25s, %1$simage: 'pgbouncer:1.23.1'}".formatted(POOLER)))
          .containsExactly(
              "postgres.pooler.queryTimeout: 25s also ends migrations, which may take 9m: PgBouncer 1.23.1 has no limits of their own for them; use an image of 1.24 or newer, or remove it");
    }
  }

  @Nested
  class Extensions {
    private static final String PATCH =
        "set: {nordfaas:postgres.databases.orders.extensions: [%s], nordfaas:postgres.image: 'docker.io/library/postgres:17.6-bookworm'}";

    @ParameterizedTest
    @ValueSource(strings = {"pgcrypto", "pg_stat_statements", "pg_prewarm", "uuid-ossp", "dblink"})
    void allowsThoseOfTheImage(String name) {
      assertThat(problems(new ExtensionRule(), PATCH.formatted(name))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "pg_cron | pg_cron has to be loaded when PostgreSQL starts (shared_preload_libraries), which is done for pg_stat_statements only; remove it, and use functions.<name>.cron",
          "timescaledb | timescaledb has to be loaded when PostgreSQL starts (shared_preload_libraries), which is done for pg_stat_statements only; remove it",
          "pgaudit | pgaudit has to be loaded when PostgreSQL starts (shared_preload_libraries), which is done for pg_stat_statements only; remove it",
          "auto_explain | auto_explain is a module, for which there is no CREATE EXTENSION; remove it; statements above 500ms are in PostgreSQL's log already",
          "wal2json | wal2json is a module, for which there is no CREATE EXTENSION; remove it",
          "plpython3u | plpython3u can only be used by PostgreSQL's administrator, and migrations run as the database's owner; remove it",
          "postgres_fdw | postgres_fdw can only be used by PostgreSQL's administrator, and migrations run as the database's owner; remove it",
          "vector | vector is not in docker.io/library/postgres:17.6-bookworm, which has those of PostgreSQL itself; remove it, or use an image that has it",
        })
    void refusesWhatCannotWork(String name, String message) {
      assertThat(problems(new ExtensionRule(), PATCH.formatted("pgcrypto, " + name)))
          .containsExactly("postgres.databases.orders.extensions[1]: " + message);
    }

    @Test
    void doesNotKnowWhatOtherImagesHave() {
      assertThat(
              problems(
                  new ExtensionRule(),
                  "set: {nordfaas:postgres.databases.orders.extensions: [vector], nordfaas:postgres.image: 'docker.io/pgvector/pgvector:0.8.0-pg17'}"))
          .isEmpty();
    }

    @Test
    void operatorDoesNotLoadThem() {
      assertThat(
              problems(
                  new ExtensionRule(),
                  "set: {nordfaas:postgres.databases.orders.extensions: [pg_stat_statements], nordfaas:postgres.highAvailability: true}"))
          .containsExactly(
              "postgres.databases.orders.extensions[0]: pg_stat_statements is loaded by the single instance only, not by CloudNativePG, which highAvailability uses; remove it");
    }
  }
}
