package dev.nordfaas.policy;

import dev.nordfaas.config.StackConfig;
import dev.nordfaas.config.check.Problems;
import dev.nordfaas.config.model.KeyPath;
import dev.nordfaas.host.IpAddress;
import dev.nordfaas.k3s.K3sConfigFile;
import dev.nordfaas.plan.Plan;

/** Every node gets a part of the pod network that is large enough for its pods. */
final class PodNetworkRule implements Rule {
  private static final KeyPath CLUSTER_CIDR = KeyPath.of("k3s", "clusterCidr");
  private static final KeyPath MAX_PODS = KeyPath.of("k3s", "maxPods");

  @Override
  public void check(StackConfig config, Plan plan, Problems problems) {
    var k3s = config.k3s();
    var pods = k3s.clusterCidr();
    if (k3s.existing().isPresent() || IpAddress.isVersion6(pods.text())) {
      return;
    }
    var mask = K3sConfigFile.nodeMask(k3s.maxPods());
    var parts = mask < pods.prefixLength() ? 0 : 1L << (mask - pods.prefixLength());
    var nodes = config.nodes().size();
    if (parts < nodes) {
      problems.add(
          CLUSTER_CIDR,
          "%s has room for %d networks of /%d, which %d pods per node need, but there %s"
              .formatted(
                  pods,
                  parts,
                  mask,
                  k3s.maxPods(),
                  nodes == 1 ? "is 1 node" : "are " + nodes + " nodes"),
          "use a larger network, such as a /16, or lower maxPods",
          MAX_PODS,
          KeyPath.of("nodes"));
    }
  }
}
