package dev.nordfaas.orderprocessor;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

/** Without a database; ServiceTest has one. */
class DatabaseTest {
  private static final DatabaseUrl URL =
      DatabaseUrl.parse("postgres://orders:p@pooler/orders").orElseThrow();

  @Test
  void onlyItsFirstAttemptsAreShort() throws InterruptedException {
    var patience = new ArrayList<Duration>();

    Database.await(
        URL,
        (url, next) -> {
          patience.add(next);
          if (patience.size() < Database.SHORT_ATTEMPTS + 2) {
            throw new ConnectException("Connection refused");
          }
        },
        reason -> {});

    assertThat(patience.subList(0, Database.SHORT_ATTEMPTS)).containsOnly(Database.SHORT_CONNECT);
    assertThat(patience.subList(Database.SHORT_ATTEMPTS, patience.size()))
        .containsExactly(Database.CONNECT, Database.CONNECT);
  }
}
