package dev.nordfaas.queueworker.intake;

import dev.nordfaas.queueworker.config.Route;
import dev.nordfaas.queueworker.http.Answers;
import dev.nordfaas.queueworker.log.Log;
import dev.nordfaas.queueworker.nats.Caller;
import dev.nordfaas.queueworker.nats.OutgoingMessage;
import dev.nordfaas.queueworker.nats.PubAck;
import dev.nordfaas.queueworker.nats.PublishException;
import dev.nordfaas.queueworker.nats.PublishException.Reason;
import dev.nordfaas.queueworker.nats.RequestQuery;
import dev.nordfaas.queueworker.nats.Trace;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;

/** One request on its way into the stream. It stays on the event loop of its connection. */
final class Submission {
  /** How long a request may take from its first byte to its last, including waiting. */
  private static final Duration READ_TIMEOUT = Duration.ofSeconds(30);

  private final SubmissionContext shared;
  private final Endpoint endpoint;
  private final Route route;
  private final HttpServerRequest request;
  private final String query;
  private final Optional<Caller> caller;
  private final IdempotencyKey key;
  private final Admission.Ticket ticket;
  private final Buffer body = Buffer.buffer();
  private final long deadline;
  private boolean answered;

  Submission(
      SubmissionContext shared,
      Endpoint endpoint,
      HttpServerRequest request,
      IdempotencyKey key,
      long bodyBytes) {
    this.shared = shared;
    this.endpoint = endpoint;
    this.route = endpoint.route();
    this.request = request;
    this.query = RequestQuery.ofTarget(request.uri());
    this.caller = Caller.of(request.headers()::getAll);
    this.key = key;
    this.ticket = new Admission.Ticket(bodyBytes, this::read);
    this.deadline = shared.context().owner().setTimer(READ_TIMEOUT.toMillis(), timer -> late());
  }

  /** Reads the body as soon as there is memory for it. */
  void start() {
    request.pause();
    request.exceptionHandler(failure -> gone());
    request.response().exceptionHandler(failure -> gone());
    if (!shared.admission().enter(ticket)) {
      overloaded();
    }
  }

  private void read() {
    if ("100-continue".equalsIgnoreCase(request.getHeader("Expect"))) {
      request.response().writeContinue();
    }
    request.handler(this::append);
    request.endHandler(end -> check());
    request.resume();
  }

  private void append(Buffer chunk) {
    if (answered) {
      return;
    }
    if (body.length() + chunk.length() > route.maxBodyBytes()) {
      tooLarge();
    } else {
      body.appendBuffer(chunk);
    }
  }

  private void check() {
    if (answered) {
      return;
    }
    shared.context().owner().cancelTimer(deadline);
    var bytes = body.getBytes();
    if (bytes.length < LargeBodies.MIN_BYTES) {
      try {
        checked(bytes, checked(bytes));
      } catch (RuntimeException e) {
        broken(e);
      }
      return;
    }
    try {
      Future.fromCompletionStage(shared.large().run(() -> checked(bytes)), shared.context())
          .onComplete(checked -> checked(bytes, checked), this::broken);
    } catch (RejectedExecutionException e) {
      overloaded();
    }
  }

  private Checked checked(byte[] bytes) {
    return new Checked(
        endpoint.check().problems(bytes),
        identity(caller, bytes),
        caller.filter(any -> key.ofClient()).map(any -> identity(Optional.empty(), bytes)));
  }

  private RequestIdentity identity(Optional<Caller> sender, byte[] bytes) {
    return RequestIdentity.of(route, sender, key, request.headers(), query, bytes);
  }

  private void checked(byte[] bytes, Checked checked) {
    if (answered) {
      return;
    }
    if (!checked.problems().isEmpty()) {
      refuse(
          400,
          "body",
          "the body is not valid for this path",
          Map.of("problems", checked.problems()));
      return;
    }
    var identity = checked.identity();
    if (key.ofClient()) {
      Future.fromCompletionStage(
              KeyClaim.id(shared.keys(), identity, checked.withoutCaller()), shared.context())
          .onComplete(
              id -> id.ifPresentOrElse(ours -> publish(bytes, ours), this::keyOfAnother),
              failure -> failed(identity.callId(), failure));
    } else {
      publish(bytes, identity.callId());
    }
  }

