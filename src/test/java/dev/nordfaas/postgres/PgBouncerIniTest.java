package dev.nordfaas.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.config.check.PatchedConfig;
import dev.nordfaas.testing.Fixtures;
import dev.nordfaas.testing.Golden;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PgBouncerIniTest {
  private static final List<SqlRole> ROLES =
      List.of(
          new SqlRole("order_processor", "orders"),
          new SqlRole("order_status", "orders"),
          new SqlRole("mailer", "mail"));

  @Test
  void poolsTransactionsOf10000ClientsOver20Connections() {
    var config = Fixtures.oslo().postgres();

    Golden.assertMatches(
        "postgres/oslo/pgbouncer.ini",
        PgBouncerIni.of(config, ConnectionBudget.of(config, ROLES), ROLES));
  }

  @Test
  void oldVersionsGetNoSettingThatTheyDoNotKnow() {
    var config =
        PatchedConfig.of(
                "oslo",
                """
                set:
                  nordfaas:postgres.databases: {orders: {}, mail: {migrations: functions/order-processor/migrations}}
                  nordfaas:postgres.pooler.image: lab.nordfaas.dev/pgbouncer:1.18.0
                  nordfaas:postgres.pooler.maxPreparedStatements: 0
                """)
            .postgres();

    Golden.assertMatches(
        "postgres/pgbouncer-1.18/pgbouncer.ini",
        PgBouncerIni.of(config, ConnectionBudget.of(config, ROLES), ROLES));
  }

  @Test
  void turnsPreparedStatementsOffWhereTheyAreOnByDefault() {
    var config =
        PatchedConfig.of("oslo", "set: {nordfaas:postgres.pooler.maxPreparedStatements: 0}")
            .postgres();

    assertThat(PgBouncerIni.of(config, ConnectionBudget.of(config, ROLES), ROLES).lines())
        .contains("max_prepared_statements = 0", "auth_dbname = postgres")
        .anyMatch(line -> line.startsWith("postgres = host="));
  }

  /** 1.18 has no such settings of users: see the rule. */
  @Test
  void limitsOfClientsAreNotThoseOfMigrations() {
    var config =
        PatchedConfig.of(
                "oslo",
                """
                set:
                  nordfaas:postgres.pooler.queryTimeout: 25s
                  nordfaas:postgres.pooler.clientIdleTimeout: 1500ms
                """)
            .postgres();

    assertThat(PgBouncerIni.of(config, ConnectionBudget.of(config, ROLES), ROLES).lines())
        .contains(
            "orders_migrator = query_timeout=540 idle_transaction_timeout=540",
            "query_timeout = 25",
            "idle_transaction_timeout = 0",
            "client_idle_timeout = 2");
  }

  @Test
  void restartsForWhatItReadsAtItsStartOnly() {
    var config = Fixtures.oslo().postgres();

    assertThat(
            PgBouncerIni.settings(config.pooler(), ConnectionBudget.of(config, ROLES))
                .restartingPart())
        .isEqualTo(
            """
            listen_addr = *
            listen_port = 6432
            listen_backlog = 4096
            unix_socket_dir =""");
  }

  @Test
  void onlyThePoolersOwnPasswordIsInTheUserlist() {
    assertThat(PgBouncerIni.userlist("secret", Optional.empty()))
        .isEqualTo("\"pgbouncer\" \"secret\"\n");
  }

  @Test
  void exporterHasAVerifierInTheUserlistAndNoPassword() {
    assertThat(PgBouncerIni.userlist("secret", Optional.of("other")).lines().skip(1))
        .containsExactly("\"metrics\" \"%s\"".formatted(ScramVerifier.of("other")));
  }
}
