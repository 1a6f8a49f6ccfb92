package dev.nordfaas.orderprocessor;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.nordfaas.jsoncheck.JsonCheck;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The HTTP server. {@code GET /_/ready} answers 200 from the end of the warm-up until it starts to
 * stop; until then the answer is held back for a while, as the node asks only once a second. It
 * does not check the database: when that is down, it is down for all replicas, and a function that
 * answers 503 itself serves its callers better than one that cannot be reached.
 *
 * <p>{@code GET /metrics} has a port of its own, which callers cannot reach.
 */
final class Service {
  static final String READY_PATH = "/_/ready";

  /** Concurrent calls; most of them wait for one of the few connections. */
  private static final int MAX_CALLS = 200;

  /** Threads for probes, Prometheus and refusals when all calls are taken. */
  private static final int MAX_THREADS = MAX_CALLS + 56;

  private static final int MIN_THREADS = 4;
  private static final int BACKLOG = 1024;

  /** For the end of the warm-up; the node waits two seconds for an answer. */
  private static final Duration PATIENCE = Duration.ofMillis(1500);

  static {
    // Without it the second segment of an answer waits for the caller's delayed ACK, 40 ms.
    System.setProperty("sun.net.httpserver.nodelay", "true");
    // The gateway closes its connections first, so that none is closed during a request.
    System.setProperty("sun.net.httpserver.idleInterval", "300");
    System.setProperty("sun.net.httpserver.maxIdleConnections", "10000");
  }

  private final HttpServer server;
  private final HttpServer metricsServer;
  private final ThreadPoolExecutor threads;
  private final Semaphore permits = new Semaphore(MAX_CALLS);
  private final CountDownLatch warm = new CountDownLatch(1);
  private volatile boolean stopping;

  private Service(
      HttpServer server,
      HttpServer metricsServer,
      Orders orders,
      Grant grant,
      Metrics metrics,
      Log log) {
    this.server = server;
    this.metricsServer = metricsServer;
    this.threads =
        new ThreadPoolExecutor(
            MIN_THREADS,
            MAX_THREADS,
            60,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            task -> new Thread(null, task, "call", JsonCheck.STACK_BYTES));
    server.setExecutor(threads);
    server.createContext("/", new OrderHandler(orders, grant, metrics, log, permits));
    server.createContext(READY_PATH, this::ready);
    server.start();
    metricsServer.setExecutor(threads);
    metricsServer.createContext("/metrics", metrics.handler());
    metricsServer.start();
  }

  /**
   * Starts listening.
   *
   * @param address where calls arrive
   * @param metricsAddress where Prometheus asks
   * @param grant what it serves
   */
  static Service start(
      InetSocketAddress address,
      InetSocketAddress metricsAddress,
      Orders orders,
      Grant grant,
      Metrics metrics,
      Log log)
      throws IOException {
    return new Service(
        HttpServer.create(address, BACKLOG),
        HttpServer.create(metricsAddress, 0),
        orders,
        grant,
        metrics,
        log);
  }

  /** The TCP port of calls. */
  int port() {
    return server.getAddress().getPort();
  }

  /** The TCP port of the metrics. */
  int metricsPort() {
    return metricsServer.getAddress().getPort();
  }

  /** Becomes ready for callers. */
  void setReady() {
    warm.countDown();
  }

  /**
   * Stops being ready, waits until the last call is answered, and ends.
   *
   * @param limit how long to wait
   */
  void stop(Duration limit) throws InterruptedException {
    stopping = true;
    permits.tryAcquire(MAX_CALLS, limit.toMillis(), TimeUnit.MILLISECONDS);
    server.stop(0);
    metricsServer.stop(0);
    threads.shutdown();
  }

  private void ready(HttpExchange exchange) throws IOException {
    OrderHandler.send(
        exchange,
        isReady()
            ? Answer.ok(Map.of("ready", true))
            : new Answer(503, Map.of(), Map.of("ready", false)));
  }

  /** Whether it is, or becomes so before the node gives up. */
  boolean isReady() {
    try {
      return !stopping && warm.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS) && !stopping;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