  private void keyOfAnother() {
    refuse(
        422,
        "key",
        "this Idempotency-Key belongs to another request; a new request needs a new key",
        Map.of());
  }

  private void publish(byte[] bytes, String id) {
    var trace = Trace.ofRequest(request.headers(), route.subject());
    var headers = RequestHeaders.ofMessage(request.headers(), query, caller, id, trace);
    var message = new OutgoingMessage(route.subject(), headers, bytes);
    var started = System.nanoTime();
    Future.fromCompletionStage(endpoint.publisher().publish(message), shared.context())
        .onComplete(
            ack -> {
              shared.metrics().published(route.name(), System.nanoTime() - started);
              trace.end(true);
              accepted(id, ack);
            },
            failure -> {
              trace.end(false);
              failed(id, failure);
            });
  }

  private void accepted(String id, PubAck ack) {
    shared.metrics().accepted(route.name(), ack.duplicate());
    Log.info(
        ack.duplicate() ? "accepted again" : "accepted",
        Map.of("id", id, "route", route.name(), "sequence", ack.sequence()));
    if (!ack.duplicate()) {
      shared.status().accepted(id, caller);
    }
    leave();
    var response = request.response();
    response.putHeader("Location", StatusPath.PREFIX + id);
    Answers.json(response, 202, new Accepted(id, ack.stream(), ack.sequence(), ack.duplicate()));
  }

  private void failed(String id, Throwable failure) {
    var cause = failure instanceof CompletionException ? failure.getCause() : failure;
    if (cause instanceof PublishException e) {
      failed(id, e.reason(), String.valueOf(e.getMessage()));
    } else {
      failed(id, Reason.REFUSED, String.valueOf(cause));
    }
  }

  private void failed(String id, Reason reason, String cause) {
    Log.warn("not stored", Map.of("id", id, "route", route.name(), "cause", cause));
    var again = Map.of("idempotencyKey", key.value());
    switch (reason) {
      case TOO_LARGE ->
          refuse(413, "size", "body and headers are larger than the stream accepts", Map.of());
      case IN_PROGRESS -> {
        request.response().putHeader("Retry-After", "1");
        refuse(409, "key", "a request with this Idempotency-Key is being stored", again);
      }
      case FULL -> {
        request.response().putHeader("Retry-After", "10");
        refuse(503, "full", "the stream is full; try again later, with this key", again);
      }
      default -> {
        request.response().putHeader("Retry-After", "2");
        refuse(
            503,
            "away",
            "there was no confirmation that the request is stored; try again, with this key",
            again);
      }
    }
  }

  private void broken(Throwable failure) {
    Log.error("request failed", Map.of("route", route.name(), "cause", failure.toString()));
    refuse(500, "broken", "this should not have happened", Map.of());
  }

  private void late() {
    if (ticket.inside()) {
      request.response().putHeader("Connection", "close");
      refuse(408, "slow", "the request took too long to arrive", Map.of());
    } else {
      overloaded();
    }
  }

  private void overloaded() {
    request.response().putHeader("Retry-After", "1");
    refuse(503, "overloaded", "too many requests are waiting; try again", Map.of());
  }

  private void tooLarge() {
    request.response().putHeader("Connection", "close");
    refuse(
        413,
        "size",
        "the body is larger than the %d bytes that this path accepts"
            .formatted(route.maxBodyBytes()),
        Map.of());
  }

  private void gone() {
    if (!answered) {
      shared.metrics().refused(route.name(), 499, "gone");
      leave();
    }
  }

  private void refuse(int status, String reason, String detail, Map<String, ?> more) {
    if (answered) {
      return;
    }
    shared.metrics().refused(route.name(), status, reason);
    leave();
    // The unread rest is discarded.
    request.resume();
    Answers.problem(request.response(), status, detail, more);
  }

  private void leave() {
    if (!answered) {
      answered = true;
      shared.context().owner().cancelTimer(deadline);
      shared.admission().leave(ticket);
    }
  }

  /** The body of the 202. */
  private record Accepted(String id, String stream, long sequence, boolean duplicate) {}

  private record Checked(
      List<String> problems, RequestIdentity identity, Optional<RequestIdentity> withoutCaller) {}
}
