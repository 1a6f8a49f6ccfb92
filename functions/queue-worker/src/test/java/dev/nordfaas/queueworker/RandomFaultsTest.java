package dev.nordfaas.queueworker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.nordfaas.queueworker.config.WorkerSettings;
import dev.nordfaas.queueworker.testing.FunctionStub;
import dev.nordfaas.queueworker.testing.FunctionStub.Call;
import dev.nordfaas.queueworker.testing.FunctionStub.Reply;
import dev.nordfaas.queueworker.testing.NatsServer;
import dev.nordfaas.queueworker.testing.Orders;
import dev.nordfaas.queueworker.testing.Role;
import dev.nordfaas.queueworker.testing.Streams;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The contract as a property: whatever happens, an accepted order ends processed or among the dead
 * letters, and has one row at a sink that knows its ids.
 *
 * <p>A failure names its seed; {@code -Dseed=N} runs the same orders and faults again.
 */
class RandomFaultsTest {
  private static final int ORDERS = 10_000;
  private static final int CLIENTS = 64;

  /** How often NATS is killed, and how often a worker or intake is replaced. */
  private static final int FAULTS = 4;

  private static final Duration CALL_TIMEOUT = Duration.ofMillis(500);

  private final long seed = Long.getLong("seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final Map<String, String> rows = new ConcurrentHashMap<>();

  /** The order of each call's id. */
  private final Map<String, String> called = new ConcurrentHashMap<>();

  private final AtomicInteger repeated = new AtomicInteger();

  @Test
  void acceptedOrdersAreProcessedOrDeadAndNeverTwice() throws Exception {
    try (var server = NatsServer.start();
        var function = FunctionStub.start().answers(this::answer)) {
      Streams.create(server, stream -> {}, Streams.ackWait(Duration.ofSeconds(2))).close();
      var settings = settings(server, function);
      var intake = Role.intake(server);
      var worker = Role.worker(settings);
      var other = Role.worker(settings);
      var orders = new Orders(intake, CLIENTS);
      var submitted = new TreeSet<String>();
      var kills = moments();
      var replacements = moments();

      for (var i = 0; i < ORDERS; i++) {
        var id = "order-" + i;
        submitted.add(id);
        orders.post(id);
        if (random.nextInt(20) == 0) {
          // A client that does not trust its answer: at once, or much later.
          orders.post(random.nextBoolean() ? id : "order-" + random.nextInt(i + 1));
        }
        if (kills.contains(i)) {
          server.kill();
          server.restart();
        }
        if (replacements.contains(i)) {
          worker.close();
          worker = other;
          other = Role.worker(settings);
        }
      }
      orders.join();
      try (var streams = Streams.of(server)) {
        await()
            .atMost(Duration.ofSeconds(60))
            .untilAsserted(() -> assertThat(streams.count(Streams.ORDERS)).isZero());
      }
      worker.close();
      other.close();
      intake.close();

      var dead = deadLetters(server);
      assertThat(called.values()).as("seed %d", seed).doesNotHaveDuplicates();
      assertThat(called.keySet()).as("seed %d", seed).containsAll(dead);
      var ended =
          Stream.concat(rows.keySet().stream(), dead.stream())
              .map(called::get)
              .collect(Collectors.toCollection(TreeSet::new));
      assertThat(ended).as("seed %d", seed).containsAll(orders.accepted());
      assertThat(submitted).as("seed %d", seed).containsAll(ended);
      assertThat(orders.accepted()).as("seed %d", seed).hasSizeGreaterThan(ORDERS / 2);
      rows.forEach((id, body) -> assertThat(body).isEqualTo(Orders.body(called.get(id))));
      System.out.printf(
          "seed %d: %d orders, answers %s; %d accepted, %d rows, %d dead letters,"
              + " %d repeated calls, %d rows without 202%n",
          seed,
          ORDERS,
          orders.statuses(),
          orders.accepted().size(),
          rows.size(),
          dead.size(),
          repeated.get(),
          rows.keySet().stream().filter(id -> !orders.accepted().contains(called.get(id))).count());
    }
  }

  /** Fails now and then, in each way that a function can fail; the same for the same seed. */
  private Reply answer(Call call) {
    called.put(call.id(), Orders.id(call.body()));
    var ofOrder = new Random(seed + call.id().hashCode()).nextInt(200);
    if (ofOrder == 0) {
      return Reply.of(400);
    }
    if (ofOrder == 1) {
      return Reply.of(500);
    }
    var ofAttempt = new Random(seed + 31L * call.id().hashCode() + call.attempt()).nextInt(1000);
    if (ofAttempt < 30) {
      return Reply.of(500);
    }
    if (ofAttempt < 45) {
      return new Reply(503, Map.of("Retry-After", "0"), "");
    }
    if (ofAttempt < 48) {
      sleepLongerThanTheTimeout();
    }
    write(call);
    if (ofAttempt >= 990) {
      throw new IllegalStateException("the connection breaks after the row was written");
    }
    return Reply.of(ofAttempt >= 980 ? 502 : 200);
  }

  private void write(Call call) {
    if (rows.putIfAbsent(call.id(), call.body()) != null) {
      repeated.incrementAndGet();
    }
  }

  private static void sleepLongerThanTheTimeout() {
    try {
      Thread.sleep(CALL_TIMEOUT.multipliedBy(2).toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Set<Integer> moments() {
    return random.ints(FAULTS, 0, ORDERS).boxed().collect(Collectors.toSet());
  }

  private static Set<String> deadLetters(NatsServer server) {
    try (var streams = Streams.of(server)) {
      return streams.deadLetters().stream()
          .map(headers -> headers.getFirst("X-Call-Id"))
          .collect(Collectors.toSet());
    }
  }

  private static WorkerSettings settings(NatsServer server, FunctionStub function) {
    return new WorkerSettings(
        server.access(NatsServer.WORKER),
        0,
        Streams.ORDERS,
        Streams.DURABLE,
        function.url(),
        32,
        CALL_TIMEOUT,
        5,
        List.of(Duration.ofMillis(20)),
        Set.of());
  }
}
