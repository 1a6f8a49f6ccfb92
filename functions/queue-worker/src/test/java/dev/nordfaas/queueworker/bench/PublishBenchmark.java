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
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.node.ObjectNode;

/**
 * Publishes by single messages and in groups, in turn, against the same server: each client
 * publishes its next message after the PubAck of the one before.
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
    System.out.printf(
        "nats-server with sync_interval %s, one stream, bodies of %d bytes; median of %d rounds of"
            + " %d s%n%n",
        sync, BODY.length, ROUNDS, ROUND.toSeconds());
    System.out.printf(
        "| clients | single: msg/s | p50 ms | p99 ms | group: msg/s | p50 ms | p99 ms | ratio |%n"
            + "|---:|---:|---:|---:|---:|---:|---:|---:|%n");
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
      singles[round] = run(single, clients);
      groups[round] = run(group, clients);
    }
    var one = median(singles);
    var many = median(groups);
    System.out.printf(
        "| %d | %.0f | %.2f | %.2f | %.0f | %.2f | %.2f | %.2f |%n",
        clients,
        one.perSecond(),
        one.p50(),
        one.p99(),
        many.perSecond(),
        many.p50(),
        many.p99(),
        many.perSecond() / one.perSecond());
  }

  private static Result median(Result[] results) {
    Arrays.sort(results, (a, b) -> Double.compare(a.perSecond(), b.perSecond()));
    return results[results.length / 2];
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

  private record Result(double perSecond, double p50, double p99) {}

  private static final class Latencies {
    private final AtomicInteger count = new AtomicInteger();
    private final long[] nanos = new long[1 << 20];

    void add(long taken) {
      nanos[count.getAndIncrement()] = taken;
    }

    Result result(long elapsed) {
      var all = Arrays.copyOf(nanos, count.get());
      Arrays.sort(all);
      return new Result(all.length * 1e9 / elapsed, percentile(all, 0.50), percentile(all, 0.99));
    }

    private static double percentile(long[] sorted, double share) {
      return sorted.length == 0 ? 0 : sorted[(int) (share * (sorted.length - 1))] / 1e6;
    }
  }
}
