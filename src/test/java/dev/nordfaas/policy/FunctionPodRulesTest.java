package dev.nordfaas.policy;

import static dev.nordfaas.config.check.RuleCheck.problems;
import static dev.nordfaas.config.check.RuleCheck.warnings;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Labels, annotations and nodes of a function's pods. */
class FunctionPodRulesTest {
  private static final String FUNCTION = "nordfaas:functions.order-status.";

  @Nested
  class OwnMetadata {
    @ParameterizedTest
    @ValueSource(
        strings = {
          "team",
          "example.no/team",
          "app.kubernetes.io/version",
          "com.openfaas.git-owner",
          "Git-Owner"
        })
    void allowsLabelsThatBelongToNobodyElse(String label) {
      assertThat(
              problems(
                  new OwnMetadataRule(), "set: {%slabels: {'%s': x}}".formatted(FUNCTION, label)))
          .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "faas_function|is set by the platform, which finds pods by it; remove it",
          "app.kubernetes.io/name|is set by the platform, which finds pods by it; remove it",
          "app.kubernetes.io/component|is set by the platform, which finds pods by it; remove it",
          "nordfaas.dev/nats-client|is set by the platform, which finds pods by it; remove it",
          "pod-template-hash|belongs to Kubernetes; use your own prefix, such as example.no/team",
          "topology.kubernetes.io/zone|belongs to Kubernetes; use your own prefix, such as example.no/team",
          "com.openfaas.scale.min|only scales functions that OpenFaaS deploys itself; use scale",
        })
    void refusesLabelsOfOthers(String label, String problem) {
      assertThat(
              problems(
                  new OwnMetadataRule(), "set: {%slabels: {'%s': x}}".formatted(FUNCTION, label)))
          .containsExactly(
              "functions.order-status.labels%s: %s"
                  .formatted(
                      label.contains(".") ? "[\"%s\"]".formatted(label) : "." + label, problem));
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "nordfaas.dev/config-checksum|is set by the platform; remove it",
          "prometheus.io/port|is set by the platform; use metricsPort",
          "prometheus.io.scrape|is set by the platform; use metricsPort",
          "pulumi.com/skipAwait|would change how Pulumi applies the Deployment; remove it",
          "deployment.kubernetes.io/revision|belongs to Kubernetes; use your own prefix, such as example.no/owner",
          "com.openfaas.health.http.path|only matters for functions that OpenFaaS deploys itself; use readinessPath",
          "com.openfaas.profile|only matters for functions that OpenFaaS deploys itself; remove it",
          "com.openfaas.retry.attempts|is only read by OpenFaaS' own queue; set openfaas.jetstream, or use backoff and maxDeliver of the stream's consumer",
        })
    void refusesAnnotationsOfOthers(String annotation, String problem) {
      assertThat(
              problems(
                  new OwnMetadataRule(),
                  "set: {%sannotations: {'%s': x}}".formatted(FUNCTION, annotation)))
          .containsExactly(
              "functions.order-status.annotations[\"%s\"]: %s".formatted(annotation, problem));
    }

    @Test
    void allowsAnnotationsOfOpenFaasQueueWhereItRuns() {
      assertThat(
              problems(
                  new OwnMetadataRule(),
                  "set: {nordfaas:openfaas: {edition: standard, license: {secure: x}, jetstream: {}}, %sannotations: {com.openfaas.retry.attempts: 5, topic: 'a, b'}}"
                      .formatted(FUNCTION)))
          .isEmpty();
    }

    @Test
    void refusesAnnotationsThatAreTooLarge() {
      assertThat(
              problems(
                  new OwnMetadataRule(),
                  "set: {%sannotations: {note: %s}}".formatted(FUNCTION, "x".repeat(258_045))))
          .containsExactly(
              "functions.order-status.annotations: 258049 bytes in all are more than Kubernetes takes; use 258048 or less");
    }
  }

  @Nested
  class NodeSelector {
    @ParameterizedTest
    @ValueSource(
        strings = {
          "kubernetes.io/hostname: oslo-1",
          "kubernetes.io/os: linux",
          "kubernetes.io/arch: arm64",
          "node-role.kubernetes.io/control-plane: 'true'",
          "example.no/disk: nvme"
        })
    void allowsLabelsOfNodes(String selector) {
      assertThat(
              problems(
                  new NodeSelectorRule(),
                  "set: {nordfaas:nodes.oslo-1.labels: {example.no/disk: nvme}, %snodeSelector: {%s}}"
                      .formatted(FUNCTION, selector)))
          .isEmpty();
    }

    @Test
    void refusesLabelsThatNoNodeHasTogether() {
      assertThat(
              problems(
                  new NodeSelectorRule(),
                  "set: {%snodeSelector: {kubernetes.io/hostname: oslo-1, example.no/disk: nvme}}"
                      .formatted(FUNCTION)))
          .containsExactly(
              "functions.order-status.nodeSelector: no node has example.no/disk=nvme and kubernetes.io/hostname=oslo-1, so its pods would never start; add what is missing to nodes.<name>.labels, or change it");
    }

    @ParameterizedTest
    @ValueSource(strings = {"kubernetes.io/os: windows", "kubernetes.io/arch: s390x"})
    void refusesWhatNoNodeIs(String selector) {
      assertThat(
              problems(
                  new NodeSelectorRule(),
                  "set: {%snodeSelector: {%s}}".formatted(FUNCTION, selector)))
          .hasSize(1);
    }

    @Test
    void asksForNothingInAnExistingCluster() {
      assertThat(
              problems(
                  new NodeSelectorRule(),
                  "set: {nordfaas:k3s.existing: {kubeconfig: {secure: x}}, %snodeSelector: {disk: nvme}}"
                      .formatted(FUNCTION)))
          .isEmpty();
    }
  }

  @Nested
  class Capacity {
    private static final String ON_AN_AGENT =
        "set: {%snodeSelector: {kubernetes.io/hostname: bergen-4}, %s}";

    private static String onAnAgent(String more) {
      return ON_AN_AGENT.formatted(FUNCTION, more);
    }

    @Test
    void countsOnlyTheNodesThatThePodsMayRunOn() {
      assertThat(
              problems(
                  new CapacityRule(),
                  "bergen",
                  onAnAgent(
                      FUNCTION
                          + "scale: {min: 9, max: 9}, "
                          + FUNCTION
                          + "resources: {requests: {cpu: 1}}")))
          .singleElement()
          .asString()
          .startsWith("functions.order-status.nodeSelector: requests of 9 cpu exceed the ")
          .endsWith(
              " that bergen-4 has left for pods: order-status 9 × 1; add nodes with these labels or lower requests");
    }

    @Test
    void refusesAPodThatIsTooLargeForItsNodes() {
      assertThat(
              problems(
                  new CapacityRule(),
                  "bergen",
                  onAnAgent(
                      "nordfaas:nodes.bergen-4.vcpu: 2, "
                          + FUNCTION
                          + "resources: {requests: {cpu: 3}}")))
          .singleElement()
          .asString()
          .startsWith(
              "functions.order-status.resources.requests.cpu: 3 fits on no node that its nodeSelector allows: the largest has ");
    }

    @Test
    void leavesASelectorThatNothingSatisfiesToItsRule() {
      assertThat(
              problems(
                  new CapacityRule(), "set: {%snodeSelector: {disk: nvme}}".formatted(FUNCTION)))
          .isEmpty();
    }

    @Test
    void warnsOfReplicasThatDoNotFitOnTheirNodes() {
      assertThat(
              warnings(
                  new CapacityRule(),
                  "set: {%snodeSelector: {disk: nvme}, %sscale: {min: 1, max: 5}}"
                      .formatted(FUNCTION, FUNCTION)))
          .anyMatch(it -> it.startsWith("functions.order-status.scale.max: 5 replicas of "));
    }
  }
}
