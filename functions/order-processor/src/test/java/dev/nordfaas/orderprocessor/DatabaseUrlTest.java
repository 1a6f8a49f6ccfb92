package dev.nordfaas.orderprocessor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseUrlTest {
  @Test
  void decodesEveryPart() {
    assertThat(DatabaseUrl.parse("postgres://a%40b:p%40s%3As%2F%25+@db.example:6432/my%20orders"))
        .contains(url("db.example", 6432, "my orders", "a@b", "p@s:s/%+"));
  }

  @Test
  void takesTheOtherSchemeAndTheDefaultPort() {
    assertThat(DatabaseUrl.parse("postgresql://user:secret@[::1]/orders"))
        .contains(url("[::1]", 5432, "orders", "user", "secret"));
  }

  @Test
  void keepsTheParametersOfTls() {
    assertThat(
            DatabaseUrl.parse("postgres://u:p@db/orders?sslmode=verify-full&sslrootcert=%2Fca.pem"))
        .contains(
            new DatabaseUrl(
                "db",
                5432,
                "orders",
                "u",
                "p",
                Optional.of("verify-full"),
                Optional.of("/ca.pem")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "orders",
        "mysql://u:p@db/orders",
        "postgres://db/orders",
        "postgres://u@db/orders",
        "postgres://:p@db/orders",
        "postgres://u:p@/orders",
        "postgres://u:p@db",
        "postgres://u:p@db/",
        "postgres://u:p@db:x/orders",
        "postgres://u:p w@db/orders",
        "postgres://u:%zz@db/orders",
        "postgres://u:p@db/orders?socketFactory=evil"
      })
  void refusesWhatIsNoneOfThat(String text) {
    assertThat(DatabaseUrl.parse(text)).isEmpty();
  }

  @Test
  void keepsThePasswordToItself() {
    assertThat(DatabaseUrl.parse("postgres://user:secret@db:6432/orders").map(Object::toString))
        .contains("user@db:6432/orders");
  }

  private static DatabaseUrl url(
      String host, int port, String database, String user, String password) {
    return new DatabaseUrl(
        host, port, database, user, password, Optional.empty(), Optional.empty());
  }
}
