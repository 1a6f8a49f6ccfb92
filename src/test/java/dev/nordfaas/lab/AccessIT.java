package dev.nordfaas.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a client outside may and may not reach. */
@EndToEnd
class AccessIT {
  private static final String FUNCTIONS = "/system/functions";

  private static String password() {
    return Lab.stack("output", "--show-secrets", "gatewayPassword").ok().strip();
  }

  @Test
  void theGatewaysAdministrationAsksForAPassword() {
    assertThat(Lab.edge(FUNCTIONS).status()).isEqualTo(401);
  }

  @Test
  void aWrongPasswordIsRefused() {
    assertThat(Lab.edge(FUNCTIONS, "--user", "admin:wrong").status()).isEqualTo(401);
  }

  @Test
  void thePasswordOfTheStackOpensIt() {
    var answer = Lab.edge(FUNCTIONS, "--user", "admin:" + password());

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).contains("order-processor", "order-status");
  }

  @Test
  void aFunctionIsDescribedAsFaasCliAsks() {
    var answer = Lab.edge("/system/function/order-status", "--user", "admin:" + password());

    assertThat(answer.json().get("name").stringValue()).isEqualTo("order-status");
    assertThat(answer.json().get("availableReplicas").asInt()).isPositive();
  }

  @Test
  void theLogsOfAFunctionAreReadAsFaasCliAsks() {
    var user = "admin:" + password();
    Lab.edge("/order-status/orders/none");

    var lines =
        Lab.eventually(
            () ->
                Lab.edge("/system/logs?name=order-status&tail=20&follow=false", "--user", user)
                    .body()
                    .lines()
                    .map(line -> new JsonMapper().readTree(line))
                    .toList(),
            found -> found.stream().anyMatch(AccessIT::tellsOfOneNotFound));
    assertThat(lines)
        .isNotEmpty()
        .allMatch(line -> line.get("name").stringValue().equals("order-status"))
        .anyMatch(AccessIT::tellsOfOneNotFound);
  }

  private static boolean tellsOfOneNotFound(JsonNode line) {
    return line.get("text").stringValue().contains("\"status\":404");
  }

  @Test
  void whatNoRouteNamesIsNotFound() {
    assertThat(Lab.edge("/metrics").status()).isEqualTo(404);
  }

  @Test
  void aFunctionWithoutHttpIsNotFound() {
    for (var path :
        List.of(
            "/function/order-processor",
            "/function/order-processor/orders/none",
            "/function/order-processor.openfaas-fn",
            "/FUNCTION/order-processor",
            "//function//order-processor",
            "/function/intake/metrics")) {
      assertThat(Lab.edge(path, "--data", "{}").status()).as(path).isEqualTo(404);
    }
  }

  @Test
  void aFunctionThatReadsTakesNoOrders() {
    for (var path : List.of("/order-status", "/function/order-status")) {
      var answer = Lab.edge(path, "--data", "{}");
      assertThat(answer.status()).as(path).isEqualTo(405);
      assertThat(answer.headers()).containsEntry("allow", "GET, HEAD");
      assertThat(Lab.edge(path + "/orders/none").body()).contains("there is no such order");
    }
  }

  @Test
  void noClientReadsReadinessOrMetrics() {
    for (var path :
        List.of(
            "/order-status/_/ready",
            "/function/order-status/_/ready",
            "/order-status/metrics",
            "/function/order-status/metrics",
            "/_/ready",
            "/status/../metrics")) {
      assertThat(Lab.edge(path, "--path-as-is").status()).as(path).isIn(400, 404);
    }
  }

  @Test
  void theCertificateIsOfTheEdgesOwnAuthority() {
    var stranger =
        Lab.run(
            "curl",
            "--silent",
            "--show-error",
            "--resolve",
            Lab.DOMAIN + ":443:10.77.0.2",
            "https://" + Lab.DOMAIN + "/");

    assertThat(stranger.exitCode()).as(stranger.output()).isEqualTo(60);
    assertThat(Lab.edge("/").status()).isEqualTo(404);
  }
}
