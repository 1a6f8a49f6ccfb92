package dev.nordfaas.queueworker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.nordfaas.queueworker.testing.FunctionStub;
import dev.nordfaas.queueworker.testing.FunctionStub.Call;
import dev.nordfaas.queueworker.testing.NatsServer;
import dev.nordfaas.queueworker.testing.Orders;
import dev.nordfaas.queueworker.testing.Role;
import dev.nordfaas.queueworker.testing.Streams;
import java.time.Duration;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class OutageTest {
  @Test
  void processesEvery202EvenIfNatsIsKilledDuringABurst() throws Exception {
    try (var server = NatsServer.start();
        var function = FunctionStub.start()) {
      Streams.create(server, stream -> {}, Streams.ackWait(Duration.ofSeconds(2))).close();
      var worker = Role.worker(Role.settings(server, function.url()));
      var intake = Role.intake(server);
      var orders = new Orders(intake, 100);

      for (var i = 0; i < 1000; i++) {
        orders.post("order-" + i);
      }
      server.kill();
      for (var i = 1000; i < 1500; i++) {
        orders.post("order-" + i);
      }
      server.restart();
      intake.ready();
      for (var i = 1500; i < 2000; i++) {
        orders.post("order-" + i);
      }
      orders.join();

      assertThat(orders.statuses().keySet()).containsOnly(202, 503);
      assertThat(orders.accepted()).hasSizeGreaterThan(1000);
      await()
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(
              () ->
                  assertThat(
                          function.calls().stream()
                              .map(Call::body)
                              .map(Orders::id)
                              .collect(Collectors.toSet()))
                      .containsAll(orders.accepted()));
      worker.close();
      intake.close();
    }
  }
}
