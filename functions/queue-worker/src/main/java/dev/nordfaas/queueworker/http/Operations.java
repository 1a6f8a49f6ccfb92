package dev.nordfaas.queueworker.http;

import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** Endpoints for operating both roles: whether they can work, and metrics. */
public final class Operations {
  private static final String READY = "/_/ready";
  private static final String METRICS = "/metrics";

  private static final Set<HttpMethod> READS = Set.of(HttpMethod.GET, HttpMethod.HEAD);

  private final Supplier<Optional<String>> obstacle;
  private final PrometheusRegistry registry;
  private final PrometheusTextFormatWriter writer = PrometheusTextFormatWriter.create();

  /**
   * Creates them.
   *
   * @param obstacle why the role cannot work right now; empty: it can
   * @param registry its metrics
   */
  public Operations(Supplier<Optional<String>> obstacle, PrometheusRegistry registry) {
    this.obstacle = obstacle;
    this.registry = registry;
  }

  /** Answers if the path is one of these; otherwise ignores the request. */
  public boolean handle(HttpServerRequest request, String path) {
    switch (path) {
      case READY -> ready(request);
      case METRICS -> metrics(request);
      default -> {
        return false;
      }
    }
    return true;
  }

  /** Answers 405 to anything but reads. */
  public static boolean reads(HttpServerRequest request) {
    var reads = READS.contains(request.method());
    if (!reads) {
      request.response().putHeader("Allow", "GET, HEAD");
      Answers.problem(request.response(), 405, "this path can only be read");
    }
    return reads;
  }

  private void ready(HttpServerRequest request) {
    if (reads(request)) {
      var reason = obstacle.get();
      request
          .response()
          .setStatusCode(reason.isEmpty() ? 200 : 503)
          .putHeader("Content-Type", "text/plain; charset=utf-8")
          .end(reason.orElse("ready") + "\n");
    }
  }

  private void metrics(HttpServerRequest request) {
    if (reads(request)) {
      var text = new ByteArrayOutputStream();
      try {
        writer.write(text, registry.scrape());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      request
          .response()
          .putHeader("Content-Type", writer.getContentType())
          .end(Buffer.buffer(text.toByteArray()));
    }
  }
}
