package dev.nordfaas.queueworker.http;

import dev.nordfaas.jsoncheck.StrictJson;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.util.LinkedHashMap;
import java.util.Map;

/** Answers in JSON; errors are problem details (RFC 9457). */
public final class Answers {
  private static final String JSON = "application/json";
  private static final String PROBLEM = "application/problem+json";

  private Answers() {}

  /** Answers with a JSON object. */
  public static void json(HttpServerResponse response, int status, Object body) {
    end(response, status, JSON, body);
  }

  /** Answers with a problem. */
  public static void problem(HttpServerResponse response, int status, String detail) {
    problem(response, status, detail, Map.of());
  }

  /** Answers with a problem and details. */
  public static void problem(
      HttpServerResponse response, int status, String detail, Map<String, ?> more) {
    response.setStatusCode(status);
    var body = new LinkedHashMap<String, Object>();
    body.put("title", response.getStatusMessage());
    body.put("status", status);
    body.put("detail", detail);
    body.putAll(more);
    end(response, status, PROBLEM, body);
  }

  private static void end(
      HttpServerResponse response, int status, String contentType, Object body) {
    if (response.ended() || response.closed()) {
      return;
    }
    response
        .setStatusCode(status)
        .putHeader("Content-Type", contentType)
        .end(Buffer.buffer(StrictJson.MAPPER.writeValueAsBytes(body)));
  }
}
