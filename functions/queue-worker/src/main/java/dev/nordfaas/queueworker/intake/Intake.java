package dev.nordfaas.queueworker.intake;

import dev.nordfaas.jsoncheck.JsonCheck;
import dev.nordfaas.queueworker.config.IntakeSettings;
import dev.nordfaas.queueworker.config.Route;
import dev.nordfaas.queueworker.http.Answers;
import dev.nordfaas.queueworker.http.Operations;
import dev.nordfaas.queueworker.http.Servers;
import dev.nordfaas.queueworker.log.Log;
import dev.nordfaas.queueworker.nats.GroupPublisher;
import dev.nordfaas.queueworker.nats.IdempotencyKeys;
import dev.nordfaas.queueworker.nats.NatsClient;
import dev.nordfaas.queueworker.nats.RequestQuery;
import dev.nordfaas.queueworker.nats.SinglePublisher;
import dev.nordfaas.queueworker.nats.StatusWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Accepts requests, stores them, and answers 202 after the PubAck. All of it runs on one event
 * loop, which is far faster than what it waits for.
 */
public final class Intake extends VerticleBase {
  private static final Duration PUBLISH_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration DRAIN_TIMEOUT = Duration.ofSeconds(8);

  /** Requests that are read and published at once; more would only wait at the server. */
  private static final int MAX_IN_FLIGHT = 1024;

  /** Requests waiting unread; a few kilobytes each. */
  private static final int MAX_WAITING = 8192;

  /** A body is copied once, so bodies may take at most a quarter of the heap. */
  private static final int HEAP_SHARE = 8;

  private final NatsClient nats;
  private final Map<String, Endpoint> endpoints;
  private final Optional<RateLimiter> limiter;
  private final IntakeMetrics metrics;
  private final Operations operations;
  private final StatusWriter status;
  private final IdempotencyKeys keys;
  private final LargeBodies large = new LargeBodies();
  private final Admission admission =
      new Admission(MAX_IN_FLIGHT, Runtime.getRuntime().maxMemory() / HEAP_SHARE, MAX_WAITING);
  private final int port;
  private @Nullable HttpServer server;
  private boolean warm;
  private boolean draining;

  /**
   * Creates the role; it works once it is deployed.
   *
   * @throws IllegalArgumentException if a route's schema is wrong
   */
  public Intake(IntakeSettings settings, NatsClient nats, PrometheusRegistry registry) {
    this.nats = nats;
    this.port = settings.httpPort();
    this.endpoints =
        settings.routes().stream()
            .collect(Collectors.toUnmodifiableMap(Route::path, route -> endpoint(route, nats)));
    this.limiter = settings.rateLimit().map(RateLimiter::new);
    this.metrics = new IntakeMetrics(registry, admission);
    this.status = new StatusWriter(nats::connected);
    this.keys = new IdempotencyKeys(nats::connected, PUBLISH_TIMEOUT);
    this.operations = new Operations(this::obstacle);
  }

  private static Endpoint endpoint(Route route, NatsClient nats) {
    return new Endpoint(
        route,
        check(route),
        new GroupPublisher(new SinglePublisher(nats::connected, PUBLISH_TIMEOUT)));
  }

