package dev.nordfaas.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.config.FunctionConfig.Grant;
import dev.nordfaas.config.check.PatchedConfig;
import dev.nordfaas.testing.Fixtures;
import dev.nordfaas.testing.Golden;
import dev.nordfaas.testing.PostgresConfigs;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RolesSqlTest {
  @Test
  void givesEachFunctionARoleInItsDatabase() {
    Golden.assertMatches(
        "postgres/oslo/roles.sql",
        RolesSql.of(
            Fixtures.oslo().postgres(),
            List.of(
                new SqlRole("order_processor", "orders"),
                new SqlRole("order_status", "orders", Grant.READ))));
  }

  @Test
  void createsExtensionsAndSchemasOnlyInTheirDatabase() {
    Golden.assertMatches(
        "postgres/two-databases/roles.sql",
        RolesSql.of(
            PatchedConfig.of(
                    "oslo",
                    """
                    set:
                      nordfaas:postgres.databases: {orders: {schemas: [sales, stock]}, mail: {extensions: [pgcrypto, uuid-ossp]}}
                      nordfaas:postgres.dropDatabases: [old]
                    remove: [nordfaas:postgres.backup]
                    """)
                .postgres(),
            List.of(new SqlRole("mailer", "mail"))));
  }

  @Test
  void setsTheIterationsOfScramBeforeAnyPassword() {
    var script =
        RolesSql.of(
            PatchedConfig.of("oslo", "set: {nordfaas:postgres.scramIterations: 512}").postgres(),
            List.of());

    assertThat(script).containsOnlyOnce("\nSET scram_iterations = 512;\n");
    assertThat(script.indexOf("SET scram_iterations")).isLessThan(script.indexOf("ensure_login"));
  }

  @Test
  void leavesTheIterationsOfScramToPostgresql() {
    assertThat(RolesSql.of(Fixtures.oslo().postgres(), List.of())).doesNotContain("iterations");
  }

  @Test
  void roleHasTheNameOfItsFunctionWithoutDashes() {
    assertThat(SqlRole.of("order-processor", PostgresConfigs.access("orders", 1)))
        .isEqualTo(new SqlRole("order_processor", "orders"));
  }

  @Test
  void passwordsOfAFunctionTakeTurnsOnTwoRoles() {
    var roles =
        IntStream.rangeClosed(1, 3)
            .mapToObj(
                version -> SqlRole.of("order-processor", PostgresConfigs.access("orders", version)))
            .toList();

    assertThat(roles)
        .extracting(SqlRole::name)
        .containsExactly("order_processor", "order_processor_2", "order_processor");
    assertThat(roles)
        .extracting(role -> role.former().map(SqlRole.Former::name).orElse(""))
        .containsExactly("", "order_processor", "order_processor_2");
  }
}
