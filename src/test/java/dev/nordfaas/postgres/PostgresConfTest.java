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
        "postgres/oslo/postgresql.conf", PostgresConf.postgresqlConf(Fixtures.oslo().postgres()));
  }

  @Test
  void asksEverybodyOnTheNetworkForAPassword() {
    Golden.assertMatches("postgres/oslo/pg_hba.conf", PostgresConf.pgHba());
  }

  @ParameterizedTest
  @CsvSource({
    "512Mi, 100, 1310kB", // a quarter of the memory, shared by the connections
    "512Mi, 1000, 1MB", // less would make every sort spill to the disk
    "256Gi, 100, 64MB" // more would add up when queries have many steps
  })
  void sharesAQuarterOfTheMemoryBetweenTheSortsOfAllConnections(
      String memory, int maxConnections, String workMem) {
    assertThat(PostgresConf.postgresqlConf(PostgresConfigs.withMemory(memory, maxConnections)))
        .contains("\nwork_mem = " + workMem + "\n");
  }
}
