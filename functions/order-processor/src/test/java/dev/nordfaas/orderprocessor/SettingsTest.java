package dev.nordfaas.orderprocessor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.nordfaas.orderprocessor.Settings.InvalidSettingsException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {
  private static final String URL = "postgres://user:secret@db:6432/orders";

  @Test
  void poolHasTenConnectionsByDefault() throws InvalidSettingsException {
    assertThat(Settings.of(Map.of("DATABASE_URL", URL)).poolSize()).isEqualTo(10);
  }

  @Test
  void poolHasTheSizeThatIsAskedFor() throws InvalidSettingsException {
    assertThat(Settings.of(Map.of("DATABASE_URL", URL, "DATABASE_POOL_SIZE", "3")).poolSize())
        .isEqualTo(3);
  }

  @Test
  void writesUnlessItsRoleOnlyReads() throws InvalidSettingsException {
    assertThat(Settings.of(Map.of("DATABASE_URL", URL)).grant()).isEqualTo(Grant.WRITE);
    assertThat(Settings.of(Map.of("DATABASE_URL", URL, "DATABASE_GRANT", "read")).grant())
        .isEqualTo(Grant.READ);
  }

  @Test
  void tellsEverythingThatIsMissingOrWrongAtOnce() {
    assertThat(problems(Map.of("DATABASE_POOL_SIZE", "many", "DATABASE_GRANT", "all")))
        .containsExactly(
            "DATABASE_URL is missing; set it to postgres://user:password@host:port/database",
            "DATABASE_POOL_SIZE is not a number from 1 to 1000",
            "DATABASE_GRANT is neither read nor write");
  }

  @Test
  void doesNotQuoteTheUrl() {
    assertThat(problems(Map.of("DATABASE_URL", "postgres://user:se cret@db/orders")))
        .containsExactly(
            "DATABASE_URL is not of the form postgres://user:password@host:port/database;"
                + " percent-encode special characters in its parts");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "1001", "1.5"})
  void refusesAPoolSizeOutOfRange(String size) {
    assertThat(problems(Map.of("DATABASE_URL", URL, "DATABASE_POOL_SIZE", size))).hasSize(1);
  }

  private static java.util.List<String> problems(Map<String, String> environment) {
    return catchThrowableOfType(InvalidSettingsException.class, () -> Settings.of(environment))
        .problems();
  }
}
