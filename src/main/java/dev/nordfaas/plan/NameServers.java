package dev.nordfaas.plan;

import dev.nordfaas.config.NodeConfig;
import dev.nordfaas.config.StackConfig;

/** How many pods of the cluster's name server there are. */
final class NameServers {
  private static final int ON_SEVERAL_NODES = 2;

  private NameServers() {}

  /**
   * Two, each on a node of its own, where there are several nodes; K3s' single one elsewhere. How
   * many an existing cluster has is not ours to say.
   */
  static int of(StackConfig config) {
    return config.k3s().existing().isEmpty()
            && config.nodes().values().stream().filter(NodeConfig::takesPods).count() > 1
        ? ON_SEVERAL_NODES
        : 1;
  }
}
