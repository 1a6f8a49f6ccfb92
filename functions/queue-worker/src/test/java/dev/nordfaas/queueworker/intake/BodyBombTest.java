package dev.nordfaas.queueworker.intake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.jsoncheck.StrictJson;
import dev.nordfaas.queueworker.testing.NatsServer;
import dev.nordfaas.queueworker.testing.Ports;
import dev.nordfaas.queueworker.testing.Role;
import dev.nordfaas.queueworker.testing.RoleProcess;
import dev.nordfaas.queueworker.testing.Streams;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Bodies made to exhaust intake, against its process with the heap of its pod. */
class BodyBombTest {
  private static final String ORDER =
      """
      {"orderId":"o-1","customer":"Ola","currency":"NOK",
       "items":[{"sku":"kaffe","quantity":1,"unitPrice":1}]}
      """;

  @Test
  void outlivesOrdersOfAMebibyteOfEmptyItems() throws IOException {
    var port = Ports.free();
    try (var server = NatsServer.start();
        var streams = Streams.create(server);
        var intake = RoleProcess.intake(server, port, routes())) {
      var url = URI.create("http://127.0.0.1:" + port);
      Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> ready(url.resolve("/_/ready")));
      var bomb =
          ORDER.replaceAll("(?s)\"items\":.*", "\"items\":[{}" + ",{}".repeat(349_000) + "]}");

      var answers =
          IntStream.range(0, 8).mapToObj(i -> post(url, bomb)).toList().stream()
              .map(answer -> answer.handle((status, failure) -> failure == null ? status : 0))
              .map(CompletableFuture::join)
              .toList();

      assertThat(answers).containsOnly(400);
      assertThat(intake.isAlive()).isTrue();
      assertThat(post(url, ORDER).join()).isEqualTo(202);
      assertThat(streams.count(Streams.ORDERS)).isEqualTo(1);
    }
  }

  private static CompletableFuture<Integer> post(URI url, String body) {
    var request =
        HttpRequest.newBuilder(url.resolve("/orders"))
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .header("Content-Type", "application/json")
            .build();
    return Role.HTTP
        .sendAsync(request, HttpResponse.BodyHandlers.ofString())
        .thenApply(HttpResponse::statusCode);
  }

  private static boolean ready(URI url) {
    try {
      return Role.send(HttpRequest.newBuilder(url).build()).statusCode() == 200;
    } catch (UncheckedIOException e) {
      return false;
    }
  }

  private static String routes() throws IOException {
    var root = Path.of(System.getProperty("nordfaas.root", "../.."));
    var schema = root.resolve("functions/order-processor/order.schema.json");
    return StrictJson.MAPPER.writeValueAsString(
        List.of(
            Map.of(
                "name",
                "orders",
                "path",
                "/orders",
                "subject",
                Streams.SUBJECT,
                "maxBodyBytes",
                1 << 20,
                "schema",
                StrictJson.MAPPER.readTree(Files.readString(schema)))));
  }
}
