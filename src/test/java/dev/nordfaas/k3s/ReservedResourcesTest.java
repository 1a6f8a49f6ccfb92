package dev.nordfaas.k3s;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.config.ByteSize;
import dev.nordfaas.config.NodeConfig;
import dev.nordfaas.testing.Fixtures;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReservedResourcesTest {
  @ParameterizedTest
  @CsvSource({
    "8, 32Gi, false, 110, 'cpu=90m,memory=1465Mi'",
    "8, 32Gi, true, 110, 'cpu=340m,memory=2489Mi'",
    "8, 32Gi, true, 250, 'cpu=340m,memory=4029Mi'",
    "1, 2Gi, true, 110, 'cpu=250m,memory=512Mi'",
    "64, 256Gi, false, 110, 'cpu=230m,memory=1465Mi'",
  })
  void growWithTheNodeUpToAQuarterOfIt(
      int vcpu, String memory, boolean server, int maxPods, String flag) {
    assertThat(ReservedResources.kube(node(vcpu, memory), server, maxPods).flag()).isEqualTo(flag);
  }

  private static NodeConfig node(int vcpu, String memory) {
    var node = Fixtures.oslo().nodes().get("oslo-1");
    return new NodeConfig(
        node.role(),
        node.address(),
        node.privateAddress(),
        node.hostKey(),
        vcpu,
        ByteSize.parse(memory),
        node.disk(),
        node.monthlyPriceNok(),
        node.sysctls(),
        node.labels(),
        node.taints(),
        node.away());
  }
}
