package dev.nordfaas.policy;

import dev.nordfaas.config.K3sConfig.FlannelBackend;
import dev.nordfaas.config.StackConfig;
import dev.nordfaas.config.check.Problems;
import dev.nordfaas.config.model.KeyPath;
import dev.nordfaas.k3s.Flannel;
import dev.nordfaas.plan.Plan;
import java.util.Optional;

/** The traffic between pods on different nodes is encrypted wherever it leaves private networks. */
final class FlannelRule implements Rule {
  private static final KeyPath BACKEND = KeyPath.of("k3s", "flannelBackend");
  private static final KeyPath NODES = KeyPath.of("nodes");

  @Override
  public void check(StackConfig config, Plan plan, Problems problems) {
    var k3s = config.k3s();
    var reached = Flannel.publicAddresses(config.nodes());
    if (k3s.existing().isEmpty()
        && k3s.flannelBackend().equals(Optional.of(FlannelBackend.VXLAN))
        && !reached.isEmpty()) {
      problems.add(
          BACKEND,
          "vxlan would carry the traffic between pods unencrypted to nodes at public addresses: "
              + String.join(", ", reached),
          "remove it or use wireguard-native; or give every node a privateAddress in a private"
              + " network",
          NODES);
    }
  }
}
