package dev.nordfaas.queueworker.worker;

import dev.nordfaas.queueworker.log.Log;
import dev.nordfaas.queueworker.nats.MessageHeaders;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Sends a request's result to its callback URL, if the host is on the list. It gives up after three
 * attempts: the message's own outcome does not depend on it.
 */
final class Callbacks {
  /** The status of the function's answer; OpenFaaS' own name. */
  static final String FUNCTION_STATUS = "X-Function-Status";

  private static final Set<String> SCHEMES = Set.of("http", "https");
  private static final int TIMEOUT_MILLIS = 10_000;
  private static final List<Duration> WAITS = List.of(Duration.ofSeconds(1), Duration.ofSeconds(5));

  private final Vertx vertx;
  private final HttpClient client;
  private final Set<String> hosts;

  /**
   * Creates them.
   *
   * @param hosts hosts, with or without a port, in lower case; empty: every callback is refused
   */
  Callbacks(Vertx vertx, Set<String> hosts) {
    this.vertx = vertx;
    this.hosts = hosts;
    this.client = vertx.createHttpClient(new HttpClientOptions().setConnectTimeout(TIMEOUT_MILLIS));
  }

  /** Where to send the result, if anywhere. */
  Optional<URI> of(Delivery delivery) {
    var url = MessageHeaders.first(delivery.message(), MessageHeaders.CALLBACK_URL);
    var allowed = url.flatMap(text -> allowed(text, hosts));
    if (url.isPresent() && allowed.isEmpty()) {
      Log.warn("callback refused: its host is not on the list", Map.of("id", delivery.id()));
    }
    return allowed;
  }

  /** The URL, if it is http or https, without credentials, and on the list. */
  static Optional<URI> allowed(String text, Set<String> hosts) {
    try {
      var url = URI.create(text);
      if (url.getHost() == null
          || url.getScheme() == null
          || url.getUserInfo() != null
          || !SCHEMES.contains(url.getScheme().toLowerCase(Locale.ROOT))) {
        return Optional.empty();
      }
      var host = url.getHost().toLowerCase(Locale.ROOT);
      var allowed =
          url.getPort() == -1
              ? hosts.contains(host)
              : hosts.contains(host + ":" + url.getPort()) || hosts.contains(host);
      return allowed ? Optional.of(url) : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Sends the function's answer. */
  void send(URI url, String id, Answer answer) {
    attempt(url, id, answer, 0);
  }

  private void attempt(URI url, String id, Answer answer, int failures) {
    post(url, id, answer)
        .onFailure(
            failure -> {
              if (failures < WAITS.size()) {
                vertx.setTimer(
                    WAITS.get(failures).toMillis(),
                    timer -> attempt(url, id, answer, failures + 1));
              } else {
                Log.warn("callback failed", Map.of("id", id, "cause", String.valueOf(failure)));
              }
            });
  }

  private Future<Void> post(URI url, String id, Answer answer) {
    return client
        .request(
            new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setAbsoluteURI(url.toString())
                .setFollowRedirects(false)
                .setIdleTimeout(TIMEOUT_MILLIS))
        .compose(
            request -> {
              request.putHeader(MessageHeaders.CALL_ID, id);
              answer
                  .status()
                  .ifPresent(
                      status -> request.putHeader(FUNCTION_STATUS, Integer.toString(status)));
              answer
                  .contentType()
                  .ifPresent(type -> request.putHeader(MessageHeaders.CONTENT_TYPE, type));
              return request.send(answer.body());
            })
        .compose(
            response ->
                response.statusCode() / 100 == 2
                    ? response.end()
                    : Future.failedFuture("it answered " + response.statusCode()));
  }
}
