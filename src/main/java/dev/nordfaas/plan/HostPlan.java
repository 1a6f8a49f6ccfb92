package dev.nordfaas.plan;

import dev.nordfaas.config.NodeConfig;
import dev.nordfaas.config.StackConfig;
import dev.nordfaas.host.HostSpec;
import dev.nordfaas.host.PodNetwork;
import dev.nordfaas.host.PortRange;
import java.util.List;
import java.util.Map;

/** Derives the specs of the nodes' operating systems. */
final class HostPlan {
  private HostPlan() {}

  /** In the order of the nodes; empty for an existing cluster, which has its own hosts. */
  static List<HostSpec> of(StackConfig config, List<PortRange> listenedPorts) {
    if (config.k3s().existing().isPresent()) {
      return List.of();
    }
    return config.nodes().entrySet().stream()
        .map(
            node ->
                new HostSpec(
                    node.getKey(),
                    node.getValue(),
                    config.host(),
                    config.ssh(),
                    listenedPorts,
                    PodNetwork.ofFlannel(
                        List.of(config.k3s().clusterCidr()), List.of(config.k3s().serviceCidr())),
                    peersOf(node.getKey(), config.nodes()),
                    ListenedPorts.betweenPods(config),
                    config.edge().trustedProxies(),
                    VirtualRouters.of(node.getKey(), config)))
        .toList();
  }

  private static List<String> peersOf(String node, Map<String, NodeConfig> nodes) {
    return nodes.entrySet().stream()
        .filter(other -> !other.getKey().equals(node))
        .map(Map.Entry::getValue)
        .map(NodeConfig::clusterAddress)
        .toList();
  }
}
