package dev.nordfaas.lab;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Clients outside that send orders and read rows at a fixed rate, until their standard input ends.
 * Each sends what failed once more after a second, an order under the same key. A program of its
 * own, as {@link Load} is.
 */
final class OrderLoad implements AutoCloseable {
  /** Enough for every request of half a minute without an answer. */
  private static final int CLIENTS = 256;

  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration BEFORE_RETRY = Duration.ofSeconds(1);

  private final Process process;
  private final Path hosts;

  /**
   * What became of one request.
   *
   * @param kind {@code order} or {@code call}
   * @param id of the order
   * @param sent milliseconds since the load began
   * @param answered milliseconds since the load began, when the last answer was there
   * @param first the status of the first try, or what went wrong
   * @param last the same of the second try, if there was one
   */
  record Outcome(String kind, String id, long sent, long answered, String first, String last) {
    boolean succeeded() {
      return last.equals("202") || last.equals("200");
    }

    boolean succeededAtOnce() {
      return first.equals(last) && succeeded();
    }

    private static Outcome of(String line) {
      var parts = line.split("\t");
      return new Outcome(
          parts[0],
          parts[1],
          Long.parseLong(parts[2]),
          Long.parseLong(parts[3]),
          parts[4],
          parts[5]);
    }

    private String line() {
      return String.join(
          "\t",
          kind,
          id,
          Long.toString(sent),
          Long.toString(answered),
          first.replaceAll("\\s+", " "),
          last.replaceAll("\\s+", " "));
    }
  }

  private OrderLoad(Process process, Path hosts) {
    this.process = process;
    this.hosts = hosts;
  }

  /**
   * Begins.
   *
   * @param address of the edge
   * @param prefix begins the ids of the orders
   * @param known the id of an order that is a row, for the calls that read it
   */
  static OrderLoad start(
      String address, int ordersPerSecond, int callsPerSecond, String prefix, String known)
      throws IOException {
    var hosts = Files.createTempFile("nordfaas-hosts-", "");
    Files.writeString(hosts, address + " " + Lab.DOMAIN + "\n");
    var process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djdk.net.hosts.file=" + hosts,
                // A client that waits for an answer of a node that is gone has to notice.
                "-Djdk.httpclient.keepalive.timeout=2",
                "-cp",
                System.getProperty("java.class.path"),
                OrderLoad.class.getName(),
                Integer.toString(ordersPerSecond),
                Integer.toString(callsPerSecond),
                "https://" + Lab.DOMAIN,
                prefix,
                known,
                Lab.authority().toString())
            .redirectErrorStream(true)
            .start();
    return new OrderLoad(process, hosts);
  }

  /** Ends it when the last answer is there. */
  List<Outcome> stop() throws IOException {
    process.getOutputStream().close();
    return new String(process.getInputStream().readAllBytes())
        .lines()
        .filter(line -> line.contains("\t"))
        .map(Outcome::of)
        .toList();
  }

  @Override
  public void close() throws IOException {
    process.destroy();
    Files.delete(hosts);
  }

  /** The clients: rate of orders, rate of calls, URL, prefix, known order, authority. */
  public static void main(String[] args) throws Exception {
    var client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .sslContext(Load.trusting(Path.of(args[5])))
            .connectTimeout(Duration.ofSeconds(2))
            .build();
    var outcomes = new ArrayList<Outcome>();
    var clients = Executors.newFixedThreadPool(CLIENTS);
    var clock = Executors.newScheduledThreadPool(2);
    var began = System.nanoTime();
    var number = new AtomicInteger();
    at(
        clock,
        Integer.parseInt(args[0]),
        () -> {
          var id = args[3] + "-" + number.incrementAndGet();
          clients.execute(
              () -> add(outcomes, send(client, "order", id, order(args[2], id), began)));
        });
    at(
        clock,
        Integer.parseInt(args[1]),
        () ->
            clients.execute(
                () -> add(outcomes, send(client, "call", args[4], call(args[2], args[4]), began))));
    System.in.readAllBytes();
    clock.shutdown();
    clock.awaitTermination(10, TimeUnit.SECONDS);
    clients.shutdown();
    clients.awaitTermination(60, TimeUnit.SECONDS);
    synchronized (outcomes) {
      outcomes.forEach(outcome -> System.out.println(outcome.line()));
    }
    System.exit(0);
  }

  private static void at(
      java.util.concurrent.ScheduledExecutorService clock, int perSecond, Runnable task) {
    if (perSecond > 0) {
      clock.scheduleAtFixedRate(
          task, 0, TimeUnit.SECONDS.toNanos(1) / perSecond, TimeUnit.NANOSECONDS);
    }
  }

  private static void add(List<Outcome> outcomes, Outcome outcome) {
    synchronized (outcomes) {
      outcomes.add(outcome);
    }
  }

  private static HttpRequest order(String url, String id) {
    return HttpRequest.newBuilder(URI.create(url + "/orders"))
        .timeout(PATIENCE)
        .header("Content-Type", "application/json")
        .header("Idempotency-Key", id)
        .POST(BodyPublishers.ofString(Lab.order(id, "Kari Nordmann")))
        .build();
  }

  private static HttpRequest call(String url, String id) {
    return HttpRequest.newBuilder(URI.create(url + "/order-status/orders/" + id))
        .timeout(PATIENCE)
        .build();
  }

  private static Outcome send(
      HttpClient client, String kind, String id, HttpRequest request, long began) {
    var sent = millis(began);
    var first = Load.send(client, request);
    var last = first;
    if (!first.startsWith("2")) {
      pause();
      last = Load.send(client, request);
    }
    return new Outcome(kind, id, sent, millis(began), first, last);
  }

  private static long millis(long began) {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(BEFORE_RETRY.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
