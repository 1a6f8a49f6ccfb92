package dev.nordfaas.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.config.PostgresConfig.DatabaseConfig;
import dev.nordfaas.testing.Fixtures;
import dev.nordfaas.testing.Golden;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    assertThat(SqlRole.of("order-processor", "orders"))
        .isEqualTo(new SqlRole("order_processor", "orders"));
  }
}
