package dev.nordfaas.lab;

import static org.assertj.core.api.Assertions.assertThat;

import com.pulumi.automation.AutomationException;
import dev.nordfaas.engine.EngineProject;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The lab's stack changes over to {@code openfaas.edition: none}, and back in the end. */
@EndToEnd
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class WithoutOpenFaasIT {
  private static final String BODY = "{\"net\": 100}";
  private static final String FUNCTION =
      """
          vat:
            image: lab.nordfaas.dev/vat:0.1.0
            http: {paths: [/vat], auth: {public: true}}
            rolloutTimeout: 2m
            scale: {min: 2, max: 2}
            resources: {requests: {cpu: 50m, memory: 64Mi}}
            cron:
              often: {schedule: "* * * * *", body: '{"net": 4}'}
      """;
  private static final String PROMETHEUS =
      "/api/v1/namespaces/openfaas/services/prometheus:9090/proxy/api/v1/query?query=";

  private static EngineProject project;
  private static Workloads before;

  @BeforeAll
  static void takeOpenFaasAway() throws IOException, AutomationException {
    before = Workloads.read();
    project = Lab.openProject();
    var config = "LAB_CONFIG=" + Lab.configFile();
    var without = Lab.run("env", config, "LAB_EDITION=none", "lab/stack", "config").ok();
    project.editConfig(with -> without);
    project.editConfig("  nordfaas:functions:\n", "  nordfaas:functions:\n" + FUNCTION);
    project.up();
    List.of("order-status", "vat").forEach(Lab::awaitNewPods);
  }

  @AfterAll
  static void bringItBack() throws IOException, AutomationException {
    project.close();
    Lab.applyOriginal();
    assertThat(
            Lab.eventually(() -> Lab.edge("/system/functions").status(), status -> status == 401))
        .isEqualTo(401);
  }

  @Test
  @Order(1)
  void whatHoldsDataAndWhatAcceptsOrdersIsNotTouched() {
    assertThat(before.changedUntil(Workloads.read()))
        .contains("openfaas/gateway")
        .doesNotContain(
            "nats/nats", "postgres/postgres", "postgres/pgbouncer", "openfaas-fn/intake");
  }

  @Test
  @Order(1)
  void aSecondUpHasNothingToDo() throws AutomationException {
    assertThat(Lab.changes(project.preview())).isEmpty();
  }

  @Test
  @Order(1)
  void nothingOfOpenFaasIsLeft() {
    assertThat(Lab.objects("deployments,services", "--namespace=openfaas"))
        .extracting(object -> object.at("/metadata/name").stringValue())
        .contains("prometheus")
        .noneMatch(name -> name.startsWith("gateway"));
    for (var path : List.of("/system/functions", "/ui/", "/async-function/vat")) {
      assertThat(Lab.edge(path).status()).as(path).isEqualTo(404);
    }
  }

  @Test
  @Order(1)
  void anOrderBecomesARowAndAFunctionReadsIt() {
    var id = "direct-" + UUID.randomUUID();

    var answer = Lab.postOrder(id);

    assertThat(answer.status()).as(answer.body()).isEqualTo(202);
    assertThat(
            Lab.eventually(
                () -> Lab.sql("select count(*) from orders where order_id = '" + id + "'"),
                List.of("1")::equals))
        .containsExactly("1");
    var location = answer.headers().get("location");
    assertThat(
            Lab.eventually(() -> Lab.edge(location).body(), status -> status.contains("\"done\"")))
        .contains("\"done\"");
    for (var path : List.of("/order-status/orders/", "/function/order-status/orders/")) {
      var read = Lab.edge(path + id);
      assertThat(read.status()).as(read.body()).isEqualTo(200);
      assertThat(read.body()).contains(id);
    }
  }

  @Test
  @Order(1)
  void aFunctionWithoutHttpAndReadinessAreNotFound() {
    for (var path :
        List.of(
            "/function/order-processor",
            "/order-status/_/ready",
            "/function/order-status/_/ready",
            "/function/vat-pods")) {
      assertThat(Lab.edge(path, "--path-as-is").status()).as(path).isEqualTo(404);
    }
  }

  /** Its pod may go anywhere that its own policy allows; the others' do not let it in. */
  @Test
  @Order(1)
  void aFunctionConnectsToNoOther() {
    for (var host : List.of("order-status", "order-processor", "order-status-pods")) {
      assertThat(python("connect('%s.openfaas-fn', 8080)".formatted(host))).isEqualTo("refused");
    }
  }

  @Test
  @Order(1)
  void callsAreSpreadOverThePods() {
    var earlier = pods().stream().collect(Collectors.toMap(pod -> pod, WithoutOpenFaasIT::calls));
    IntStream.range(0, 40)
        .forEach(i -> assertThat(Lab.edge("/vat", "--data", BODY).status()).isEqualTo(200));

    assertThat(earlier).hasSize(2);
    assertThat(pods())
        .allSatisfy(pod -> assertThat(calls(pod) - earlier.get(pod)).isGreaterThan(4));
  }

  @Test
  @Order(2)
  void aRollingUpdateUnderLoadFailsNoRequest() throws Exception {
    try (var load = Load.start(200, "/vat", BODY)) {
      project.set("functions.vat.environment.RELEASE", "two");
      assertThat(Lab.changes(project.up())).containsExactly("vat-deployment");

      assertThat(load.stop())
          .containsOnlyKeys("200")
          .hasEntrySatisfying("200", count -> assertThat(count).isGreaterThan(1000));
    }
  }

  /** A pod that is gone at once: only what it had in progress may fail. */
  @Test
  @Order(2)
  void aPodThatIsKilledTakesNoLaterCallWithIt() throws Exception {
    Lab.awaitNewPods("vat");
    try (var load = Load.start(50, "/vat", BODY)) {
      Lab.kubectl(
          "--namespace=openfaas-fn", "delete", "pod", pods().get(0), "--grace-period=0", "--force");
      Lab.eventually(Duration.ofSeconds(60), WithoutOpenFaasIT::ready, pods -> pods == 2);

      var answers = load.stop();
      assertThat(answers).containsKey("200");
      assertThat(answers.entrySet().stream().filter(it -> !it.getKey().equals("200")))
          .as(answers.toString())
          .allMatch(it -> it.getValue() < 10);
    }
  }

  @Test
  @Order(2)
  void prometheusReadsTheEdgesCalls() {
    var calls =
        Lab.eventually(
            () ->
                query(
                    "sum(caddy_http_request_duration_seconds_count{handler%3D%22reverse_proxy%22,code%3D%22200%22})"),
            result -> !result.isEmpty());

    assertThat(calls.at("/0/value/1").stringValue()).matches("[1-9][0-9]*");
    assertThat(query("up{job%3D%22edge%22}").at("/0/value/1").stringValue()).isEqualTo("1");
  }

  /** Last: by then its minute has come. */
  @Test
  @Order(3)
  void aScheduleCallsTheFunction() {
    assertThat(Schedules.jobsOf("vat-cron-often", "Complete")).isNotEmpty();
  }

  private static List<String> pods() {
    return Lab.objects("pods", "--namespace=openfaas-fn", "--selector=faas_function=vat").stream()
        .map(pod -> pod.at("/metadata/name").stringValue())
        .toList();
  }

  /** How many calls a pod has logged. */
  private static long calls(String pod) {
    return Lab.kubectl("--namespace=openfaas-fn", "logs", pod)
        .lines()
        .filter(line -> line.contains("\"message\": \"call\""))
        .count();
  }

  private static int ready() {
    return Integer.parseInt(
        Lab.kubectl(
            "--namespace=openfaas-fn",
            "get",
            "deployment",
            "vat",
            "--output=jsonpath={.status.readyReplicas}"));
  }

  private static JsonNode query(String expression) {
    return new JsonMapper()
        .readTree(Lab.kubectl("get", "--raw=" + PROMETHEUS + expression))
        .at("/data/result");
  }

  /** What a script prints that runs in a pod of the function. */
  private static String python(String line) {
    return Lab.kubectl(
            "--namespace=openfaas-fn",
            "exec",
            "deployment/vat",
            "--",
            "python3.11",
            "-c",
            """
            import socket
            def connect(host, port):
                try:
                    socket.create_connection((host, port), timeout=2)
                    print('connected')
                except OSError:
                    print('refused')
            %s
            """
                .formatted(line))
        .strip();
  }
}
