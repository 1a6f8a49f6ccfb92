package dev.nordfaas.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.pulumi.automation.AutomationException;
import dev.nordfaas.engine.EngineProject;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Pods of others have the node, with the platform's own priority: {@code up} says so, and ends. */
@Tag("lab-faults")
@ExtendWith(ShowLabLogs.class)
class NoRoomIT {
  /** A Job has five minutes, see ScriptJob. */
  private static final Duration BOUND = Duration.ofMinutes(7);

  private static final String FILLER =
      """
      apiVersion: v1
      kind: Namespace
      metadata: {name: filler}
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: filler, namespace: filler}
      spec:
        replicas: 40
        selector: {matchLabels: {app: filler}}
        template:
          metadata: {labels: {app: filler}}
          spec:
            priorityClassName: nordfaas-platform
            terminationGracePeriodSeconds: 0
            automountServiceAccountToken: false
            securityContext: {runAsNonRoot: true, runAsUser: 1000, seccompProfile: {type: RuntimeDefault}}
            containers:
              - name: filler
                image: lab.nordfaas.dev/busybox:1.35
                command: [sleep, infinity]
                securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
                resources: {requests: {cpu: 25m, memory: 4Mi}, limits: {memory: 8Mi}}
      """;

  private static EngineProject project;

  @BeforeAll
  static void fillTheNode() throws IOException, AutomationException {
    project = Lab.openProject();
    Lab.inVps("sh", "-c", "kubectl apply -f - <<'EOF'\n" + FILLER + "EOF");
    assertThat(
            Lab.eventually(
                FullNode.PATIENCE,
                FullNode::withoutRoom,
                pods -> pods.stream().anyMatch(pod -> pod.startsWith("filler/"))))
        .anyMatch(pod -> pod.startsWith("filler/"));
  }

  @AfterAll
  static void putTheLabBack() throws IOException, AutomationException {
    project.close();
    Lab.kubectl("delete", "namespace", "filler");
    assertThat(Lab.eventually(FullNode.PATIENCE, () -> FullNode.missing("none"), List::isEmpty))
        .isEmpty();
    Lab.applyOriginal();
  }

  @Test
  void upNamesThePodWhatItAsksForWhatIsLeftAndTheFixAndEnds() throws Exception {
    project.set("edge.maxRequestBody", "4Mi");
    var begin = Instant.now();

    assertThatThrownBy(project::up)
        .hasMessageContaining("openfaas-edge-check")
        .hasMessageContaining("0/1 nodes are available: 1 Insufficient cpu")
        .hasMessageContaining("DeadlineExceeded")
        .message()
        .containsPattern(
            "pod edge/edge-check-[a-z0-9]+ has had no node for [0-9]+ s: it requests 50m cpu and 32Mi memory; left for pods: [0-4]?[0-9]m cpu and [0-9]+Mi memory on lab-1; the scheduler says: 0/1 nodes are available")
        .contains("fix: lower scale.max or requests of functions, or add a node");
    assertThat(Duration.between(begin, Instant.now())).isLessThan(BOUND);
  }
}
