package dev.nordfaas.queueworker.bench;

import dev.nordfaas.queueworker.nats.GroupPublisher;
import dev.nordfaas.queueworker.nats.OutgoingMessage;
import dev.nordfaas.queueworker.nats.Publisher;
import dev.nordfaas.queueworker.nats.SinglePublisher;
import dev.nordfaas.queueworker.testing.NatsServer;
import dev.nordfaas.queueworker.testing.Streams;
import io.nats.client.Connection;
import io.nats.client.impl.Headers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ObjectNode;

/**
 * Publishes by single messages and in groups, in turn, against the same server: each client
 * publishes its next message after the PubAck of the one before. Prints lines for bench/figures.py.
 */
public final class PublishBenchmark {
  private static final List<Integer> CLIENTS = List.of(1, 10, 50, 100, 500);
  private static final int ROUNDS = 5;
  private static final Duration ROUND = Duration.ofSeconds(1);
  private static final byte[] BODY =
      ("{\"orderId\":\"o-1\",\"customer\":\"" + "x".repeat(400) + "\"}")
          .getBytes(StandardCharsets.UTF_8);

  private PublishBenchmark() {}

  /** Runs it; the argument is nats-server's sync_interval. */
  public static void main(String[] arguments) throws InterruptedException {
    var sync = arguments.length == 0 ? "always" : arguments[0];
    try (var server = NatsServer.start("sync_interval: " + sync)) {
      for (var clients : CLIENTS) {
        Streams.create(server, PublishBenchmark::roomy, consumer -> {}).close();
        var connection = server.connect(NatsServer.INTAKE);
        compare(connection, clients);
        connection.close();
      }
    }
  }

  private static void roomy(ObjectNode stream) {
    stream.put("allow_atomic", true);
    stream.put("max_bytes", 4L << 30);
  }

  private static void compare(Connection connection, int clients) throws InterruptedException {
    var single = new SinglePublisher(() -> Optional.of(connection), Duration.ofSeconds(10));
    var group = new GroupPublisher(single);
    run(single, clients);
    run(group, clients);
    var singles = new Result[ROUNDS];
    var groups = new Result[ROUNDS];
    for (var round = 0; round < ROUNDS; round++) {
      if (round % 2 == 0) {
        singles[round] = run(single, clients);
        groups[round] = run(group, clients);
      } else {
        groups[round] = run(group, clients);
        singles[round] = run(single, clients);
      }
    }
    figure("%d clients, single publishes", clients, "messages/s", singles, Result::perSecond, "");
    figure(
        "%d clients, groups",
        clients, "messages/s", groups, Result::perSecond, "%d clients, single publishes");
    figure("%d clients, single publishes: p99", clients, "ms", singles, Result::p99, "");
    figure(
        "%d clients, groups: p99",
        clients, "ms", groups, Result::p99, "%d clients, single publishes: p99");
  }

  /** A line for bench/figures.py. */
  private static void figure(
      String name,
      int clients,
      String unit,
      Result[] rounds,
      ToDoubleFunction<Result> value,
      String peer) {
    var values =
        Arrays.stream(rounds)
            .map(round -> String.format(Locale.ROOT, "%.4f", value.applyAsDouble(round)))
            .collect(Collectors.joining(", "));
    System.out.printf(
        "{\"figure\": \"%s\", \"unit\": \"%s\", \"values\": [%s], \"peer\": \"%s\"}%n",
        name.formatted(clients), unit, values, peer.isEmpty() ? "" : peer.formatted(clients));
  }

  private static Result run(Publisher publisher, int clients) throws InterruptedException {
    var end = System.nanoTime() + ROUND.toNanos();
    var done = new CountDownLatch(clients);
    var latencies = new Latencies();
    var started = System.nanoTime();
    for (var client = 0; client < clients; client++) {
      next(publisher, end, done, latencies);
    }
    done.await();
    return latencies.result(System.nanoTime() - started);
  }

  private static void next(
      Publisher publisher, long end, CountDownLatch done, Latencies latencies) {
    var started = System.nanoTime();
    if (started >= end) {
      done.countDown();
      return;
    }
    var headers =
        new Headers()
            .put("Nats-Msg-Id", UUID.randomUUID().toString())
            .put("Content-Type", "application/json");
    var unused =
        publisher
            .publish(new OutgoingMessage(Streams.SUBJECT, headers, BODY))
            .whenComplete(
                (ack, failure) -> {
                  if (failure == null) {
                    latencies.add(System.nanoTime() - started);
                    next(publisher, end, done, latencies);
                  } else {
                    System.err.println(failure);
                    done.countDown();
                  }
                });
  }

  private record Result(double perSecond, double p99) {}

  private static final class Latencies {
    private final AtomicInteger count = new AtomicInteger();
    private final long[] nanos = new long[1 << 20];

    void add(long taken) {
      nanos[count.getAndIncrement()] = taken;
    }

    Result result(long elapsed) {
      var all = Arrays.copyOf(nanos, count.get());
      Arrays.sort(all);
      return new Result(all.length * 1e9 / elapsed, percentile(all, 0.99));
    }

    private static double percentile(long[] sorted, double share) {
      return sorted.length == 0 ? 0 : sorted[(int) (share * (sorted.length - 1))] / 1e6;
    }
  }
}
