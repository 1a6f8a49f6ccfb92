package dev.nordfaas.lab;

import dev.nordfaas.lab.fault.Outcome;
import dev.nordfaas.lab.fault.Traffic;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/**
 * Clients outside that send orders and read rows at a fixed rate, until their standard input ends.
 * Each sends what failed once more after a second, an order under the same key. A program of its
 * own, as {@link Load} is.
 */
final class OrderLoad implements AutoCloseable {
  /**
   * More requests wait until one of the clients is free. The hosts' firewall lets in 512
   * connections from one address.
   */
  private static final int CLIENTS = 256;

  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration BEFORE_RETRY = Duration.ofSeconds(1);

  private static final Pattern CALL = Pattern.compile("\"id\"\\s*:\\s*\"([^\"]+)\"");

  private final Clients program;
  private final Path hosts;

  private OrderLoad(Clients program, Path hosts) {
    this.program = program;
    this.hosts = hosts;
  }

  /**
   * How clients send.
   *
   * @param ordersPerSecond orders, of all clients together
   * @param callsPerSecond calls that read an order
   * @param patience how long a client waits for an answer
   * @param clients how many there are at the most; each has one connection
   */
  record Manner(int ordersPerSecond, int callsPerSecond, Duration patience, int clients) {
    static Manner of(int ordersPerSecond, int callsPerSecond) {
      return new Manner(ordersPerSecond, callsPerSecond, PATIENCE, CLIENTS);
    }

    Manner patience(Duration shorter) {
      return new Manner(ordersPerSecond, callsPerSecond, shorter, clients);
    }
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
    return start(address, Manner.of(ordersPerSecond, callsPerSecond), prefix, known);
  }

  /** The same in another manner. */
  static OrderLoad start(String address, Manner manner, String prefix, String known)
      throws IOException {
    var hosts = Files.createTempFile("nordfaas-hosts-", "");
    Files.writeString(hosts, address + " " + Lab.DOMAIN + "\n");
    return new OrderLoad(
        Clients.start(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djdk.net.hosts.file=" + hosts,
                // A client that waits for an answer of a node that is gone has to notice.
                "-Djdk.httpclient.keepalive.timeout=2",
                "-cp",
                System.getProperty("java.class.path"),
                OrderLoad.class.getName(),
                Integer.toString(manner.ordersPerSecond()),
                Integer.toString(manner.callsPerSecond()),
                "https://" + Lab.DOMAIN,
                prefix,
                known,
                Lab.authority().toString(),
                Long.toString(manner.patience().toMillis()),
                Integer.toString(manner.clients()))),
        hosts);
  }

  /** What became of the requests that are answered until now. */
  List<Outcome> outcomes() {
    return program.outcomes();
  }

  /** What the program has printed besides: why it ended, if it did. */
  String rest() {
    return program.rest();
  }

  /** Ends it when the last answer is there. */
  List<Outcome> stop() throws IOException {
    program.end();
    program.join();
    return program.outcomes();
  }

  @Override
  public void close() throws IOException {
    program.close();
    Files.delete(hosts);
  }

  /**
   * The clients: rate of orders, rate of calls, URL, prefix, known order, authority, milliseconds
   * of patience, number of clients.
   */
  public static void main(String[] args) throws Exception {
    var client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .sslContext(Load.trusting(Path.of(args[5])))
            .connectTimeout(Duration.ofSeconds(2))
            .build();
    var patience = Duration.ofMillis(Long.parseLong(args[6]));
    var clients = Executors.newFixedThreadPool(Integer.parseInt(args[7]));
    var clock = Executors.newScheduledThreadPool(2);
    var number = new AtomicInteger();
    at(
        clock,
        Integer.parseInt(args[0]),
        () -> {
          var id = args[3] + "-" + number.incrementAndGet();
          var request = order(args[2], id, patience);
          clients.execute(() -> print(send(client, Traffic.ORDER, id, request)));
        });
    var read = call(args[2], args[4], patience);
    at(
        clock,
        Integer.parseInt(args[1]),
        () -> clients.execute(() -> print(send(client, Traffic.CALL, args[4], read))));
    System.in.readAllBytes();
    clock.shutdown();
    clock.awaitTermination(10, TimeUnit.SECONDS);
    clients.shutdown();
    clients.awaitTermination(60, TimeUnit.SECONDS);
    System.exit(0);
  }

  private static void print(Outcome outcome) {
    System.out.println(outcome.line());
  }

  private static void at(ScheduledExecutorService clock, int perSecond, Runnable task) {
    if (perSecond > 0) {
      clock.scheduleAtFixedRate(
          task, 0, TimeUnit.SECONDS.toNanos(1) / perSecond, TimeUnit.NANOSECONDS);
    }
  }

  private static HttpRequest order(String url, String id, Duration patience) {
    return HttpRequest.newBuilder(URI.create(url + "/orders"))
        .timeout(patience)
        .header("Content-Type", "application/json")
        .header("Idempotency-Key", id)
        .POST(BodyPublishers.ofString(Lab.order(id, "Kari Nordmann")))
        .build();
  }

  private static HttpRequest call(String url, String id, Duration patience) {
    return HttpRequest.newBuilder(URI.create(url + "/order-status/orders/" + id))
        .timeout(patience)
        .build();
  }

  private static Outcome send(HttpClient client, Traffic kind, String id, HttpRequest request) {
    var sent = System.currentTimeMillis();
    var first = send(client, request);
    var last = first;
    if (!first.status().startsWith("2")) {
      pause();
      last = send(client, request);
    }
    return new Outcome(
        kind, id, last.call(), sent, System.currentTimeMillis(), first.status(), last.status());
  }

  /**
   * What a request was answered.
   *
   * @param status or what went wrong
   * @param call the id that an order was given
   */
  private record Answer(String status, String call) {}

  private static Answer send(HttpClient client, HttpRequest request) {
    try {
      var response = client.send(request, BodyHandlers.ofString());
      var call = CALL.matcher(response.body());
      return new Answer(
          Integer.toString(response.statusCode()),
          response.statusCode() == 202 && call.find() ? call.group(1) : "");
    } catch (IOException e) {
      return new Answer(e.toString(), "");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Answer(e.toString(), "");
    }
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(BEFORE_RETRY.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
