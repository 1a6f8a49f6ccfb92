package dev.nordfaas.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.config.check.PatchedConfig;
import dev.nordfaas.manifest.Requests;
import dev.nordfaas.testing.Fixtures;
import dev.nordfaas.testing.RecordingMocks;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CapacityTest {
  @ParameterizedTest
  @ValueSource(strings = {"oslo", "bergen", "small"})
  void isAskedForWhatRunsAtTheStart(String stack) {
    var plan = Plan.of(Fixtures.config(stack));

    assertThat(plan.capacity().asked())
        .isEqualTo(
            Turns.atStart(plan.pods()).stream()
                .map(pods -> pods.pod().times(pods.replicas()))
                .reduce(Requests.NONE, Requests::plus));
    assertThat(plan.capacity().unplaced()).isZero();
  }

  @Test
  void leavesWhatIsNotAskedFor() {
    assertThat(Plan.of(Fixtures.bergen()).capacity().nodes())
        .hasSize(5)
        .allSatisfy(node -> assertThat(node.asked().plus(node.left())).isEqualTo(node.available()));
  }

  @Test
  void countsPodsThatFitNowhere() {
    var plan =
        Plan.of(
            PatchedConfig.of(
                "oslo",
                "set: {nordfaas:functions.order-status.resources: {requests: {cpu: '100', memory: 1Gi}, limits: {memory: 1Gi}}}"));

    assertThat(plan.capacity().unplaced()).isEqualTo(1);
  }

  @Test
  void isOfNodesThatTakePods() {
    var plan =
        Plan.of(
            PatchedConfig.of(
                "bergen", "set: {nordfaas:nodes.bergen-5.taints: ['a=b:NoSchedule']}"));

    assertThat(plan.capacity().nodes())
        .extracting(Capacity.OfNode::name)
        .containsExactly("bergen-1", "bergen-2", "bergen-3", "bergen-4");
  }

  @Test
  void isOfTheNodesOfAnExistingClusterIfTheConfigHasThem() {
    assertThat(
            Plan.of(Fixtures.osloOnExistingCluster(RecordingMocks.KUBECONFIG)).capacity().nodes())
        .extracting(Capacity.OfNode::name)
        .containsExactly("oslo-1");
  }
}
