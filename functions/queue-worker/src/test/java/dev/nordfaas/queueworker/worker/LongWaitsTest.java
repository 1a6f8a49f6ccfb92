package dev.nordfaas.queueworker.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.nordfaas.queueworker.config.WorkerSettings;
import dev.nordfaas.queueworker.testing.FunctionStub;
import dev.nordfaas.queueworker.testing.FunctionStub.Reply;
import dev.nordfaas.queueworker.testing.NatsServer;
import dev.nordfaas.queueworker.testing.Role;
import dev.nordfaas.queueworker.testing.Streams;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Messages that ask to wait for an hour, at a consumer with few places and two workers. */
class LongWaitsTest {
  private static final int PLACES = 8;
  private static final int POISONED = 20;
  private static final String ORDER = "{\"orderId\":\"o-1\"}";
  private static final String SHORTENED = "nordfaas_worker_shortened_waits_total";

  private NatsServer server;
  private Streams streams;
  private FunctionStub function;

  @BeforeEach
  void start() {
    server = NatsServer.start();
    streams =
        Streams.create(server, stream -> {}, consumer -> consumer.put("max_ack_pending", PLACES));
    function =
        FunctionStub.start()
            .answers(
                call ->
                    call.id().startsWith("poison")
                        ? new Reply(503, Map.of("Retry-After", "3600"), "")
                        : Reply.of(200));
  }

  @AfterEach
  void stop() {
    function.close();
    streams.close();
    server.close();
  }

  @Test
  void blockNobodyForLongerThanTheAttemptsTake() {
    IntStream.range(0, POISONED).forEach(i -> streams.publish("poison-" + i, ORDER));
    streams.publish("healthy", ORDER);

    try (var first = worker();
        var second = worker()) {
      // Five attempts, 50 ms apart, for each two or three of the twenty.
      await().atMost(Duration.ofSeconds(20)).until(this::healthyWasCalled);
      await().until(() -> streams.deadLetters().size() >= POISONED - PLACES / 2);

      assertThat(first.metric(SHORTENED) + second.metric(SHORTENED)).isPositive();
    }
    var waiting = streams.consumer().getNumAckPending();
    assertThat(waiting).isBetween(1L, PLACES / 2L);
    assertThat(streams.deadLetters()).hasSize(POISONED - (int) waiting);
  }

  @Test
  void areGrantedWhileHalfOfThePlacesAreFree() {
    IntStream.range(0, PLACES / 2).forEach(i -> streams.publish("poison-" + i, ORDER));

    try (var worker = worker()) {
      await().until(() -> worker.metric("nordfaas_worker_deliveries_total") >= PLACES / 2.0);

      assertThat(worker.metric(SHORTENED)).isZero();
    }
    assertThat(function.calls()).hasSize(PLACES / 2);
    assertThat(streams.consumer().getNumAckPending()).isEqualTo(PLACES / 2);
  }

  private boolean healthyWasCalled() {
    return function.calls().stream().anyMatch(call -> call.id().equals("healthy"));
  }

  private Role worker() {
    return Role.worker(
        new WorkerSettings(
            server.access(NatsServer.WORKER),
            0,
            Streams.ORDERS,
            Streams.DURABLE,
            function.url(),
            2,
            Duration.ofSeconds(5),
            5,
            List.of(Duration.ofMillis(50)),
            Set.of()));
  }
}
