package dev.nordfaas.queueworker.intake;

import dev.nordfaas.queueworker.http.Answers;
import dev.nordfaas.queueworker.http.Operations;
import dev.nordfaas.queueworker.nats.CallId;
import dev.nordfaas.queueworker.nats.Caller;
import dev.nordfaas.queueworker.nats.NatsClient;
import dev.nordfaas.queueworker.nats.StatusWriter;
import io.nats.client.Message;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;

/**
 * {@code GET /status/<id>}: a request's progress, while it is known. To anyone but its caller it is
 * as unknown as an id that never was.
 */
final class StatusPath {
  static final String PREFIX = "/status/";
  private static final String DIRECT_GET = "$JS.API.DIRECT.GET." + StatusWriter.STREAM + ".";
  private static final Duration TIMEOUT = Duration.ofSeconds(2);
  private static final int NOT_FOUND = 404;

  private final NatsClient nats;
  private final Context context;

  StatusPath(NatsClient nats, Context context) {
    this.nats = nats;
    this.context = context;
  }

  void handle(HttpServerRequest request) {
    if (!Operations.reads(request)) {
      return;
    }
    // The same path has another answer for another caller.
    var response = request.response().putHeader("Cache-Control", "no-store");
    var refusal = Refusal.caller(request.headers());
    if (refusal.isPresent()) {
      Answers.problem(response, refusal.get().status(), refusal.get().detail());
      return;
    }
    var id = request.path().substring(PREFIX.length());
    if (!CallId.isValid(id)) {
      Answers.problem(response, NOT_FOUND, "this cannot be an id");
      return;
    }
    var caller = Caller.of(request.headers()::getAll);
    read(id)
        .onSuccess(
            message -> {
              if (message.isStatusMessage() || !StatusWriter.isOf(message, caller)) {
                Answers.problem(
                    response,
                    NOT_FOUND,
                    "nothing is known of this id; statuses are kept for an hour");
              } else {
                response
                    .putHeader("Content-Type", "application/json")
                    .end(Buffer.buffer(message.getData()));
              }
            })
        .onFailure(
            failure -> {
              response.putHeader("Retry-After", "2");
              Answers.problem(response, 503, "the status cannot be read right now");
            });
  }

  private Future<Message> read(String id) {
    try {
      return nats.connected()
          .map(
              connection ->
                  Future.fromCompletionStage(
                      connection.requestWithTimeout(
                          DIRECT_GET + StatusWriter.subject(id), null, TIMEOUT),
                      context))
          .orElseGet(() -> Future.failedFuture("NATS is down"));
    } catch (IllegalStateException e) {
      return Future.failedFuture(e);
    }
  }
}
