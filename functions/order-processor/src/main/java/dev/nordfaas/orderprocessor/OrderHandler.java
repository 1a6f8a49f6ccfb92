package dev.nordfaas.orderprocessor;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.nordfaas.jsoncheck.Problem;
import dev.nordfaas.orderprocessor.OrderReader.InvalidOrderException;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.regex.Pattern;

/**
 * {@code POST} on any path stores an order, unless the function only reads; {@code GET
 * /orders/<id>} and {@code GET /?id=<id>} read one. While the database is down the answer is 503,
 * so that a queue keeps the message.
 */
final class OrderHandler implements HttpHandler {
  /** The id of the message; OpenFaaS' gateway generates one if there is none. */
  static final String CALL_ID = "X-Call-Id";

  /** Longer bodies are not orders. */
  static final int MAX_BODY = 1 << 20;

  private static final Pattern ORDER_PATH = Pattern.compile("/orders/([^/]+)/?");
  private static final Pattern TRACE = Pattern.compile("[0-9a-f]{2}-([0-9a-f]{32})-.*");

  private final Orders orders;
  private final Grant grant;
  private final Metrics metrics;
  private final Log log;
  private final Semaphore permits;

  /**
   * Creates the handler.
   *
   * @param grant what it serves
   * @param permits one for each concurrent call; further ones are refused
   */
  OrderHandler(Orders orders, Grant grant, Metrics metrics, Log log, Semaphore permits) {
    this.orders = orders;
    this.grant = grant;
    this.metrics = metrics;
    this.log = log;
    this.permits = permits;
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    if (!permits.tryAcquire()) {
      send(exchange, Answer.unavailable("too many concurrent calls"));
      return;
    }
    try {
      serve(exchange);
    } finally {
      permits.release();
    }
  }

  private void serve(HttpExchange exchange) throws IOException {
    var begin = System.nanoTime();
    var fields = new LinkedHashMap<String, Object>();
    var answer = answerOrFailure(exchange, fields);
    send(exchange, answer);
    var taken = Duration.ofNanos(System.nanoTime() - begin);
    var method = method(exchange);
    metrics.call(method, answer.status(), taken);
    fields.put("method", method);
    fields.put("status", answer.status());
    fields.put("durationMs", Math.round(taken.toNanos() / 1e4) / 1e2);
    log.info("call", fields);
  }

  /** Anybody can make up methods; they must not become time series. */
  private static String method(HttpExchange exchange) {
    var method = exchange.getRequestMethod();
    return method.equals("GET") || method.equals("POST") ? method : "other";
  }

  private Answer answerOrFailure(HttpExchange exchange, Map<String, Object> fields)
      throws IOException {
    try {
      return answer(exchange, fields);
    } catch (SQLException e) {
      var failure = new LinkedHashMap<>(fields);
      failure.put("sqlState", String.valueOf(e.getSQLState()));
      failure.put("cause", String.valueOf(e.getMessage()));
      log.error("the database is unavailable", failure);
      return Answer.unavailable("the database is unavailable");
    } catch (RuntimeException e) {
      var failure = new LinkedHashMap<>(fields);
      failure.put("cause", e.getClass().getName());
      failure.put("at", String.valueOf(List.of(e.getStackTrace()).stream().findFirst()));
      log.error("a call failed", failure);
      return Answer.error(500, "internal error");
    }
  }

  private Answer answer(HttpExchange exchange, Map<String, Object> fields)
      throws IOException, SQLException {
    trace(exchange).ifPresent(trace -> fields.put("traceId", trace));
    var method = exchange.getRequestMethod();
    if (!grant.allows(method)) {
      return Answer.wrongMethod(grant);
    }
    return method.equals("POST") ? post(exchange, fields) : get(exchange, fields);
  }

  private Answer post(HttpExchange exchange, Map<String, Object> fields)
      throws IOException, SQLException {
    var callId = Optional.ofNullable(exchange.getRequestHeaders().getFirst(CALL_ID));
    if (callId.isPresent() && !isId(callId.get())) {
      return Answer.invalid(List.of(new Problem(CALL_ID, "pattern", OrderReader.ID_RULE)));
    }
    callId.ifPresent(id -> fields.put("id", id));
    var body = exchange.getRequestBody().readNBytes(MAX_BODY + 1);
    if (body.length > MAX_BODY) {
      return Answer.error(413, "the body is longer than %d bytes".formatted(MAX_BODY));
    }
    try {
      var order = OrderReader.read(body);
      var id = callId.orElse(order.orderId());
      fields.put("id", id);
      return stored(orders.store(id, order), fields);
    } catch (InvalidOrderException e) {
      metrics.order("invalid");
      // Not the reasons, which may quote the body.
      fields.put(
          "problems",
          e.problems().stream().map(it -> "%s: %s".formatted(it.path(), it.rule())).toList());
      return Answer.invalid(e.problems());
    }
  }

  private Answer stored(Orders.Receipt receipt, Map<String, Object> fields) {
    var outcome = receipt.kind().name().toLowerCase(Locale.ROOT);
    metrics.order(outcome);
    fields.put("outcome", outcome);
    return switch (receipt.kind()) {
      case STORED, DUPLICATE -> Answer.ok(receipt.order());
      case CONFLICT -> Answer.error(409, "another order has this id, or came with this message");
    };
  }

  private Answer get(HttpExchange exchange, Map<String, Object> fields) throws SQLException {
    var id = wanted(exchange);
    if (id.isEmpty()) {
      return Answer.error(404, "GET /orders/<id> or GET /?id=<id> reads an order");
    }
    if (!isId(id.get())) {
      return Answer.invalid(List.of(new Problem("id", "pattern", OrderReader.ID_RULE)));
    }
    fields.put("id", id.get());
    return orders
        .find(id.get())
        .map(Answer::ok)
        .orElseGet(() -> Answer.error(404, "there is no such order"));
  }

  private static Optional<String> wanted(HttpExchange exchange) {
    var uri = exchange.getRequestURI();
    var path = ORDER_PATH.matcher(uri.getRawPath());
    if (path.matches()) {
      return Optional.of(decode(path.group(1)));
    }
    if (!uri.getRawPath().equals("/") || uri.getRawQuery() == null) {
      return Optional.empty();
    }
    for (var pair : uri.getRawQuery().split("&", -1)) {
      if (pair.startsWith("id=")) {
        return Optional.of(decode(pair.substring("id=".length())));
      }
    }
    return Optional.empty();
  }

  private static String decode(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  private static boolean isId(String text) {
    return OrderReader.ID.matcher(text).matches();
  }

  private static Optional<String> trace(HttpExchange exchange) {
    var matcher =
        TRACE.matcher(
            Optional.ofNullable(exchange.getRequestHeaders().getFirst("traceparent")).orElse(""));
    return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
  }

  static void send(HttpExchange exchange, Answer answer) throws IOException {
    var body = Json.MAPPER.writeValueAsBytes(answer.body());
    var headers = exchange.getResponseHeaders();
    headers.set("Content-Type", "application/json");
    answer.headers().forEach(headers::set);
    var isHead = exchange.getRequestMethod().equals("HEAD");
    try (exchange) {
      exchange.sendResponseHeaders(answer.status(), isHead ? -1 : body.length);
      if (!isHead) {
        exchange.getResponseBody().write(body);
      }
    }
  }
}
