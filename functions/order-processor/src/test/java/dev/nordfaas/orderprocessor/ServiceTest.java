package dev.nordfaas.orderprocessor;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The function as its callers see it, with a real database. */
@Timeout(120)
class ServiceTest {
  private static final int POOL_SIZE = 5;
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  private static PostgresBehindPgBouncer database;

  private final ByteArrayOutputStream log = new ByteArrayOutputStream();
  private HikariDataSource pool;
  private Service service;

  @BeforeAll
  static void quietenLibraries() {
    new Log(OutputStream.nullOutputStream()).captureLibraries();
  }

  @BeforeAll
  static void startDatabase() throws IOException, InterruptedException {
    database = PostgresBehindPgBouncer.start();
  }

  @AfterAll
  static void stopDatabase() throws IOException, InterruptedException {
    database.stop();
  }

  @BeforeEach
  void startService() throws Exception {
    pool = Database.open(Settings.of(database.environment(POOL_SIZE)));
    service = start(Grant.WRITE);
  }

  private Service start(Grant grant) throws IOException {
    var metrics = new Metrics();
    metrics.watch(pool);
    var anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    return Service.start(anyPort, anyPort, Orders.of(pool), grant, metrics, new Log(log));
  }

  /** Instead of the one that writes. */
  private void startReader() throws IOException, InterruptedException {
    service.stop(Duration.ZERO);
    service = start(Grant.READ);
  }

  @AfterEach
  void stopService() throws InterruptedException {
    service.stop(Duration.ZERO);
    pool.close();
  }

  @Test
  void storesAnOrderAndAnswersWithIt() throws Exception {
    var id = newId();

    var answer = post("/", id, order("A-" + id, 10.5));

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
    assertThat(answer.body())
        .startsWith(
            "{\"id\":\"%s\",\"orderId\":\"A-%s\",\"customer\":\"Ola\",\"currency\":\"NOK\",\"items\":[{\"sku\":\"skis\",\"quantity\":2,\"unitPrice\":10.50}],\"total\":21.00,\"createdAt\":\""
                .formatted(id, id));
    assertThat(rows("message_id", id)).containsExactly("21.00");
  }

  @Test
  void answersADuplicateOfTheMessageAsTheFirst() throws Exception {
    var id = newId();
    var first = post("/", id, order(id, 1));

    var second = post("/", id, order(id, 1));

    assertThat(second.statusCode()).isEqualTo(200);
    assertThat(second.body()).isEqualTo(first.body());
    assertThat(rows("message_id", id)).hasSize(1);
  }

  @Test
  void answersADuplicateOfTheOrderAsTheFirst() throws Exception {
    var id = newId();
    var first = post("/", newId(), order(id, 1));

    var second = post("/", newId(), order(id, 1));

    assertThat(second.statusCode()).isEqualTo(200);
    assertThat(second.body()).isEqualTo(first.body());
    assertThat(rows("order_id", id)).hasSize(1);
  }

  @Test
  void storesOnceWhatComesAtTheSameTime() throws Exception {
    var id = newId();

    var answers = atOnce(50, i -> request("/").header("X-Call-Id", id), order(id, 1));

    assertThat(answers).extracting(HttpResponse::statusCode).containsOnly(200);
    assertThat(answers.stream().map(HttpResponse::body).distinct()).hasSize(1);
    assertThat(rows("order_id", id)).hasSize(1);
  }

  @Test
  void takesTheOrdersIdWhereTheMessageHasNone() throws Exception {
    var id = newId();

    var answer = send(request("/any/path").POST(BodyPublishers.ofString(order(id, 1))));

    assertThat(answer.body()).startsWith("{\"id\":\"%s\"".formatted(id));
  }

  @Test
  void refusesAnotherOrderUnderTheSameId() throws Exception {
    var id = newId();
    post("/", newId(), order(id, 1));

    var answer = post("/", newId(), order(id, 2));

    assertThat(answer.statusCode()).isEqualTo(409);
    assertThat(rows("order_id", id)).containsExactly("2.00");
  }

  @Test
  void refusesAnotherOrderOfTheSameMessage() throws Exception {
    var id = newId();
    post("/", id, order(newId(), 1));

    var answer = post("/", id, order(newId(), 1));

    assertThat(answer.statusCode()).isEqualTo(409);
    assertThat(rows("message_id", id)).hasSize(1);
  }