  private static JsonCheck check(Route route) {
    try {
      return route.schema().map(JsonCheck::of).orElseGet(JsonCheck::ofAny);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "ROUTES: route %s: %s".formatted(route.name(), e.getMessage()), e);
    }
  }

  @Override
  public Future<?> start() {
    var shared = shared(metrics);
    var statuses = new StatusPath(nats, context);
    var made = vertx.createHttpServer(Servers.options(port));
    server = made;
    var rehearsal = shared(new IntakeMetrics(new PrometheusRegistry(), admission));
    WarmUp.run(vertx, endpoints.values(), request -> answer(request, rehearsal, statuses))
        .onComplete(
            done -> warm = true,
            failure -> {
              Log.warn("not warmed up", Map.of("cause", failure.toString()));
              warm = true;
            });
    return made.requestHandler(request -> answer(request, shared, statuses)).listen();
  }

  private SubmissionContext shared(IntakeMetrics counting) {
    return new SubmissionContext(context, admission, counting, status, keys, large);
  }

  private void answer(HttpServerRequest request, SubmissionContext shared, StatusPath statuses) {
    try {
      handle(request, shared, statuses);
    } catch (RuntimeException e) {
      Log.error("request failed", Map.of("cause", e.toString()));
      Answers.problem(request.response(), 500, "this should not have happened");
    }
  }

  /** The port that it listens on. */
  public int port() {
    return server == null ? port : server.actualPort();
  }

  /** Accepts no new connections, and ends when all requests are answered. */
  @Override
  public Future<?> stop() {
    draining = true;
    var stopped = server == null ? Future.succeededFuture() : server.shutdown(DRAIN_TIMEOUT);
    return stopped.onComplete(end -> large.close());
  }

  private Optional<String> obstacle() {
    if (draining) {
      return Optional.of("about to stop");
    }
    if (!warm) {
      return Optional.of("warming up");
    }
    return nats.connected().isEmpty() ? Optional.of("NATS is down") : Optional.empty();
  }

  private void handle(HttpServerRequest request, SubmissionContext shared, StatusPath statuses) {
    var path = Objects.requireNonNullElse(request.path(), "");
    var endpoint = endpoints.get(path);
    if (operations.handle(request, path)) {
      return;
    }
    if (endpoint != null) {
      submit(request, endpoint, shared);
    } else if (path.startsWith(StatusPath.PREFIX)) {
      statuses.handle(request);
    } else {
      Answers.problem(request.response(), 404, "there is nothing at this path");
    }
  }

  private void submit(HttpServerRequest request, Endpoint endpoint, SubmissionContext shared) {
    var route = endpoint.route();
    var response = request.response();
    var headers = request.headers();
    if (!request.method().equals(HttpMethod.POST)) {
      response.putHeader("Allow", "POST");
      refuse(shared, request, route, 405, "method", "this path only accepts POST");
      return;
    }
    var wait = waitOf(request);
    if (!wait.isZero()) {
      response.putHeader("Retry-After", Long.toString(Math.max(1, wait.toSeconds())));
      refuse(shared, request, route, 429, "rate", "too many requests from this client");
      return;
    }
    var refusal = Refusal.of(headers, RequestQuery.ofTarget(request.uri()));
    if (refusal.isPresent()) {
      var why = refusal.get();
      refuse(shared, request, route, why.status(), why.reason(), why.detail());
      return;
    }
    var key = IdempotencyKey.of(headers);
    if (key.isEmpty()) {
      refuse(
          shared,
          request,
          route,
          400,
          "key",
          "Idempotency-Key has to be one of 1 to 64 letters, digits, '-' and '_'");
      return;
    }
    var length = contentLength(headers.get("Content-Length"));
    if (length > route.maxBodyBytes()) {
      response.putHeader("Connection", "close");
      refuse(
          shared,
          request,
          route,
          413,
          "size",
          "the body is larger than the %d bytes that this path accepts"
              .formatted(route.maxBodyBytes()));
      return;
    }
    // A body of unknown length may be of the maximum size.
    var bytes = length < 0 ? route.maxBodyBytes() : length;
    new Submission(shared, endpoint, request, key.get(), bytes).start();
  }

  private Duration waitOf(HttpServerRequest request) {
    return limiter
        .map(
            limit ->
                limit.waitOf(
                    RequestHeaders.client(
                        request.headers(), request.remoteAddress().hostAddress())))
        .orElse(Duration.ZERO);
  }

  /** The HTTP codec rejects anything but a number; -1: not given. */
  private static long contentLength(@Nullable String header) {
    return header == null ? -1 : Long.parseLong(header.strip());
  }

  private static void refuse(
      SubmissionContext shared,
      HttpServerRequest request,
      Route route,
      int statusCode,
      String reason,
      String detail) {
    shared.metrics().refused(route.name(), statusCode, reason);
    Answers.problem(request.response(), statusCode, detail);
  }
}
