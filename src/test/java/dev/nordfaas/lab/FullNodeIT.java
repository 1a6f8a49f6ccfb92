package dev.nordfaas.lab;

import static org.assertj.core.api.Assertions.assertThat;

import com.pulumi.automation.AutomationException;
import dev.nordfaas.engine.EngineProject;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Functions have all of the node, and more of them wait: the platform comes back nevertheless. */
@EndToEnd
@Tag("lab-faults")
class FullNodeIT {
  private static final String FUNCTION = "order-status";
  private static final List<String> FUNCTIONS = List.of("nordfaas-functions");

  /** All JVMs of the node start at once. */
  private static final Duration BOOT = Duration.ofMinutes(10);

  private static final int MORE_THAN_THERE_IS_ROOM_FOR = 15;
  private static EngineProject project;

  @BeforeAll
  static void fillTheNodeWithFunctions() throws IOException, AutomationException {
    project = Lab.openProject();
    scale(MORE_THAN_THERE_IS_ROOM_FOR, MORE_THAN_THERE_IS_ROOM_FOR);
  }

  @AfterAll
  static void putTheLabBack() throws IOException, AutomationException {
    project.close();
    scale(1, 2);
    Lab.kubectl("--namespace=openfaas-fn", "scale", "deployment/" + FUNCTION, "--replicas=1");
    Lab.applyOriginal();
    assertThat(Lab.eventually(FullNode.PATIENCE, () -> FullNode.missing("none"), List::isEmpty))
        .isEmpty();
  }

  @BeforeEach
  void functionsWaitForRoomAndNothingElse() {
    assertThat(Lab.eventually(FullNode.PATIENCE, FullNode::classesWithoutRoom, FUNCTIONS::equals))
        .as("without room: %s", FullNode.withoutRoom())
        .isEqualTo(FUNCTIONS);
  }

  private static void scale(int min, int max) {
    Lab.kubectl(
        "--namespace=openfaas-fn",
        "patch",
        "horizontalpodautoscaler/" + FUNCTION,
        "--patch={\"spec\": {\"minReplicas\": %d, \"maxReplicas\": %d}}".formatted(min, max));
  }

  @ParameterizedTest
  @CsvSource({"postgres,postgres-0", "nats,nats-0", "edge,edge-0"})
  void aPodOfThePlatformThatIsDeletedComesBack(String namespace, String pod) {
    FullNode.replace(namespace, pod);

    FullNode.assertAnOrderGoesThrough();
  }

  @Test
  void intakeAndTheWorkerComeBack() {
    Lab.kubectl(
        "--namespace=openfaas-fn",
        "delete",
        "pods",
        "--selector=app.kubernetes.io/name in (intake, order-processor-worker)");

    FullNode.assertAnOrderGoesThrough();
  }

  @Test
  void anUpWithAnotherConfigOfTheEdgeGoesThrough() throws Exception {
    project.set("edge.maxRequestBody", "3Mi");

    assertThat(Lab.changes(project.up()))
        .containsExactly("openfaas-edge-check", "openfaas-edge-config");
  }

  @Test
  void aRebootBringsEverythingBack() {
    Lab.run("env", "LAB_KEEP=1", "lab/down").ok();
    Lab.run("env", "LAB_KEEP=1", "lab/up").ok();

    // First the order: the API tells of the pods what it knew before, until the kubelet has looked.
    FullNode.assertAnOrderGoesThroughWithin(BOOT);
    assertThat(Lab.eventually(BOOT, FullNodeIT::missingAfterBoot, List.of()::equals)).isEmpty();
  }

  /**
   * All but the functions, of which some replicas wait; that enough of them are there, an order
   * shows.
   */
  private static List<String> missingAfterBoot() {
    try {
      return FullNode.missing("none").stream()
          .filter(name -> !name.equals("openfaas-fn/" + FUNCTION))
          .filter(name -> !name.equals("openfaas-fn/order-processor"))
          .toList();
    } catch (AssertionError e) {
      return List.of("the API");
    }
  }
}
