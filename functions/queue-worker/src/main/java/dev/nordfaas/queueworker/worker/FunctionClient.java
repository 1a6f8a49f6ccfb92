package dev.nordfaas.queueworker.worker;

import dev.nordfaas.queueworker.nats.MessageHeaders;
import dev.nordfaas.queueworker.nats.RequestQuery;
import dev.nordfaas.queueworker.nats.Trace;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Calls the function with one message. */
final class FunctionClient {
  /** The number of the message's delivery, from 1. */
  static final String ATTEMPT = "X-Delivery-Attempt";

  /** A larger body of an answer is not sent to a callback. */
  static final int MAX_KEPT_BYTES = 256 << 10;

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);

  /** Shorter than any gateway keeps an idle connection. */
  private static final int KEEP_ALIVE_SECONDS = 10;

  /**
   * How long a connection is used. It stays with the pod that it was opened to, whatever pods have
   * come since behind the same address; and a pod that stops serves for five seconds more.
   */
  private static final int LIFETIME_SECONDS = 2;

  /** Hop-by-hop headers, or rewritten here. */
  private static final Set<String> STAY =
      Set.of(
          "host",
          "connection",
          "content-length",
          "expect",
          "keep-alive",
          "nordfaas-query",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade",
          "x-callback-url",
          "x-call-id",
          "x-delivery-attempt");

  private final Vertx vertx;
  private final HttpClient client;
  private final URI url;
  private final Duration timeout;

  FunctionClient(Vertx vertx, URI url, Duration timeout, int concurrency) {
    this.vertx = vertx;
    this.url = url;
    this.timeout = timeout;
    this.client =
        vertx.createHttpClient(
            new HttpClientOptions()
                .setConnectTimeout(Math.toIntExact(CONNECT_TIMEOUT.toMillis()))
                .setKeepAliveTimeout(KEEP_ALIVE_SECONDS),
            new PoolOptions()
                .setHttp1MaxSize(concurrency)
                .setMaxLifetime(LIFETIME_SECONDS)
                .setMaxLifetimeUnit(TimeUnit.SECONDS));
  }

  /**
   * Calls it once.
   *
   * @return always an answer, even if the function gave none
   */
  Future<Answer> call(Delivery delivery, Trace trace, boolean keepBody) {
    var promise = Promise.<Answer>promise();
    var timer =
        vertx.setTimer(
            timeout.toMillis(),
            late -> promise.tryComplete(Answer.none("no answer within " + text(timeout))));
    client
        .request(
            new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setAbsoluteURI(target(delivery))
                .setFollowRedirects(false))
        .onSuccess(request -> send(request, delivery, trace, keepBody, promise))
        .onFailure(
            failure -> promise.tryComplete(Answer.none("no connection: " + reason(failure))));
    return promise.future().onComplete(done -> vertx.cancelTimer(timer));
  }

  private String target(Delivery delivery) {
    return RequestQuery.of(delivery.message())
        .map(query -> url + (url.getRawQuery() == null ? "?" : "&") + query)
        .orElseGet(url::toString);
  }

  private static void send(
      HttpClientRequest request,
      Delivery delivery,
      Trace trace,
      boolean keepBody,
      Promise<Answer> promise) {
    // Ends the exchange when the time is up, whatever its state.
    promise.future().onSuccess(answer -> abandonUnanswered(request, answer));
    if (promise.future().isComplete()) {
      return;
    }
    headers(request.headers(), delivery, trace);
    request
        .send(Buffer.buffer(delivery.message().getData()))
        .onSuccess(response -> receive(response, keepBody, promise))
        .onFailure(failure -> promise.tryComplete(Answer.none("no answer: " + reason(failure))));
  }

  private static void abandonUnanswered(HttpClientRequest request, Answer answer) {
    if (answer.status().isEmpty()) {
      request.reset();
    }
  }

  private static void headers(MultiMap headers, Delivery delivery, Trace trace) {
    var request = MessageHeaders.ofRequest(delivery.message().getHeaders());
    for (var name : request.keySet()) {
      if (!STAY.contains(MessageHeaders.asRead(name)) && !Trace.isField(name)) {
        headers.add(name, request.get(name));
      }
    }
    headers.set(MessageHeaders.CALL_ID, delivery.id());
    headers.set(ATTEMPT, Long.toString(delivery.attempt()));
    trace.inject(headers);
  }

  private static void receive(
      HttpClientResponse response, boolean keepBody, Promise<Answer> promise) {
    var body = Buffer.buffer();
    response.handler(
        chunk -> {
          if (keepBody && body.length() <= MAX_KEPT_BYTES) {
            body.appendBuffer(chunk);
          }
        });
    response.exceptionHandler(
        failure -> promise.tryComplete(Answer.none("incomplete answer: " + reason(failure))));
    response.endHandler(end -> promise.tryComplete(answer(response, body)));
  }

  private static Answer answer(HttpClientResponse response, Buffer body) {
    return new Answer(
        OptionalInt.of(response.statusCode()),
        Optional.ofNullable(response.getHeader("Retry-After"))
            .flatMap(text -> RetryAfter.parse(text, Instant.now())),
        "",
        Optional.ofNullable(response.getHeader(MessageHeaders.CONTENT_TYPE)),
        body.length() > MAX_KEPT_BYTES ? Buffer.buffer() : body);
  }

  private static String reason(Throwable failure) {
    var message = failure.getMessage();
    return message == null ? failure.getClass().getSimpleName() : message;
  }

  private static String text(Duration duration) {
    var millis = duration.toMillis();
    return millis % 1000 == 0 ? millis / 1000 + "s" : millis + "ms";
  }
}
