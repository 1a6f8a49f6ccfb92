package dev.nordfaas.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.config.PostgresConfig.DatabaseConfig;
import dev.nordfaas.testing.Fixtures;
import dev.nordfaas.testing.Golden;
import dev.nordfaas.testing.PostgresConfigs;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RolesSqlTest {
  private static final DatabaseConfig PLAIN = new DatabaseConfig(List.of(), Optional.empty());

  @Test
  void givesEachFunctionARoleInItsDatabase() {
    Golden.assertMatches(
        "postgres/oslo/roles.sql",
        RolesSql.of(
            Map.of("orders", PLAIN),
            List.of(
                new SqlRole("order_processor", "orders"), new SqlRole("order_status", "orders")),
            Map.of("orders", List.of(new Migration(1, "V1__orders.sql", "CREATE TABLE orders ()"))),
            PlatformRole.of(Fixtures.oslo().postgres())));
  }

  @Test
  void createsExtensionsOnlyInTheirDatabase() {
    Golden.assertMatches(
        "postgres/two-databases/roles.sql",
        RolesSql.of(
            Map.of(
                "orders",
                PLAIN,
                "mail",
                new DatabaseConfig(List.of("pgcrypto", "uuid-ossp"), Optional.empty())),
            List.of(new SqlRole("mailer", "mail")),
            Map.of(),
            List.of()));
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
