package dev.nordfaas.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PostgresOriginTest {
  @ParameterizedTest
  @CsvSource({
    "postgres:18.1, 18",
    "postgres:18, 18",
    "ghcr.io/cloudnative-pg/postgresql:17.9-system-bookworm, 17",
    "mirror.example.no:5000/postgres:15.4@sha256:0123, 15",
    "mirror.example.no:5000/postgres, ''",
    "postgres:latest, ''",
    "postgres@sha256:0123, ''"
  })
  void majorVersionIsWhatTheTagBeginsWith(String image, String major) {
    assertThat(PostgresOrigin.major(image)).isEqualTo(major);
  }

  @Test
  void refusesAnotherMajorVersion() {
    assertThat(PostgresOrigin.refusal("postgres:18.1", "17"))
        .hasValue(
            "nordfaas:postgres.image: PostgreSQL 18 does not start on the files of PostgreSQL 17, which the database was created with; restore the old major version, or move the data as described in docs/postgres.md");
  }

  @Test
  void allowsAnotherMinorVersion() {
    assertThat(PostgresOrigin.refusal("postgres:18.2", "18")).isEmpty();
  }

  @Test
  void comparesNothingWithWhatIsNotKnown() {
    assertThat(PostgresOrigin.refusal("postgres:18.1", "")).isEmpty();
    assertThat(PostgresOrigin.refusal("postgres:latest", "18")).isEmpty();
  }
}
