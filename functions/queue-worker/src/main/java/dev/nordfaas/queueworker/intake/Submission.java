package dev.nordfaas.queueworker.intake;

import dev.nordfaas.queueworker.config.Route;
import dev.nordfaas.queueworker.http.Answers;
import dev.nordfaas.queueworker.log.Log;
import dev.nordfaas.queueworker.nats.OutgoingMessage;
import dev.nordfaas.queueworker.nats.PubAck;
import dev.nordfaas.queueworker.nats.PublishException;
import dev.nordfaas.queueworker.nats.PublishException.Reason;
import dev.nordfaas.queueworker.nats.Trace;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;

/** One request on its way into the stream. It stays on the event loop of its connection. */
final class Submission {
  /** How long a request may take from its first byte to its last, including waiting. */
  private static final Duration READ_TIMEOUT = Duration.ofSeconds(30);

  private final SubmissionContext shared;
  private final Endpoint endpoint;
  private final Route route;
  private final HttpServerRequest request;
  private final String id;
  private final Admission.Ticket ticket;
  private final Buffer body = Buffer.buffer();
  private final long deadline;
  private boolean answered;

  Submission(
      SubmissionContext shared,
      Endpoint endpoint,
      HttpServerRequest request,
      String id,
      long bodyBytes) {
    this.shared = shared;
    this.endpoint = endpoint;
    this.route = endpoint.route();
    this.request = request;
    this.id = id;
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
    var problems = endpoint.check().problems(bytes);
    if (!problems.isEmpty()) {
      refuse(400, "body", "the body is not valid for this path", problems);
      return;
    }
    try {
      publish(bytes);
    } catch (RuntimeException e) {
      failed(e);
    }
  }

  private void publish(byte[] bytes) {
    var trace = Trace.ofRequest(request.headers(), route.subject());
    var headers = RequestHeaders.ofMessage(request.headers(), id, trace);
    var message = new OutgoingMessage(route.subject(), headers, bytes);
    var started = System.nanoTime();
    Future.fromCompletionStage(endpoint.publisher().publish(message), shared.context())
        .onComplete(
            ack -> {
              shared.metrics().published(route.name(), System.nanoTime() - started);
              trace.end(true);
              accepted(ack);
            },
            failure -> {
              trace.end(false);
              failed(failure);
            });
  }

  private void accepted(PubAck ack) {
    shared.metrics().accepted(route.name(), ack.duplicate());
    Log.info(
        ack.duplicate() ? "accepted again" : "accepted",
        Map.of("id", id, "route", route.name(), "sequence", ack.sequence()));
    if (!ack.duplicate()) {
      shared.status().accepted(id);
    }
    leave();
    var response = request.response();
    response.putHeader("Location", StatusPath.PREFIX + id);
    Answers.json(response, 202, new Accepted(id, ack.stream(), ack.sequence()));
  }

  private void failed(Throwable failure) {
    var cause = failure instanceof CompletionException ? failure.getCause() : failure;
    if (cause instanceof PublishException e) {
      failed(e.reason(), String.valueOf(e.getMessage()));
    } else {
      failed(Reason.REFUSED, String.valueOf(cause));
    }
  }

  private void failed(Reason reason, String cause) {
    Log.warn("not stored", Map.of("id", id, "route", route.name(), "cause", cause));
    if (reason == Reason.TOO_LARGE) {
      refuse(413, "size", "body and headers are larger than the stream accepts", List.of());
      return;
    }
    var full = reason == Reason.FULL;
    request.response().putHeader("Retry-After", full ? "10" : "2");
    refuse(
        503,
        full ? "full" : "away",
        full
            ? "the stream is full; try again later, with this id as Idempotency-Key"
            : "there was no confirmation that the request is stored; try again, with this id as Idempotency-Key",
        List.of());
  }

  private void late() {
    if (ticket.inside()) {
      request.response().putHeader("Connection", "close");
      refuse(408, "slow", "the request took too long to arrive", List.of());
    } else {
      overloaded();
    }
  }

  private void overloaded() {
    request.response().putHeader("Retry-After", "1");
    refuse(503, "overloaded", "too many requests are waiting; try again", List.of());
  }

  private void tooLarge() {
    request.response().putHeader("Connection", "close");
    refuse(
        413,
        "size",
        "the body is larger than the %d bytes that this path accepts"
            .formatted(route.maxBodyBytes()),
        List.of());
  }

  private void gone() {
    if (!answered) {
      shared.metrics().refused(route.name(), 499, "gone");
      leave();
    }
  }

  private void refuse(int status, String reason, String detail, List<String> problems) {
    shared.metrics().refused(route.name(), status, reason);
    leave();
    // The unread rest is discarded.
    request.resume();
    Answers.problem(
        request.response(),
        status,
        detail,
        problems.isEmpty() ? Map.of("id", id) : Map.of("id", id, "problems", problems));
  }

  private void leave() {
    if (!answered) {
      answered = true;
      shared.context().owner().cancelTimer(deadline);
      shared.admission().leave(ticket);
    }
  }

  /** The body of the 202. */
  private record Accepted(String id, String stream, long sequence) {}
}