  @Test
  void tellsAllThatIsWrongWithAnOrder() throws Exception {
    var answer = post("/", newId(), "{\"orderId\": \"A-1\", \"items\": []}");

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body())
        .isEqualTo(
            "{\"error\":\"the order is not valid\",\"problems\":[{\"path\":\"/items\",\"rule\":\"minItems\",\"reason\":\"must have at least 1 items but found 0\"},{\"path\":\"\",\"rule\":\"required\",\"reason\":\"required property 'customer' not found\"},{\"path\":\"\",\"rule\":\"required\",\"reason\":\"required property 'currency' not found\"}]}");
  }

  @Test
  void refusesAnIdOfAnotherForm() throws Exception {
    assertThat(post("/", "a b", order(newId(), 1)).statusCode()).isEqualTo(400);
  }

  @Test
  void refusesABodyThatIsTooLong() throws Exception {
    assertThat(post("/", newId(), " ".repeat(OrderHandler.MAX_BODY + 1)).statusCode())
        .isEqualTo(413);
  }

  @Test
  void readsAnOrderByEitherIdOnEitherPath() throws Exception {
    var message = newId();
    var order = newId();
    var stored = post("/", message, order(order, 1));

    for (var path :
        List.of("/orders/" + order, "/orders/" + message, "/?id=" + order, "/?x=1&id=" + message)) {
      assertThat(send(request(path)).body()).as(path).isEqualTo(stored.body());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /orders/unknown, 404",
    "GET, /?id=unknown, 404",
    "GET, /, 404",
    "GET, /somewhere, 404",
    "GET, /orders/a%20b, 400",
    "DELETE, /orders/unknown, 405",
    "HEAD, /orders/unknown, 404",
    "OPTIONS, /, 405"
  })
  void answersWhatItCannotServe(String method, String path, int status) throws Exception {
    assertThat(send(request(path).method(method, BodyPublishers.noBody())).statusCode())
        .isEqualTo(status);
  }

  @Test
  void aReaderReadsAndStoresNothing() throws Exception {
    var stored = newId();
    var answer = post("/", stored, order(stored, 1));
    startReader();

    var refused = newId();
    for (var method : List.of("POST", "PUT", "DELETE")) {
      var request = request("/").method(method, BodyPublishers.ofString(order(refused, 1)));
      var refusal = send(request.header("X-Call-Id", refused));
      assertThat(refusal.statusCode()).as(method).isEqualTo(405);
      assertThat(refusal.headers().firstValue("Allow")).contains("GET, HEAD");
    }
    assertThat(rows("order_id", refused)).isEmpty();
    assertThat(send(request("/orders/" + stored)).body()).isEqualTo(answer.body());
  }

  /** A role that only reads could not rehearse what it may not do, and would never be ready. */
  @Test
  void aReaderWarmsUpWithoutARightToWrite() throws Exception {
    database.sql("orders", "REVOKE INSERT, UPDATE, DELETE ON orders FROM " + database.user());
    try {
      WarmUp.run(pool, Grant.READ);
    } finally {
      database.sql("orders", "GRANT INSERT, UPDATE, DELETE ON orders TO " + database.user());
    }
  }

  @Test
  void whoCallsItCannotReadItsMetrics() throws Exception {
    assertThat(send(request("/metrics")).statusCode()).isEqualTo(404);
    assertThat(metricsWith("order_processor_calls_total")).contains("order_processor_calls_total");
  }

  @Test
  void countsItsConnectionsOnceItHasSome() throws Exception {
    assertThat(metrics()).doesNotContain("order_processor_database_connections{");

    send(request("/orders/none"));

    assertThat(metrics()).contains("order_processor_database_connections{state=\"active\"} 0.0");
  }

  @Test
  void isNotReadyBeforeItIsTold() throws Exception {
    assertThat(send(request(Service.READY_PATH)).statusCode()).isEqualTo(503);
    service.setReady();
    assertThat(send(request(Service.READY_PATH)).statusCode()).isEqualTo(200);
  }

  @Test
  void answersWhoAsksTooEarlyOnceItIsReady() throws Exception {
    var answer = CLIENT.sendAsync(request(Service.READY_PATH).build(), BodyHandlers.ofString());

    assertThat(answer).isNotDone();
    service.setReady();

    assertThat(answer.get().statusCode()).isEqualTo(200);
  }

  @Test
  void isNotReadyOnceItStops() throws Exception {
    service.setReady();
    assertThat(service.isReady()).isTrue();

    service.stop(Duration.ZERO);

    assertThat(service.isReady()).isFalse();
  }

  @Test
  void warmsUpWithoutTheDatabase() throws Exception {
    database.stopPooler();
    try {
      WarmUp.withoutDatabase(pool, Grant.WRITE);
    } finally {
      database.startPooler();
    }
  }

  @Test
  void waitsUntilThePoolerAcceptsConnections() throws Exception {
    database.stopPooler();
    var reasons = new LinkedBlockingQueue<String>();
    var settings = Settings.of(database.environment(POOL_SIZE));
    var waiting =
        CompletableFuture.runAsync(() -> awaitDatabase(settings, e -> reasons.add(e.getMessage())));

    assertThat(reasons.take()).isEqualTo("Connection refused");
    assertThat(waiting).isNotDone();
    database.startPooler();

    waiting.get();
  }

  private static void awaitDatabase(Settings settings, Consumer<IOException> waiting) {
    try {
      Database.await(settings, waiting);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Else the first call that finds one would load the classes for it. */
  @Test
  void aRehearsalFindsAnOrderThatIsNotInTheTable() throws Exception {
    assertThat(Orders.rehearsal(pool).find(WarmUp.ID)).isPresent();
    assertThat(Orders.of(pool).find(WarmUp.ID)).isEmpty();
  }

  @Test
  void warmUpLeavesNothingBehind() throws Exception {
    var before = database.sql("orders", "SELECT count(*) FROM orders");

    WarmUp.run(pool, Grant.WRITE);

    assertThat(database.sql("orders", "SELECT count(*) FROM orders")).isEqualTo(before);
    assertThat(metrics()).doesNotContain("order_processor_calls_total{");
    assertThat(log.toString(StandardCharsets.UTF_8)).isEmpty();
  }

  @Test
  void answers503WhileTheDatabaseIsAwayAndServesAgainAfterwards() throws Exception {
    var before = newId();
    assertThat(post("/", before, order(before, 1)).statusCode()).isEqualTo(200);
    var during = newId();

    database.stopServer();
    var answer = post("/", during, order(during, 1));
    database.startServer();

    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.headers().firstValue("Retry-After")).contains("1");
    assertThat(answer.body()).isEqualTo("{\"error\":\"the database is unavailable\"}");
    assertThat(eventually(during)).isEqualTo(200);
    assertThat(rows("order_id", during)).hasSize(1);
  }

  @Test
  void connectsAgainInTheSameCallAfterARestartOfThePooler() throws Exception {
    var before = newId();
    assertThat(post("/", before, order(before, 1)).statusCode()).isEqualTo(200);

    database.stopPooler();
    database.startPooler();
    // HikariCP takes a connection for alive that was in use in the last half second.
    Thread.sleep(600);

    var id = newId();
    assertThat(post("/", id, order(id, 1)).statusCode()).isEqualTo(200);
  }

  /** Each call may get another connection to PostgreSQL, which knows no statement of before. */
  @Test
  void preparesNothingThatOutlivesATransaction() throws Exception {
    for (var round = 0; round < 10; round++) {
      var answers = atOnce(20, i -> request("/").header("X-Call-Id", newId()), order(newId(), 1));
      assertThat(answers).extracting(HttpResponse::statusCode).containsOnly(200);
    }
  }

  @Test
  void opensNoMoreConnectionsThanItMay() throws Exception {
    atOnce(100, i -> request("/").header("X-Call-Id", newId()), order(newId(), 1));

    assertThat(database.console("SHOW CLIENTS").stream().filter(line -> line.contains("|orders|")))
        .hasSizeLessThanOrEqualTo(POOL_SIZE);
    assertThat(
            database.sql(
                "postgres",
                "SELECT count(*) <= %d FROM pg_stat_activity WHERE datname = 'orders'"
                    .formatted(PostgresBehindPgBouncer.SERVER_CONNECTIONS)))
        .containsExactly("t");
  }

  @Test
  void waitsForTheLastAnswerBeforeItStops() throws Exception {
    var id = newId();
    CompletableFuture<HttpResponse<String>> answer;
    CompletableFuture<?> stopped;
    try (var administrator = database.administrator();
        var lock = administrator.createStatement()) {
      administrator.setAutoCommit(false);
      lock.execute("LOCK TABLE orders IN EXCLUSIVE MODE");
      var request = request("/").header("X-Call-Id", id);
      answer =
          CLIENT.sendAsync(
              request.POST(BodyPublishers.ofString(order(id, 1))).build(), BodyHandlers.ofString());
      while (database.sql("orders", "SELECT pid FROM pg_locks WHERE NOT granted").isEmpty()) {
        Thread.sleep(10);
      }
      stopped = CompletableFuture.runAsync(this::stopPatiently);
      administrator.rollback();
    }

    assertThat(answer.get().statusCode()).isEqualTo(200);
    stopped.get();
  }

  @Test
  void logsIdsAndNothingOfTheOrder() throws Exception {
    var id = newId();

    send(
        request("/")
            .header("X-Call-Id", id)
            .header("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
            .POST(BodyPublishers.ofString(order("A-" + id, 1))));
    service.stop(Duration.ofSeconds(10));

    var text = log.toString(StandardCharsets.UTF_8);
    var line = Json.MAPPER.readTree(text);
    assertThat(line.path("id").stringValue()).isEqualTo(id);
    assertThat(line.path("traceId").stringValue()).isEqualTo("0af7651916cd43dd8448eb211c80319c");
    assertThat(line.path("status").intValue()).isEqualTo(200);
    assertThat(text).doesNotContain("Ola").doesNotContain("skis");
  }

  @Test
  void logsNothingOfWhoIsCalling() throws Exception {
    var id = newId();
    for (var body : List.of(order(id, 1), "{}")) {
      send(
          request("/")
              .header("X-Call-Id", id)
              .header("Nordfaas-Caller-Issuer", "https://id.example.no/")
              .header("Nordfaas-Caller-Subject", "kari")
              .header("Nordfaas-Caller-Claims", "{\"pid\":\"01017012345\"}")
              .POST(BodyPublishers.ofString(body)));
    }
    service.stop(Duration.ofSeconds(10));

    assertThat(log.toString(StandardCharsets.UTF_8))
        .contains(id, "\"status\":200", "\"status\":400")
        .doesNotContain("id.example.no", "kari", "01017012345");
  }

  @Test
  void logsNothingOfAnOrderThatItRefuses() throws Exception {
    var id = newId();
    post("/", id, "{\"orderId\": 1, \"secret\": 2}");
    post("/", id, "{\"customer\": secret}");
    service.stop(Duration.ofSeconds(10));

    assertThat(log.toString(StandardCharsets.UTF_8))
        .contains("\"problems\":[\"/orderId: type\"", "\": additionalProperties\"", "[\": json\"]")
        .doesNotContain("secret");
  }

  @Test
  void countsCallsOrdersAndConnections() throws Exception {
    var id = newId();
    post("/", id, order(id, 1));
    post("/", id, order(id, 1));

    assertThat(metrics())
        .contains("order_processor_orders_total{outcome=\"stored\"} 1.0")
        .contains("order_processor_orders_total{outcome=\"duplicate\"} 1.0")
        .contains("order_processor_database_connections{state=\"idle\"}");
  }

  private void stopPatiently() {
    try {
      service.stop(Duration.ofSeconds(30));
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private int eventually(String id) throws IOException, InterruptedException {
    var limit = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (true) {
      var status = post("/", id, order(id, 1)).statusCode();
      if (status == 200 || System.nanoTime() > limit) {
        return status;
      }
    }
  }

  /** A call is counted once it is answered. */
  private String metricsWith(String name) throws IOException, InterruptedException {
    var limit = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (true) {
      var metrics = metrics();
      if (metrics.contains(name) || System.nanoTime() > limit) {
        return metrics;
      }
    }
  }

  private List<String> rows(String column, String id) throws IOException, InterruptedException {
    return database.sql("orders", "SELECT total FROM orders WHERE %s = '%s'".formatted(column, id));
  }

  private List<HttpResponse<String>> atOnce(
      int count, IntFunction<HttpRequest.Builder> request, String body)
      throws ExecutionException, InterruptedException {
    var futures =
        IntStream.range(0, count)
            .mapToObj(
                i ->
                    CLIENT.sendAsync(
                        request.apply(i).POST(BodyPublishers.ofString(body)).build(),
                        BodyHandlers.ofString()))
            .toList();
    var answers = new ArrayList<HttpResponse<String>>();
    for (var future : futures) {
      answers.add(future.get());
    }
    return answers;
  }

  private HttpResponse<String> post(String path, String id, String body)
      throws IOException, InterruptedException {
    return send(request(path).header("X-Call-Id", id).POST(BodyPublishers.ofString(body)));
  }

  private static HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return CLIENT.send(request.build(), BodyHandlers.ofString());
  }

  private String metrics() throws IOException, InterruptedException {
    var address = "http://127.0.0.1:%d/metrics".formatted(service.metricsPort());
    return send(HttpRequest.newBuilder(URI.create(address))).body();
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(
            URI.create("http://127.0.0.1:%d%s".formatted(service.port(), path)))
        .timeout(Duration.ofSeconds(30));
  }

  private static String newId() {
    return UUID.randomUUID().toString();
  }

  private static String order(String id, double unitPrice) {
    return """
        {"orderId": "%s", "customer": "Ola", "currency": "NOK",
         "items": [{"sku": "skis", "quantity": 2, "unitPrice": %s}]}
        """
        .formatted(id, unitPrice);
  }
}
