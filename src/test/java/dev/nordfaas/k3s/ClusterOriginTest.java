package dev.nordfaas.k3s;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.config.K3sConfig;
import dev.nordfaas.config.check.PatchedConfig;
import dev.nordfaas.testing.Fixtures;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ClusterOriginTest {
  private static final K3sConfig CREATED = Fixtures.oslo().k3s();

  @Test
  void allowsWhatIsAsItWas() {
    assertThat(refusal(CREATED)).isEmpty();
  }

  @Test
  void refusesOtherNetworks() {
    assertThat(refusal(k3s("clusterCidr: 10.52.0.0/16, serviceCidr: 10.53.0.0/16")))
        .hasValue(
            """
            nordfaas:k3s.clusterCidr: the cluster was created with 10.42.0.0/16, and Kubernetes does not move its nodes to 10.52.0.0/16; undo it, or create another cluster
            nordfaas:k3s.serviceCidr: the cluster was created with 10.43.0.0/16, and Kubernetes does not move its services to 10.53.0.0/16; undo it, or create another cluster""");
  }

  @Test
  void refusesMorePodsThanTheNodesHaveAddressesFor() {
    assertThat(refusal(k3s("maxPods: 251")))
        .hasValue(
            "nordfaas:k3s.maxPods: 251 pods need a /23 for each node, but the cluster was created with a /24; undo it, or create another cluster");
  }

  @Test
  void allowsAsManyPodsAsTheNodesHaveAddressesFor() {
    assertThat(refusal(k3s("maxPods: 250"))).isEmpty();
    assertThat(ClusterOrigin.refusal(CREATED, "10.42.0.0/16 /23 10.43.0.0/16")).isEmpty();
  }

  @Test
  void comparesNothingWithWhatIsNotKnown() {
    assertThat(ClusterOrigin.refusal(CREATED, "")).isEmpty();
  }

  private static Optional<String> refusal(K3sConfig wanted) {
    return ClusterOrigin.refusal(wanted, ClusterOrigin.of(CREATED));
  }

  private static K3sConfig k3s(String keys) {
    return PatchedConfig.of(
            "oslo", "set: {nordfaas:k3s: {version: v1.34.4+k3s1, %s}}".formatted(keys))
        .k3s();
  }
}
