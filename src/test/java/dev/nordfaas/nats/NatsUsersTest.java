package dev.nordfaas.nats;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.config.NatsConfig;
import dev.nordfaas.testing.Fixtures;
import dev.nordfaas.testing.Machine;
import dev.nordfaas.testing.NatsServer;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What each user may do, asked of a real nats-server. */
class NatsUsersTest {
  private static final NatsConfig OSLO = Fixtures.oslo().nats();

  @TempDir static Path folder;
  private static NatsServer server;

  @BeforeAll
  static void startServer() {
    Machine.needs("sh", "jq");
    server = new NatsServer(folder).configured(OSLO, NatsServer.users()).start();
    assertThat(server.applyStreams(OSLO).exitCode()).isZero();
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @ParameterizedTest
  @CsvSource({
    "intake, orders.created, {}",
    "intake, status.x1, {}",
    "order-processor, dlq.orders.order-processor.1.1, {}",
    "dead-letters, $JS.API.STREAM.NAMES, ''",
    "dead-letters, $JS.API.STREAM.INFO.orders-dlq, ''",
    "dead-letters, $JS.API.CONSUMER.LIST.orders, ''",
    "dead-letters, $JS.API.STREAM.MSG.DELETE.orders-dlq, '{\"seq\":1}'",
    "dead-letters, orders.created, {}",
    "intake, idempotency.x1, {}",
    "order-processor, status.x2, {}",
    "order-processor, $JS.API.CONSUMER.INFO.orders.order-processor, ''",
    "admin, $JS.API.STREAM.INFO.orders, ''",
    "admin, orders.created, {}",
    "system, $SYS.REQ.SERVER.PING, ''",
    "metrics, $SYS.REQ.SERVER.PING.JSZ, ''",
  })
  void mayAskFor(String role, String subject, String body) {
    var result = server.nats(role, "request", subject, body);

    assertThat(result.exitCode()).as(result.stderr()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "intake, orders.cancelled",
    "intake, dlq.orders.order-processor.1.1",
    "intake, $JS.API.STREAM.INFO.orders",
    "intake, $JS.API.CONSUMER.MSG.NEXT.orders.order-processor",
    "intake, $JS.API.STREAM.PURGE.nordfaas-keys",
    "order-processor, idempotency.x1",
    "intake, $JS.API.DIRECT.GET.orders.orders.created",
    "order-processor, orders.created",
    "order-processor, dlq.orders.mailer.1.1",
    "order-processor, $JS.API.STREAM.MSG.DELETE.orders-dlq",
    "dead-letters, $JS.API.STREAM.MSG.GET.orders",
    "dead-letters, $JS.API.STREAM.MSG.DELETE.orders",
    "dead-letters, $JS.API.STREAM.PURGE.orders-dlq",
    "dead-letters, $JS.API.STREAM.DELETE.orders-dlq",
    "dead-letters, $JS.API.CONSUMER.DELETE.orders.order-processor",
    "dead-letters, dlq.orders.order-processor.1.1",
    "order-processor, $JS.API.CONSUMER.MSG.NEXT.orders.mailer",
    "order-processor, $JS.API.CONSUMER.DELETE.orders.order-processor",
    "order-processor, $JS.API.STREAM.PURGE.orders",
    "order-processor, $JS.API.DIRECT.GET.nordfaas-status.status.x1",
    "admin, $SYS.REQ.SERVER.PING",
    "metrics, $SYS.REQ.SERVER.x.RELOAD",
    "metrics, orders.created",
    "system, orders.created",
    "system, $JS.API.STREAM.INFO.orders",
  })
  void mayNotAskFor(String role, String subject) {
    // What a request is to the server; the client does not wait for an answer that never comes.
    server.nats(role, "publish", "--reply=" + NatsUser.inboxPrefix(role) + ".x", subject, "");

    assertThat(server.log())
        .containsPattern(
            "user:%s\" - Publish Violation - Subject \"%s\"".formatted(role, quoted(subject)));
  }

  @ParameterizedTest
  @CsvSource({
    "intake, orders.>",
    "intake, _INBOX_order-processor.>",
    "order-processor, orders.>",
    "order-processor, _INBOX_intake.>",
    "metrics, >",
    "admin, _INBOX_intake.>",
  })
  void mayNotListenTo(String role, String subject) {
    server.nats(role, "subscribe", subject, "--wait=500ms");

    assertThat(server.log())
        .containsPattern(
            "user:%s\" - Subscription Violation - Subject \"%s\"".formatted(role, quoted(subject)));
  }

  @Test
  void nobodyGetsInWithoutAPassword() {
    assertThat(server.nats("stranger", "request", "orders.created", "").stderr())
        .contains("Authorization Violation");
  }

  private static String quoted(String subject) {
    return Pattern.quote(subject);
  }
}
