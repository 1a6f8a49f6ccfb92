package dev.nordfaas.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.testing.Fixtures;
import dev.nordfaas.testing.Golden;
import dev.nordfaas.testing.PostgresConfigs;
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
    Golden.assertMatches(
        "postgres/oslo/pgbouncer.ini", PgBouncerIni.of(Fixtures.oslo().postgres().pooler(), ROLES));
  }

  @Test
  void oldVersionsGetNoSettingThatTheyDoNotKnow() {
    Golden.assertMatches(
        "postgres/pgbouncer-1.18/pgbouncer.ini",
        PgBouncerIni.of(PostgresConfigs.pooler(0, Optional.empty()), ROLES));
  }

  @Test
  void databaseMayHaveTheFullPoolsOfAllItsRoles() {
    assertThat(PgBouncerIni.maxDbConnections(Fixtures.oslo().postgres().pooler(), ROLES))
        .isEqualTo(2 * (20 + 5));
  }

  @Test
  void limitPerDatabaseOfTheConfigWins() {
    assertThat(PgBouncerIni.maxDbConnections(PostgresConfigs.pooler(200, Optional.of(30)), ROLES))
        .isEqualTo(30);
  }

  @Test
  void restartsForWhatItReadsAtItsStartOnly() {
    assertThat(
            PgBouncerIni.restartingPart(
                PgBouncerIni.of(Fixtures.oslo().postgres().pooler(), ROLES)))
        .isEqualTo(
            """
            listen_addr = *
            listen_port = 6432
            listen_backlog = 4096
            unix_socket_dir =""");
  }

  @Test
  void onlyThePoolersOwnPasswordIsInTheUserlist() {
    assertThat(PgBouncerIni.userlist("secret")).isEqualTo("\"pgbouncer\" \"secret\"\n");
  }
}
