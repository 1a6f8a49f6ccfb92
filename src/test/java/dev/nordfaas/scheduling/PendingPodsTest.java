package dev.nordfaas.scheduling;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Lists as the API of Kubernetes v1.34 gives them, cut down to what is read. */
class PendingPodsTest {
  private static final Instant NOW = Instant.parse("2026-11-28T12:02:00Z");
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  static final String NODES =
      """
      items:
        - metadata: {name: lab-1}
          status: {allocatable: {cpu: 1580m, memory: 4456448Ki, pods: "110"}}
      """;

  static final String PODS =
      """
      items:
        - metadata: {namespace: edge, name: edge-check-x7k2p}
          spec:
            containers: [{name: check, resources: {requests: {cpu: 50m, memory: 32Mi}}}]
          status:
            phase: Pending
            conditions:
              - type: PodScheduled
                status: "False"
                reason: Unschedulable
                lastTransitionTime: "2026-11-28T12:00:30Z"
                message: '0/1 nodes are available: 1 Insufficient cpu.'
        - metadata: {namespace: postgres, name: postgres-0}
          spec:
            nodeName: lab-1
            initContainers: [{name: restore, resources: {requests: {cpu: "1", memory: 1Gi}}}]
            containers:
              - {name: postgres, resources: {requests: {cpu: "1", memory: 1Gi}}}
              - {name: exporter, resources: {requests: {cpu: 550m, memory: 64Mi}}}
          status: {phase: Running, conditions: [{type: PodScheduled, status: "True"}]}
        - metadata: {namespace: nats, name: nats-streams-4tzq8}
          spec:
            nodeName: lab-1
            containers: [{name: streams, resources: {requests: {cpu: 50m, memory: 32Mi}}}]
          status: {phase: Succeeded, conditions: [{type: PodScheduled, status: "True"}]}
        - metadata: {namespace: kube-system, name: local-path-provisioner-5cf85fd84d-8tjzv}
          spec: {nodeName: lab-1, containers: [{name: local-path-provisioner, resources: {}}]}
          status: {phase: Running, conditions: [{type: PodScheduled, status: "True"}]}
      """;

  private static Map<String, String> describe(String pods) {
    return PendingPods.describe(yaml(NODES), yaml(pods), PATIENCE, NOW);
  }

  static JsonNode yaml(String text) {
    return new YAMLMapper().readTree(text);
  }

  @Test
  void namesThePodWhatItAsksForWhatIsLeftAndTheFix() {
    assertThat(describe(PODS))
        .isEqualTo(
            Map.of(
                "edge/edge-check-x7k2p",
                "pod edge/edge-check-x7k2p has had no node for 90 s: it requests 50m cpu and 32Mi memory;"
                    + " left for pods: 30m cpu and 3264Mi memory on lab-1;"
                    + " the scheduler says: 0/1 nodes are available: 1 Insufficient cpu.;"
                    + " fix: lower scale.max or requests of functions, or add a node;"
                    + " what else runs there: kubectl get pods -A -o wide"));
  }

  @Test
  void waitsUntilThePodHasHadTimeToFindRoom() {
    assertThat(describe(PODS.replace("12:00:30Z", "12:01:30Z"))).isEmpty();
  }

  @Test
  void saysNothingOfAPodThatWaitsForSomethingElse() {
    assertThat(describe(PODS.replace("reason: Unschedulable", "reason: SchedulingGated")))
        .isEmpty();
  }

  @Test
  void countsTheLargestInitContainerWhereThatIsMore() {
    var pods =
        PODS.replace(
            "requests: {cpu: \"1\", memory: 1Gi}}}]", "requests: {cpu: 1580m, memory: 2Gi}}}]");

    assertThat(describe(pods).get("edge/edge-check-x7k2p"))
        .contains("left for pods: 0m cpu and 2304Mi memory on lab-1;");
  }

  @Test
  void saysWhatIsLeftOnEachNode() {
    var nodes =
        NODES
            + """
              - metadata: {name: lab-2}
                status: {allocatable: {cpu: "2", memory: 8Gi}}
            """;

    assertThat(
            PendingPods.describe(yaml(nodes), yaml(PODS), PATIENCE, NOW)
                .get("edge/edge-check-x7k2p"))
        .contains(
            "left for pods: 30m cpu and 3264Mi memory on lab-1, 2000m cpu and 8192Mi memory on lab-2;");
  }
}
