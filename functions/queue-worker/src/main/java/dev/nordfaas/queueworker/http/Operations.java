package dev.nordfaas.queueworker.http;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** Tells the node of both roles whether they can work. */
public final class Operations {
  private static final String READY = "/_/ready";

  private static final Set<HttpMethod> READS = Set.of(HttpMethod.GET, HttpMethod.HEAD);

  private final Supplier<Optional<String>> obstacle;

  /**
   * Creates it.
   *
   * @param obstacle why the role cannot work right now; empty: it can
   */
  public Operations(Supplier<Optional<String>> obstacle) {
    this.obstacle = obstacle;
  }

  /** Answers if the path is this one; otherwise ignores the request. */
  public boolean handle(HttpServerRequest request, String path) {
    var asked = path.equals(READY);
    if (asked) {
      ready(request);
    }
    return asked;
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
}
