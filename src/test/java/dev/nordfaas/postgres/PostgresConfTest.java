package dev.nordfaas.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.testing.Fixtures;
import dev.nordfaas.testing.Golden;
import dev.nordfaas.testing.PostgresConfigs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PostgresConfTest {
  @Test
  void takesMemoryFromTheLimitOfTheContainer() {
    Golden.assertMatches(
        "postgres/oslo/postgresql.conf",
        PostgresConf.postgresqlConf(Fixtures.oslo().postgres(), 100));
  }

  @Test
  void asksEverybodyOnTheNetworkForAPassword() {
    Golden.assertMatches(
        "postgres/oslo/pg_hba.conf", PostgresConf.pgHba(Fixtures.oslo().postgres()));
  }

  @ParameterizedTest
  @CsvSource({
    "2Gi, 100, 5242kB", // a quarter of the memory, shared by the connections
    "512Mi, 70, 1440kB", // what is left
    "512Mi, 100, 1MB", // less would make every sort spill to the disk
    "256Gi, 100, 64MB" // more would add up when queries have many steps
  })
  void sharesAtMostAQuarterOfTheMemoryBetweenTheSortsOfAllConnections(
      String memory, int maxConnections, String workMem) {
    var config = PostgresConfigs.withMemory(memory, maxConnections);

    assertThat(PostgresConf.postgresqlConf(config, maxConnections))
        .contains("\nwork_mem = " + workMem + "\n");
  }
}
