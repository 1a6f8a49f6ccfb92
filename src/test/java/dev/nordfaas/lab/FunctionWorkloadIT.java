package dev.nordfaas.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.pulumi.automation.AutomationException;
import com.pulumi.automation.ConfigValue;
import dev.nordfaas.engine.EngineProject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** A function of its own, added to the lab's stack: what it goes through while it serves. */
@EndToEnd
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class FunctionWorkloadIT {
  private static final String IMAGE = "lab.nordfaas.dev/vat:0.1.0";
  private static final String BODY = "{\"net\": 100}";
  private static final int MAX = 3;
  private static final String FUNCTION =
      """
          vat:
            image: %s
            http: {paths: [/vat], auth: {public: true}}
            rolloutTimeout: 2m
            scale:
              max: %d
              behavior: {scaleDown: {stabilizationWindow: 0s, pods: 2, period: 5s}}
            resources: {requests: {cpu: 50m, memory: 64Mi}}
            cron:
              often: {schedule: "* * * * *", body: '{"net": 4}'}
              wrong: {schedule: "* * * * *", body: '{"net": "much"}'}
            egress: [{host: %s, port: %d}]
      """;
  private static ServerSocket declared;
  private static ServerSocket undeclared;
  private static EngineProject project;

  @BeforeAll
  static void addTheFunction() throws IOException, AutomationException {
    declared = new ServerSocket(0, 50, InetAddress.getByName(Lab.OUTSIDE));
    undeclared = new ServerSocket(0, 50, InetAddress.getByName(Lab.OUTSIDE));
    project = Lab.openProject();
    project.editConfig(
        "  nordfaas:functions:\n",
        "  nordfaas:functions:\n"
            + FUNCTION.formatted(IMAGE, MAX, Lab.OUTSIDE, declared.getLocalPort()));
    setSecret("secrets.api-key", "first");
    project.up();
  }

  @AfterAll
  static void undo() throws IOException, AutomationException {
    declared.close();
    undeclared.close();
    project.close();
    Lab.applyOriginal();
  }

  @BeforeEach
  void awaitNewPods() {
    Lab.awaitNewPods("vat");
  }

  private static void set(String key, String value) throws AutomationException {
    project.set("functions.vat." + key, value);
  }

  private static void setSecret(String key, String value) throws AutomationException {
    project.stack().setConfig("nordfaas:functions.vat." + key, new ConfigValue(value, true), true);
  }

  @Test
  void aRollingUpdateUnderLoadFailsNoRequest() throws Exception {
    try (var load = Load.start(200, "/vat", BODY)) {
      set("environment.RELEASE", "two");
      assertThat(Lab.changes(project.up())).containsExactly("vat-deployment");

      assertThat(load.stop())
          .containsOnlyKeys("200")
          .hasEntrySatisfying("200", count -> assertThat(count).isGreaterThan(1000));
    }
  }

  @Test
  @Tag("lab-faults")
  void aBrokenImageNeverTakesTrafficAndTheNextUpMendsIt() throws Exception {
    var before = Workloads.read();
    set("image", "lab.nordfaas.dev/busybox:1.35");
    set("rolloutTimeout", "30s");
    try (var load = Load.start(20, "/vat", BODY)) {
      assertThatThrownBy(project::up)
          .hasMessageContaining("vat-deployment")
          .hasMessageContaining(
              "Minimum number of Pods to consider the application live was not attained");

      assertThat(load.stop()).containsOnlyKeys("200");
    }

    set("image", IMAGE);
    set("rolloutTimeout", "2m");
    assertThat(Lab.changes(project.up())).containsExactly("vat-deployment");
    assertThat(Lab.changes(project.preview())).isEmpty();
    assertThat(before.changedUntil(Workloads.read())).isEmpty();
  }

  @Test
  void theAutoscalerGoesFromMinToMaxUnderLoadAndBack() throws Exception {
    Lab.eventually(Duration.ofSeconds(120), FunctionWorkloadIT::replicas, is(1));
    try (var load = Load.start(200, "/vat", BODY)) {
      assertThat(Lab.eventually(Duration.ofSeconds(120), FunctionWorkloadIT::replicas, is(MAX)))
          .isEqualTo(MAX);
      assertThat(Lab.changes(project.up())).as("an up does not undo it").isEmpty();
      assertThat(replicas()).isEqualTo(MAX);
      assertThat(load.stop()).containsOnlyKeys("200");
    }
    assertThat(Lab.eventually(Duration.ofSeconds(120), FunctionWorkloadIT::replicas, is(1)))
        .isEqualTo(1);
  }

  @Test
  @Tag("lab-faults")
  void anAutoscalerComesAndGoesWithoutTakingPodsAway(@TempDir Path folder) throws Exception {
    set("scale.min", "2");
    project.up();
    set("scale.max", "2");
    project.up();
    Lab.eventually(Duration.ofSeconds(120), FunctionWorkloadIT::replicas, is(2));
    var asked = folder.resolve("asked");
    var watch = watch(asked);
    try (var load = Load.start(50, "/vat", BODY)) {
      set("scale.max", Integer.toString(MAX));
      assertThat(Lab.changes(project.up())).contains("vat-autoscaler");
      Lab.kubectl("--namespace=openfaas-fn", "scale", "deployment/vat", "--replicas=" + MAX);
      Lab.eventually(Duration.ofSeconds(120), FunctionWorkloadIT::replicas, is(MAX));

      set("scale.max", "2");
      assertThat(Lab.changes(project.up())).contains("vat-autoscaler");
      Lab.eventually(Duration.ofSeconds(120), FunctionWorkloadIT::replicas, is(2));

      assertThat(load.stop()).containsOnlyKeys("200");
      assertThat(Files.readAllLines(asked)).containsOnly("2", "3").contains("3").endsWith("2");
    } finally {
      watch.descendants().forEach(ProcessHandle::destroy);
      watch.destroy();
      set("scale.min", "1");
      set("scale.max", Integer.toString(MAX));
      project.up();
    }
  }

  @Test
  void podsConnectToNothingButWhatIsDeclared() {
    // Until the network policies know a new pod, it is refused everything.
    assertThat(
            Lab.eventually(
                () -> connects(Lab.OUTSIDE, declared.getLocalPort()), connected -> connected))
        .as("declared")
        .isTrue();
    assertThat(connects(Lab.OUTSIDE, undeclared.getLocalPort()))
        .as("another port of the same host")
        .isFalse();
    assertThat(connects("nats.nats", 4222)).isFalse();
    assertThat(connects("pgbouncer.postgres", 6432)).isFalse();
    assertThat(connects("order-status.openfaas-fn", 8080)).isFalse();
    assertThat(connects("kubernetes.default", 443)).isFalse();
  }

  @Test
  void aSecretIsAFileAndANewValueRollsTheFunctionAlone() throws Exception {
    var before = Workloads.read();
    setSecret("secrets.api-key", "second");

    assertThat(Lab.changes(project.up())).containsExactly("vat-deployment", "vat-secret-files");

    Lab.awaitNewPods("vat");
    assertThat(python("print(open('/var/openfaas/secrets/api-key').read(), end='')"))
        .isEqualTo("second");
    assertThat(python("import os; print(os.environ)"))
        .contains("exec_timeout")
        .doesNotContain("second");
    assertThat(before.changedUntil(Workloads.read())).containsExactly("openfaas-fn/vat");
  }

  /** Last: by then its minute has come. */
  @Test
  @Order(Integer.MAX_VALUE)
  void aScheduleCallsTheFunctionAndGivesUpWhatItRefuses() {
    assertThat(Schedules.jobsOf("vat-cron-often", "Complete")).isNotEmpty();
    assertThat(Schedules.jobsOf("vat-cron-wrong", "Failed"))
        .first()
        .satisfies(
            job -> {
              assertThat(job.at("/status/failed").intValue()).as("attempts").isEqualTo(1);
              assertThat(job.at("/status/conditions").toString()).contains("PodFailurePolicy");
            });
  }

  /** Writes how many pods the Deployment asks for, now and whenever it changes. */
  private static Process watch(Path asked) throws IOException {
    return new ProcessBuilder(
            "lab/shell",
            "kubectl",
            "--namespace=openfaas-fn",
            "get",
            "deployment/vat",
            "--watch",
            "--no-headers",
            "--output=custom-columns=REPLICAS:.spec.replicas")
        .redirectOutput(asked.toFile())
        .start();
  }

  private static int replicas() {
    return Integer.parseInt(
        Lab.kubectl(
            "--namespace=openfaas-fn",
            "get",
            "deployment",
            "vat",
            "--output=jsonpath={.status.readyReplicas}"));
  }

  private static Predicate<Integer> is(int number) {
    return found -> found == number;
  }

  private static boolean connects(String host, int port) {
    return python(
            """
            import socket
            try:
                socket.create_connection(('%s', %d), timeout=2)
                print('connected')
            except OSError as refused:
                print(refused)
            """
                .formatted(host, port))
        .contains("connected");
  }

  /** What a script prints that runs in a pod of the function. */
  private static String python(String script) {
    return Lab.kubectl(
        "--namespace=openfaas-fn", "exec", "deployment/vat", "--", "python3.11", "-c", script);
  }
}
