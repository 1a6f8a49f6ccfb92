package dev.nordfaas.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What Prometheus knows, and the gateway tells of it. */
@EndToEnd
class PrometheusIT {
  private static final String FUNCTION = "order-status";
  private static final int CALLS = 7;
  private static final String PROMETHEUS =
      "/api/v1/namespaces/openfaas/services/prometheus:9090/proxy";

  @Test
  void theGatewayTellsHowOftenAFunctionWasCalled() {
    var before = invocations();

    IntStream.range(0, CALLS)
        .forEach(
            call ->
                assertThat(
                        Lab.edge("/function/" + FUNCTION + "/orders/" + UUID.randomUUID()).status())
                    .isLessThan(500));

    assertThat(Lab.eventually(PrometheusIT::invocations, count -> count >= before + CALLS))
        .isGreaterThanOrEqualTo(before + CALLS);
  }

  @Test
  void readsEveryPodThatHasMetrics() {
    assertThat(
            Lab.eventually(PrometheusIT::jobsThatAnswer, jobs -> jobs.size() >= expected().size()))
        .containsExactlyInAnyOrderElementsOf(expected());
  }

  @Test
  void runsWithoutAnyRightAtTheKubernetesApi() {
    assertThat(
            Lab.kubectl(
                "auth",
                "can-i",
                "--list",
                "--namespace=openfaas-fn",
                "--as=system:serviceaccount:openfaas:prometheus"))
        .doesNotContain("pods", "endpoints", "secrets");
  }

  @Test
  void isReachedThroughTheEdgeByNobody() {
    assertThat(Lab.edge("/api/v1/query?query=up").status()).isEqualTo(404);
    assertThat(Lab.edge("/graph").status()).isEqualTo(404);
  }

  private static List<String> expected() {
    return List.of(
        "gateway",
        "intake",
        "order-processor",
        "order-processor-worker",
        "order-status",
        "pgbouncer",
        "postgres");
  }

  /** The jobs of which every pod found was read. */
  private static List<String> jobsThatAnswer() {
    var jobs = query("min by (job) (up) == 1").at("/data/result");
    return IntStream.range(0, jobs.size())
        .mapToObj(i -> jobs.get(i).at("/metric/job").stringValue())
        .sorted()
        .toList();
  }

  /** As the gateway tells it. */
  private static long invocations() {
    var password = Lab.stack("output", "--show-secrets", "gatewayPassword").ok().strip();
    var functions = Lab.edge("/system/functions", "--user", "admin:" + password).json();
    for (var function : functions) {
      if (function.get("name").stringValue().equals(FUNCTION)) {
        return function.path("invocationCount").asLong(0);
      }
    }
    throw new AssertionError(FUNCTION + " is not among " + functions);
  }

  private static JsonNode query(String expression) {
    var path =
        PROMETHEUS
            + "/api/v1/query?query="
            + expression.replace(" ", "%20").replace("==", "%3D%3D");
    return new JsonMapper().readTree(Lab.kubectl("get", "--raw=" + path));
  }
}
