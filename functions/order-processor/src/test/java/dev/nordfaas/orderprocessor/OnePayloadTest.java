package dev.nordfaas.orderprocessor;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.nordfaas.jsoncheck.JsonCheck;
import dev.nordfaas.jsoncheck.StrictJson;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import net.jqwik.api.statistics.Statistics;
import tools.jackson.databind.JsonNode;

/**
 * What intake takes the function stores, and what intake refuses the function refuses: over HTTP
 * and with a real database. The check is intake's, by the file that the route names.
 */
class OnePayloadTest {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  private static JsonCheck intake;
  private static PostgresBehindPgBouncer database;
  private static HikariDataSource pool;
  private static Service processor;
  private static Service status;

  @BeforeContainer
  static void start() throws Exception {
    intake =
        JsonCheck.of(StrictJson.MAPPER.readTree(Files.readString(Path.of("order.schema.json"))));
    new Log(OutputStream.nullOutputStream()).captureLibraries();
    database = PostgresBehindPgBouncer.start();
    pool = Database.open(Settings.of(database.environment(2)));
    processor = service(Grant.WRITE);
    status = service(Grant.READ);
  }

  private static Service service(Grant grant) throws IOException {
    var anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    var log = new Log(OutputStream.nullOutputStream());
    return Service.start(anyPort, anyPort, Orders.of(pool), grant, new Metrics(), log);
  }

  @AfterContainer
  static void stop() throws Exception {
    processor.stop(Duration.ZERO);
    status.stop(Duration.ZERO);
    pool.close();
    database.stop();
  }

  @Property(tries = 500)
  void theFunctionTakesWhatIntakeTakes(@ForAll long seed) throws Exception {
    var body = Payloads.of(seed);
    var problems = intake.problems(body);

    var answer = post(body);

    assertThat(answer.statusCode())
        .as("%s; intake: %s; function: %s", utf8(body), problems, answer.body())
        .isEqualTo(problems.isEmpty() ? 200 : 400);
    if (problems.isEmpty()) {
      var sent = StrictJson.MAPPER.readTree(body);
      assertSame(sent, StrictJson.MAPPER.readTree(answer.body()));
      assertSame(sent, StrictJson.MAPPER.readTree(get(sent.get("orderId").stringValue())));
    }
    Statistics.collect(problems.isEmpty());
    Statistics.coverage(
        coverage -> {
          coverage.check(true).percentage(share -> share > 20);
          coverage.check(false).percentage(share -> share > 20);
        });
  }

  private static void assertSame(JsonNode sent, JsonNode stored) {
    assertThat(stored.get("customer")).isEqualTo(sent.get("customer"));
    assertThat(stored.get("currency")).isEqualTo(sent.get("currency"));
    assertThat(stored.get("items").size()).isEqualTo(sent.get("items").size());
    var total = BigDecimal.ZERO;
    for (var i = 0; i < sent.get("items").size(); i++) {
      var item = sent.get("items").get(i);
      var same = stored.get("items").get(i);
      assertThat(same.get("sku")).isEqualTo(item.get("sku"));
      assertThat(same.get("quantity").decimalValue())
          .isEqualByComparingTo(item.get("quantity").decimalValue());
      assertThat(same.get("unitPrice").decimalValue())
          .isEqualByComparingTo(item.get("unitPrice").decimalValue());
      total =
          total.add(
              same.get("quantity").decimalValue().multiply(same.get("unitPrice").decimalValue()));
    }
    assertThat(stored.get("total").decimalValue()).isEqualByComparingTo(total);
  }

  private static String utf8(byte[] body) {
    return new String(body, StandardCharsets.UTF_8);
  }

  private static HttpResponse<String> post(byte[] body) throws IOException, InterruptedException {
    return CLIENT.send(
        request(processor, "/")
            .header(OrderHandler.CALL_ID, UUID.randomUUID().toString())
            .POST(BodyPublishers.ofByteArray(body))
            .build(),
        BodyHandlers.ofString());
  }

  private static String get(String orderId) throws IOException, InterruptedException {
    return CLIENT
        .send(request(status, "/orders/" + orderId).build(), BodyHandlers.ofString())
        .body();
  }

  private static HttpRequest.Builder request(Service service, String path) {
    return HttpRequest.newBuilder(
            URI.create("http://127.0.0.1:%d%s".formatted(service.port(), path)))
        .timeout(Duration.ofSeconds(30));
  }
}
