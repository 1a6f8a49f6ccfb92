package dev.nordfaas.queueworker.bench;

import dev.nordfaas.queueworker.config.NatsAccess;
import dev.nordfaas.queueworker.nats.NatsClient;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.PullSubscribeOptions;
import io.nats.client.impl.Headers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Sends one message after the other through a work queue: published by intake's user, pulled and
 * acknowledged by a worker's, as the two programs do. Nobody else may pull meanwhile.
 */
public final class RoundTripBenchmark {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration BETWEEN = Duration.ofMillis(5);
  private static final String SUBJECT = "orders.created";
  private static final String STREAM = "orders";
  private static final String DURABLE = "order-processor";
  private static final byte[] BODY = "x".repeat(512).getBytes(StandardCharsets.UTF_8);

  private RoundTripBenchmark() {}

  /**
   * Prints medians in milliseconds, of the second half of the messages.
   *
   * @param arguments how many messages
   */
  public static void main(String[] arguments) throws Exception {
    var messages = Integer.parseInt(arguments[0]);
    var publisher = connect("intake");
    try {
      throughQueue(publisher, messages);
    } finally {
      publisher.close();
    }
  }

  private static void throughQueue(Connection publisher, int messages) throws Exception {
    var worker = connect("order-processor");
    try {
      print(run(publisher, worker, messages));
    } finally {
      worker.close();
    }
  }

  /** Where NATS is comes from the environment that the roles have too. */
  private static Connection connect(String user) throws IOException, InterruptedException {
    var variables = new HashMap<>(System.getenv());
    variables.put("NATS_USER", user);
    var password = "NATS_PASSWORD_" + user.toUpperCase(Locale.ROOT).replace('-', '_');
    variables.put("NATS_PASSWORD", variables.getOrDefault(password, ""));
    return NatsClient.connectOnce(NatsAccess.read(variables));
  }

  private static Times run(Connection publisher, Connection worker, int count) throws Exception {
    var times = new Times(new long[count], new long[count], new long[count]);
    var subscription =
        worker.jetStream().subscribe(null, PullSubscribeOptions.fastBind(STREAM, DURABLE));
    var thread = Executors.newSingleThreadExecutor();
    try {
      for (var i = 0; i < count; i++) {
        var id = UUID.randomUUID().toString();
        Callable<long[]> take =
            () -> {
              var messages = subscription.iterate(1, PATIENCE);
              if (!messages.hasNext()) {
                throw new IllegalStateException("nothing was delivered");
              }
              var message = messages.next();
              var delivered = System.nanoTime();
              if (!id.equals(message.getHeaders().getFirst("Nats-Msg-Id"))) {
                throw new IllegalStateException("the queue was not empty");
              }
              message.ackSync(PATIENCE);
              return new long[] {delivered, System.nanoTime()};
            };
        var taken = thread.submit(take);
        // So that the pull is waiting when the message comes, and nothing is warm from the last
        // one.
        Thread.sleep(BETWEEN.toMillis());
        var started = System.nanoTime();
        times.published()[i] = acknowledged(publisher, id) - started;
        var end = taken.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        times.delivered()[i] = end[0] - started;
        times.acked()[i] = end[1] - started;
      }
    } finally {
      thread.shutdownNow();
    }
    return times;
  }

  private static long acknowledged(Connection publisher, String id)
      throws IOException,
          JetStreamApiException,
          ExecutionException,
          InterruptedException,
          TimeoutException {
    var headers = new Headers().put("Nats-Msg-Id", id);
    return publisher
        .jetStream()
        .publishAsync(SUBJECT, headers, BODY)
        .thenApply(ack -> System.nanoTime())
        .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  private static void print(Times times) {
    System.out.printf(
        "{\"published\": %.4f, \"delivered\": %.4f, \"acked\": %.4f}%n",
        median(times.published()), median(times.delivered()), median(times.acked()));
  }

  private static double median(long[] nanos) {
    var warm = Arrays.copyOfRange(nanos, nanos.length / 2, nanos.length);
    Arrays.sort(warm);
    return warm[warm.length / 2] / 1e6;
  }

  private record Times(long[] published, long[] delivered, long[] acked) {}
}
