package dev.nordfaas.orderprocessor;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The HTTP server. {@code GET /_/ready} answers 200 from the end of the warm-up to the beginning of
 * the end. It does not ask the database: when that is away, it is away for all replicas, and a
 * function that answers 503 itself serves its callers better than one that nobody can reach.
 */
final class Service {
  static final String READY_PATH = "/_/ready";

  /** Calls at the same time; most of them wait for one of the few connections. */
  private static final int MAX_CALLS = 200;

  /** Probes, Prometheus and refusals find a thread when all calls are taken. */
  private static final int MAX_THREADS = MAX_CALLS + 56;

  private static final int MIN_THREADS = 4;
  private static final int BACKLOG = 1024;

  static {
    // Without it the second segment of an answer waits for the caller's delayed ACK, 40 ms.
    System.setProperty("sun.net.httpserver.nodelay", "true");
    // The gateway gives its connections up first, so that none is closed under a request.
    System.setProperty("sun.net.httpserver.idleInterval", "300");
    System.setProperty("sun.net.httpserver.maxIdleConnections", "10000");
  }

  private final HttpServer server;
  private final ThreadPoolExecutor threads;
  private final Semaphore permits = new Semaphore(MAX_CALLS);
  private volatile boolean ready;

  private Service(HttpServer server, Orders orders, Metrics metrics, Log log) {
    this.server = server;
    this.threads =
        new ThreadPoolExecutor(
            MIN_THREADS, MAX_THREADS, 60, TimeUnit.SECONDS, new SynchronousQueue<>());
    server.setExecutor(threads);
    server.createContext("/", new OrderHandler(orders, metrics, log, permits));
    server.createContext(READY_PATH, this::ready);
    server.createContext("/metrics", metrics.handler());
    server.start();
  }

  /** Starts to listen. */
  static Service start(InetSocketAddress address, Orders orders, Metrics metrics, Log log)
      throws IOException {
    return new Service(HttpServer.create(address, BACKLOG), orders, metrics, log);
  }

  /** The TCP port that it listens on. */
  int port() {
    return server.getAddress().getPort();
  }

  /** Lets callers come. */
  void setReady() {
    ready = true;
  }

  /**
   * Lets no more callers come, waits until the last one has its answer, and ends.
   *
   * @param limit how long to wait
   */
  void stop(Duration limit) throws InterruptedException {
    ready = false;
    permits.tryAcquire(MAX_CALLS, limit.toMillis(), TimeUnit.MILLISECONDS);
    server.stop(0);
    threads.shutdown();
  }

  private void ready(HttpExchange exchange) throws IOException {
    OrderHandler.send(
        exchange,
        ready
            ? Answer.ok(Map.of("ready", true))
            : new Answer(503, Map.of(), Map.of("ready", false)));
  }
}
