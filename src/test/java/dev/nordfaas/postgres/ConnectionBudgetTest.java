package dev.nordfaas.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.config.PostgresConfig;
import dev.nordfaas.config.check.PatchedConfig;
import dev.nordfaas.testing.Fixtures;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ConnectionBudgetTest {
  private static final Pattern LIMIT = Pattern.compile("max_db_connections=(\\d+)");

  @ParameterizedTest
  @CsvSource({
    "0, 1, '(0 pools × 25 + 2 look-ups + 2 for migrations) × 1 replica + 10 = 14', 20",
    "1, 1, '(1 pool × 25 + 2 look-ups + 2 for migrations) × 1 replica + 10 = 39', 40",
    "2, 1, '(2 pools × 25 + 2 look-ups + 2 for migrations) × 1 replica + 10 = 64', 70",
    "2, 3, '(2 pools × 25 + 2 look-ups + 2 for migrations) × 3 replicas + 10 = 172', 180"
  })
  void maxConnectionsFollowsFromThePools(
      int functions, int replicas, String sum, int maxConnections) {
    var budget = budget(with("pooler.replicas: %d".formatted(replicas)), functions);

    assertThat(budget.sum()).isEqualTo(sum);
    assertThat(budget.maxConnections()).isEqualTo(maxConnections);
  }

  @Test
  void configMaySayMore() {
    assertThat(budget(with("maxConnections: 300"), 2).maxConnections()).isEqualTo(300);
  }

  @Test
  void databaseMayHaveTheFullPoolsOfAllItsRoles() {
    assertThat(budget(Fixtures.oslo().postgres(), 2).maxDbConnections("orders"))
        .isEqualTo(2 * (20 + 5));
  }

  @Test
  void limitPerDatabaseOfTheConfigWins() {
    var budget = budget(with("pooler.maxDbConnections: 30"), 2);

    assertThat(budget.maxDbConnections("orders")).isEqualTo(30);
    assertThat(budget.perPod()).isEqualTo(30);
  }

  @Test
  void exporterHasConnectionsOfItsOwn() {
    var config = PatchedConfig.of("oslo", "remove: [nordfaas:postgres.maxConnections]").postgres();

    assertThat(budget(config, 1).sum()).endsWith("× 1 replica + 13 = 42");
  }

  @Test
  void operatorsPoolerMayFillAPoolWithLookUps() {
    assertThat(budget(with("highAvailability: true"), 2).sum())
        .isEqualTo("(2 pools × 25 + 25 look-ups) × 1 replica + 10 = 85");
  }

  /** What the files of PgBouncer allow all replicas together is never more than there is. */
  @ParameterizedTest
  @MethodSource("seeds")
  void poolersAreAllowedNoMoreThanPostgresHas(long seed) {
    var random = new Random(seed);
    var databases = 1 + random.nextInt(5);
    var config =
        PatchedConfig.of(
                "oslo",
                """
                set:
                  nordfaas:postgres.databases: %s
                  nordfaas:postgres.pooler.replicas: %d
                  nordfaas:postgres.pooler.defaultPoolSize: %d
                  nordfaas:postgres.pooler.reservePoolSize: %d
                %s
                remove: [nordfaas:postgres.maxConnections, nordfaas:postgres.exporterImage]
                """
                    .formatted(
                        databases(random, databases),
                        1 + random.nextInt(4),
                        1 + random.nextInt(60),
                        random.nextInt(20),
                        random.nextBoolean()
                            ? "  nordfaas:postgres.pooler.maxDbConnections: "
                                + (1 + random.nextInt(100))
                            : ""))
            .postgres();
    var roles = new ArrayList<SqlRole>();
    for (var i = 0; i < random.nextInt(12); i++) {
      roles.add(new SqlRole("role" + i, "db" + random.nextInt(databases)));
    }

    var budget = ConnectionBudget.of(config, roles);

    assertThat(allowed(config, budget, roles) + ConnectionBudget.RESERVED)
        .isEqualTo(budget.needed())
        .isLessThanOrEqualTo(budget.maxConnections());
  }

  static IntStream seeds() {
    return IntStream.range(0, 200);
  }

  /** As PgBouncer counts: a database's limit, or its pools where they are smaller. */
  private static int allowed(PostgresConfig config, ConnectionBudget budget, List<SqlRole> roles) {
    var ini = PgBouncerIni.of(config, budget, roles);
    var perPod = 0;
    for (var line : ini.lines().filter(it -> it.contains("dbname=")).toList()) {
      var name = line.substring(0, line.indexOf(' '));
      var pools = roles.stream().filter(role -> role.database().equals(name)).count();
      var limit =
          LIMIT.matcher(line).results().mapToInt(it -> Integer.parseInt(it.group(1))).findFirst();
      if (limit.isEmpty()) {
        continue; // the one of the look-ups, whose user has a limit
      }
      perPod +=
          name.endsWith(PgBouncerIni.MIGRATIONS_SUFFIX)
              ? limit.getAsInt()
              : Math.min(limit.getAsInt(), (int) pools * budget.poolSize());
    }
    var lookUps = Pattern.compile("max_user_connections=(\\d+)").matcher(ini);
    assertThat(lookUps.find()).isTrue();
    return (perPod + Integer.parseInt(lookUps.group(1))) * config.pooler().replicas();
  }

  private static String databases(Random random, int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> "db%d: %s".formatted(i, random.nextBoolean() ? "{}" : "{migrations: any}"))
        .collect(Collectors.joining(", ", "{", "}"));
  }

  private static ConnectionBudget budget(PostgresConfig config, int functions) {
    return ConnectionBudget.of(
        config,
        IntStream.range(0, functions)
            .mapToObj(number -> new SqlRole("role" + number, "orders"))
            .toList());
  }

  private static PostgresConfig with(String setting) {
    return PatchedConfig.of(
            "oslo",
            "{set: {nordfaas:postgres.%s}, remove: [nordfaas:postgres.%s, nordfaas:postgres.exporterImage]}"
                .formatted(
                    setting, setting.startsWith("maxConnections") ? "backup" : "maxConnections"))
        .postgres();
  }
}
