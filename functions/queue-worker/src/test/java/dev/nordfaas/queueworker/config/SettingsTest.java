package dev.nordfaas.queueworker.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SettingsTest {
  private static final String ROUTES =
      """
      [{"name":"orders","path":"/orders","subject":"orders.created","maxBodyBytes":262144,
        "schema":{"type":"object"}}]
      """;

  @Test
  void readsIntakeWithDefaults() {
    var settings = IntakeSettings.read(with(nats(), "ROUTES", ROUTES));

    assertThat(settings.httpPort()).isEqualTo(8080);
    assertThat(settings.rateLimit()).isEmpty();
    assertThat(settings.nats().urls()).containsExactly("nats://nats:4222");
    assertThat(settings.nats().ca()).isEmpty();
    var route = settings.routes().get(0);
    assertThat(route.path()).isEqualTo("/orders");
    assertThat(route.maxBodyBytes()).isEqualTo(262144);
    assertThat(route.schema()).isPresent();
  }

  @Test
  void readsTheWorkerWithDefaults() {
    var settings = WorkerSettings.read(worker());

    assertThat(settings.concurrency()).isEqualTo(16);
    assertThat(settings.callTimeout()).isEqualTo(Duration.ofSeconds(30));
    assertThat(settings.maxDeliver()).isEqualTo(5);
    assertThat(settings.backoff()).isEmpty();
    assertThat(settings.callbackHosts()).isEmpty();
  }

  @Test
  void readsEverythingOfTheWorker() {
    var settings =
        WorkerSettings.read(
            with(
                worker(),
                "HTTP_PORT",
                "9090",
                "CONCURRENCY",
                "32",
                "CALL_TIMEOUT",
                "2m",
                "MAX_DELIVER",
                "3",
                "BACKOFF",
                "250ms, 1s,1h",
                "CALLBACK_HOSTS",
                "Shop.example.no, 10.0.0.7:8080"));

    assertThat(settings.functionUrl())
        .isEqualTo(URI.create("http://gateway:8080/function/order-processor"));
    assertThat(settings.httpPort()).isEqualTo(9090);
    assertThat(settings.concurrency()).isEqualTo(32);
    assertThat(settings.callTimeout()).isEqualTo(Duration.ofMinutes(2));
    assertThat(settings.maxDeliver()).isEqualTo(3);
    assertThat(settings.backoff())
        .isEqualTo(List.of(Duration.ofMillis(250), Duration.ofSeconds(1), Duration.ofHours(1)));
    assertThat(settings.callbackHosts()).isEqualTo(Set.of("shop.example.no", "10.0.0.7:8080"));
  }

  @Test
  void tellsAllProblemsAtOnce() {
    assertThatThrownBy(
            () ->
                WorkerSettings.read(
                    with(
                        worker(),
                        "NATS_URL",
                        "nats://user:secret@nats:4222",
                        "NATS_CA",
                        "/nowhere/ca.pem",
                        "STREAM",
                        "",
                        "FUNCTION_URL",
                        "gateway",
                        "CONCURRENCY",
                        "many",
                        "MAX_DELIVER",
                        "0",
                        "BACKOFF",
                        "1s,2")))
        .isInstanceOf(InvalidEnvironmentException.class)
        .hasMessage(
            """
            The environment is not valid (7 problems):
              NATS_URL: is not an address; write nats://host:4222, without user and password
              NATS_CA: there is no readable file /nowhere/ca.pem
              STREAM is missing
              FUNCTION_URL: 'gateway' is not the address of a function; write http://host:port/function/name
              CONCURRENCY: 'many' is not a whole number from 1 to 10000
              MAX_DELIVER: '0' is not a whole number from 1 to 1000000
              BACKOFF: '2' is not a duration; write a number and its unit, such as 250ms, 30s or 5m""");
  }

  @Test
  void namesTheRouteThatIsWrong() {
    assertThatThrownBy(
            () ->
                IntakeSettings.read(
                    with(nats(), "ROUTES", "[{\"name\":\"orders\",\"path\":\"/orders\"}]")))
        .hasMessageContaining("ROUTES: route orders: subject is missing or wrong");
  }

  @Test
  void keepsThePasswordToItself() {
    assertThat(WorkerSettings.read(worker()).toString()).doesNotContain("open-sesame");
  }

  private static Map<String, String> nats() {
    return Map.of(
        "NATS_URL", "nats://nats:4222", "NATS_USER", "intake", "NATS_PASSWORD", "open-sesame");
  }

  private static Map<String, String> worker() {
    return with(
        nats(),
        "STREAM",
        "orders",
        "DURABLE",
        "order-processor",
        "FUNCTION_URL",
        "http://gateway:8080/function/order-processor");
  }

  private static Map<String, String> with(Map<String, String> base, String... more) {
    var all = new HashMap<>(base);
    for (var i = 0; i < more.length; i += 2) {
      all.put(more[i], more[i + 1]);
    }
    return all;
  }
}
