package dev.nordfaas.queueworker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.queueworker.testing.NatsServer;
import dev.nordfaas.queueworker.testing.Streams;
import io.nats.client.Connection;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What each role's user may not do; that it may do its own work is shown by all other tests. */
class PermissionsTest {
  private static NatsServer server;

  @BeforeAll
  static void start() {
    server = NatsServer.start();
    Streams.create(server).close();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @ParameterizedTest
  @CsvSource({
    "intake, orders.cancelled",
    "intake, dlq.orders.order-processor.1.1",
    "intake, $JS.API.STREAM.MSG.DELETE.orders-dlq",
    "intake, $JS.API.STREAM.INFO.orders",
    "intake, $JS.API.STREAM.DELETE.orders",
    "intake, $JS.API.STREAM.PURGE.orders",
    "intake, $JS.API.CONSUMER.MSG.NEXT.orders.order-processor",
    "intake, $JS.API.STREAM.DELETE.nordfaas-keys",
    "intake, $JS.API.STREAM.PURGE.nordfaas-keys",
    "intake, $JS.API.STREAM.MSG.DELETE.nordfaas-keys",
    "order-processor, idempotency.x",
    "order-processor, $JS.API.DIRECT.GET.nordfaas-keys.idempotency.x",
    "order-processor, $JS.API.DIRECT.GET.nordfaas-status.status.x",
    "dead-letters, status.x",
    "dead-letters, idempotency.x",
    "dead-letters, $JS.API.DIRECT.GET.nordfaas-status.status.x",
    "intake, $JS.ACK.orders.order-processor.1.1.1.1.0",
    "order-processor, orders.created",
    "order-processor, dlq.orders.another.1.1",
    "order-processor, $JS.API.STREAM.MSG.DELETE.orders-dlq",
    "order-processor, $JS.API.STREAM.MSG.GET.orders",
    "order-processor, $JS.API.STREAM.DELETE.orders",
    "order-processor, $JS.API.CONSUMER.DELETE.orders.order-processor",
    "order-processor, $JS.API.CONSUMER.MSG.NEXT.orders.another",
    "order-processor, $JS.API.STREAM.MSG.GET.orders-dlq",
    "dead-letters, $JS.API.STREAM.MSG.GET.orders",
    "dead-letters, $JS.API.STREAM.MSG.DELETE.orders",
    "dead-letters, $JS.API.STREAM.PURGE.orders-dlq",
    "dead-letters, $JS.API.STREAM.DELETE.orders-dlq",
    "dead-letters, $JS.API.STREAM.UPDATE.orders-dlq",
    "dead-letters, dlq.orders.order-processor.1.1",
  })
  void mayNotPublish(String user, String subject) throws Exception {
    var connection = server.connect(user);
    connection.publish(subject, new byte[0]);
    assertRefused(connection, "Permissions Violation for Publish to \"%s\"".formatted(subject));
  }

  @ParameterizedTest
  @CsvSource({
    "intake, orders.>",
    "intake, _INBOX_order-processor.>",
    "intake, _INBOX.>",
    "dead-letters, dlq.>",
    "order-processor, orders.created",
    "order-processor, _INBOX_intake.>",
    "order-processor, status.*",
  })
  void mayNotListen(String user, String subject) throws Exception {
    var connection = server.connect(user);
    connection.subscribe(subject);
    assertRefused(
        connection, "Permissions Violation for Subscription to \"%s\"".formatted(subject));
  }

  private static void assertRefused(Connection connection, String error)
      throws InterruptedException, TimeoutException {
    connection.flush(Duration.ofSeconds(2));
    Awaitility.await()
        .untilAsserted(
            () ->
                assertThat(connection.getLastError())
                    .isNotNull()
                    .satisfies(
                        text ->
                            assertThat(text.toLowerCase(java.util.Locale.ROOT))
                                .contains(error.toLowerCase(java.util.Locale.ROOT))));
    connection.close();
  }
}
