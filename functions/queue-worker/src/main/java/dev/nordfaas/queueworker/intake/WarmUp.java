package dev.nordfaas.queueworker.intake;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.RequestOptions;
import java.nio.charset.StandardCharsets;
import java.util.Collection;

/**
 * Runs a request's whole path before the first one arrives: over the loopback, through a server of
 * its own, to the check of the body, which rejects it. So no caller waits for the JVM to load and
 * compile that code. Nothing is published.
 */
final class WarmUp {
  /** The JVM compiles a method when it has been called 200 times. */
  private static final int ROUNDS = 250;

  private static final String LOOPBACK = "127.0.0.1";
  private static final byte[] EMPTY = "{}".getBytes(StandardCharsets.UTF_8);

  private WarmUp() {}

  /** Does so for every endpoint; done when the last request is answered. */
  static Future<?> run(
      Vertx vertx, Collection<Endpoint> endpoints, Handler<HttpServerRequest> handler) {
    for (var endpoint : endpoints) {
      for (var i = 0; i < ROUNDS; i++) {
        endpoint.check().problems(EMPTY);
      }
    }
    var server = vertx.createHttpServer().requestHandler(handler);
    var client = vertx.createHttpClient();
    return server
        .listen(0, LOOPBACK)
        .compose(
            it -> {
              var all = Future.succeededFuture();
              for (var endpoint : endpoints) {
                for (var i = 0; i < ROUNDS; i++) {
                  all = all.compose(done -> post(client, it.actualPort(), endpoint));
                }
              }
              return all;
            })
        .eventually(() -> client.close().eventually(server::close));
  }

  private static Future<Object> post(HttpClient client, int port, Endpoint endpoint) {
    return client
        .request(
            new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setHost(LOOPBACK)
                .setPort(port)
                .setURI(endpoint.route().path())
                .putHeader("Content-Type", "application/json"))
        .compose(request -> request.send(Buffer.buffer("no JSON")))
        .compose(response -> response.end())
        .mapEmpty();
  }
}
