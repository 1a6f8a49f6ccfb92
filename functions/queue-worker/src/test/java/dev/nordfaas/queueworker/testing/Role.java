package dev.nordfaas.queueworker.testing;

import dev.nordfaas.queueworker.config.IntakeSettings;
import dev.nordfaas.queueworker.config.Route;
import dev.nordfaas.queueworker.config.WorkerSettings;
import dev.nordfaas.queueworker.http.MetricsServer;
import dev.nordfaas.queueworker.intake.Intake;
import dev.nordfaas.queueworker.nats.NatsClient;
import dev.nordfaas.queueworker.worker.Worker;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.vertx.core.Deployable;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntSupplier;
import org.awaitility.Awaitility;

/** One of the roles, as the program runs it, in this process. */
public final class Role implements AutoCloseable {
  public static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  public static final Route ORDERS =
      new Route("orders", "/orders", Streams.SUBJECT, 64 << 10, Optional.empty());

  private final Vertx vertx;
  private final NatsClient nats;
  private final IntSupplier port;
  private final MetricsServer metrics;

  private Role(
      Vertx vertx,
      NatsClient nats,
      PrometheusRegistry registry,
      Deployable role,
      IntSupplier port) {
    this.vertx = vertx;
    this.nats = nats;
    this.port = port;
    this.metrics = new MetricsServer(0, registry);
    vertx.deployVerticle(metrics).await();
    vertx.deployVerticle(role).await();
  }

  /** Intake of one route, ready. */
  public static Role intake(NatsServer server) {
    return intake(server, ORDERS, Optional.empty()).ready();
  }

  /** Intake of another route, perhaps with a rate limit. */
  public static Role intake(NatsServer server, Route route, Optional<Integer> rateLimit) {
    return intake(server, List.of(route), rateLimit);
  }

  /** Intake of several routes, ready. */
  public static Role intake(NatsServer server, Route... routes) {
    return intake(server, List.of(routes), Optional.empty()).ready();
  }

  private static Role intake(NatsServer server, List<Route> routes, Optional<Integer> rateLimit) {
    var settings = new IntakeSettings(server.access(NatsServer.INTAKE), 0, routes, rateLimit);
    var nats = NatsClient.start(settings.nats(), () -> {});
    var registry = new PrometheusRegistry();
    var intake = new Intake(settings, nats, registry);
    return new Role(vertx(), nats, registry, intake, intake::port);
  }

  /** A worker with these settings, ready. */
  public static Role worker(WorkerSettings settings) {
    var nats = NatsClient.start(settings.nats(), () -> {});
    var registry = new PrometheusRegistry();
    var worker = new Worker(settings, nats, registry);
    return new Role(vertx(), nats, registry, worker, worker::port).ready();
  }

  /** What a worker of the tests is told. */
  public static WorkerSettings settings(NatsServer server, URI function) {
    return settings(server, NatsServer.WORKER, function);
  }

  /** What the worker of a consumer is told, which has the name of its user. */
  public static WorkerSettings settings(NatsServer server, String durable, URI function) {
    return new WorkerSettings(
        server.access(durable),
        0,
        Streams.ORDERS,
        durable,
        function,
        16,
        Duration.ofSeconds(5),
        5,
        List.of(Duration.ofMillis(50)),
        Set.of());
  }

  /** Lets the worker of a consumer process all there is for it, and drains it. */
  public static void process(
      NatsServer server, Streams streams, String durable, FunctionStub function) {
    try (var worker = worker(settings(server, durable, function.url()))) {
      Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> streams.done(durable));
      worker.ready();
    }
  }

  /** Waits until it says that it is ready. */
  public Role ready() {
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> get("/_/ready").statusCode() == 200);
    return this;
  }

  public URI url(String path) {
    return URI.create("http://127.0.0.1:%d%s".formatted(port.getAsInt(), path));
  }

  /** Posts JSON. */
  public HttpResponse<String> post(String path, String body, String... headers) {
    return send(postRequest(path, body, headers));
  }

  /** Posts JSON and does not wait. */
  public CompletableFuture<HttpResponse<String>> postAsync(
      String path, String body, String... headers) {
    return HTTP.sendAsync(postRequest(path, body, headers), HttpResponse.BodyHandlers.ofString());
  }

  public HttpResponse<String> get(String path, String... headers) {
    var request = HttpRequest.newBuilder(url(path));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return send(request.build());
  }

  /** All metrics, from the port that they have to themselves. */
  public String metrics() {
    var url = URI.create("http://127.0.0.1:%d/metrics".formatted(metrics.port()));
    return send(HttpRequest.newBuilder(url).build()).body();
  }

  /** The sum of a metric's lines that begin so. */
  public double metric(String line) {
    return metrics()
        .lines()
        .filter(text -> text.startsWith(line))
        .mapToDouble(text -> Double.parseDouble(text.substring(text.lastIndexOf(' ') + 1)))
        .sum();
  }

  /** Sends anything. */
  public static HttpResponse<String> send(HttpRequest request) {
    try {
      return HTTP.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Drains, as a SIGTERM makes it. */
  @Override
  public void close() {
    vertx.close().await();
    nats.close();
  }

  private HttpRequest postRequest(String path, String body, String... headers) {
    var request =
        HttpRequest.newBuilder(url(path))
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .header("Content-Type", "application/json");
    if (headers.length > 0) {
      request.headers(headers);
    }
    return request.build();
  }

  private static Vertx vertx() {
    return Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
  }
}
