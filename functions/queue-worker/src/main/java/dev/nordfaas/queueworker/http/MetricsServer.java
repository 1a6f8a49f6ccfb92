package dev.nordfaas.queueworker.http;

import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** Serves the metrics on a port of their own, which callers cannot reach. */
public final class MetricsServer extends VerticleBase {
  private static final String PATH = "/metrics";

  private final int port;
  private final PrometheusRegistry registry;
  private final PrometheusTextFormatWriter writer = PrometheusTextFormatWriter.create();
  private @Nullable HttpServer server;

  /**
   * Creates it; it serves once it is deployed.
   *
   * @param port TCP port to listen on; 0: any that is free
   * @param registry what it serves
   */
  public MetricsServer(int port, PrometheusRegistry registry) {
    this.port = port;
    this.registry = registry;
  }

  @Override
  public Future<?> start() {
    var made = vertx.createHttpServer(Servers.options(port));
    server = made;
    return made.requestHandler(this::answer).listen();
  }

  /** The port that it listens on. */
  public int port() {
    return server == null ? port : server.actualPort();
  }

  private void answer(HttpServerRequest request) {
    if (!PATH.equals(request.path())) {
      Answers.problem(request.response(), 404, "there is nothing at this path");
    } else if (Operations.reads(request)) {
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
