package dev.nordfaas.lab;

import static org.assertj.core.api.Assertions.assertThat;

import com.pulumi.automation.AutomationException;
import com.pulumi.automation.OperationType;
import dev.nordfaas.engine.EngineProject;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/**
 * One changed value of the config: the plan shows it, up applies it, and nothing else restarts. The
 * changes pile up, each on what is there by then, and are taken back together.
 */
@EndToEnd
class OneChangeIT {
  private static EngineProject project;

  private Workloads before;

  @BeforeAll
  static void openProject() throws IOException, AutomationException {
    project = Lab.openProject();
  }

  @AfterAll
  static void undo() throws IOException, AutomationException {
    project.close();
    Lab.applyOriginal();
  }

  @BeforeEach
  void readWorkloads() {
    before = Workloads.read();
  }

  private void set(String key, String value) throws AutomationException {
    project.set(key, value);
  }

  /** Applies what was set; the names of the resources that the plan had said. */
  private List<String> up() throws AutomationException {
    var planned = Lab.changes(project.preview());
    assertThat(Lab.changes(project.up())).isEqualTo(planned);
    return planned;
  }

  @Test
  void aSysctlIsSetOnTheHost() throws Exception {
    set("host.sysctls[\"vm.max_map_count\"]", "524288");

    assertThat(up()).containsExactly("lab-1-sysctls");

    assertThat(Lab.overSsh("sysctl", "-n", "vm.max_map_count").strip()).isEqualTo("524288");
    assertThat(before.changedUntil(Workloads.read())).isEmpty();
  }

  @Test
  void aStreamLimitIsSetOnTheStream() throws Exception {
    set("nats.streams.orders.maxBytes", "900Mi");

    assertThat(up()).containsExactly("nats-streams", "nats-streams-config");

    assertThat(maxBytesOfStreamOrders()).isEqualTo(900L << 20);
    assertThat(before.changedUntil(Workloads.read())).isEmpty();
  }

  @Test
  @Tag("lab-faults")
  void aLargerVolumeRestartsNatsAndReplacesNothingThatHoldsData() throws Exception {
    set("nats.storage.size", "3Gi");

    assertThat(up()).containsExactly("nats-config", "nats-server", "nats-servers", "nats-streams");

    assertThat(
            Lab.kubectl("--namespace=nats", "exec", "nats-0", "--", "cat", "/etc/nats/nats.conf"))
        .contains("max_file_store: 2764MiB");
    assertThat(before.changedUntil(Workloads.read())).containsExactly("nats/nats");
  }

  @Test
  void aPoolSizeIsReadByPgBouncerWithoutARestart() throws Exception {
    var earlier = readsOfPgBouncer();
    set("postgres.pooler.defaultPoolSize", "21");

    assertThat(up()).containsExactly("postgres-pooler-config");

    // A kubelet looks for new files once a minute.
    assertThat(
            Lab.eventually(
                Duration.ofMinutes(2),
                OneChangeIT::fileOfPgBouncer,
                file -> file.contains("default_pool_size = 21")))
        .contains("default_pool_size = 21");
    assertThat(Lab.eventually(OneChangeIT::readsOfPgBouncer, reads -> reads > earlier))
        .isGreaterThan(earlier);
    assertThat(before.changedUntil(Workloads.read())).isEmpty();
  }

  @Test
  @Tag("lab-faults")
  void aFunctionImageRollsThatFunctionAlone() throws Exception {
    var image = "lab.nordfaas.dev/order-processor:0.1.0";
    Lab.inVps("ctr", "--namespace=k8s.io", "images", "tag", "--force", image, image + "-same");
    set("functions.order-status.image", image + "-same");

    assertThat(EngineProject.changes(project.preview()))
        .singleElement()
        .satisfies(step -> assertThat(step.op()).isEqualTo(OperationType.UPDATE))
        .satisfies(
            step ->
                assertThat(step.detailedDiff())
                    .containsOnlyKeys("spec.template.spec.containers[0].image"));
    assertThat(up()).containsExactly("order-status-deployment");

    assertThat(before.changedUntil(Workloads.read())).containsExactly("openfaas-fn/order-status");
  }

  private static String fileOfPgBouncer() {
    return Lab.kubectl(
        "--namespace=postgres",
        "exec",
        "deployment/pgbouncer",
        "--",
        "cat",
        "/etc/pgbouncer/pgbouncer.ini");
  }

  private static long readsOfPgBouncer() {
    return Lab.kubectl("--namespace=postgres", "logs", "deployment/pgbouncer")
        .lines()
        .filter(line -> line.contains("re-reading config"))
        .count();
  }

  private static long maxBytesOfStreamOrders() {
    var jetStream =
        new JsonMapper()
            .readTree(
                Lab.kubectl(
                    "--namespace=nats",
                    "exec",
                    "nats-0",
                    "--",
                    "curl",
                    "--silent",
                    "http://127.0.0.1:8222/jsz?streams=true&config=true"));
    for (var stream : jetStream.at("/account_details/0/stream_detail")) {
      if (stream.get("name").stringValue().equals("orders")) {
        return stream.at("/config/max_bytes").longValue();
      }
    }
    throw new AssertionError("no stream orders in " + jetStream);
  }
}
