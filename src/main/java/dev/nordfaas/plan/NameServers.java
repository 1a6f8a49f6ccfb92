package dev.nordfaas.plan;

import dev.nordfaas.config.NodeConfig;
import dev.nordfaas.config.StackConfig;
import dev.nordfaas.k3s.K3sRelease;
import dev.nordfaas.k3s.NameServer;

/** How many pods of the cluster's name server there are. */
final class NameServers {
  private static final int ON_SEVERAL_NODES = 2;

  private NameServers() {}

  /**
   * One on each node where there are several, or two where pods cannot prefer that of their own
   * node; K3s' single one elsewhere. How many an existing cluster has is not ours to say.
   */
  static int of(StackConfig config) {
    var k3s = config.k3s();
    if (k3s.existing().isPresent()) {
      return 1;
    }
    var nodes = (int) config.nodes().values().stream().filter(NodeConfig::takesPods).count();
    return NameServer.prefersSameNode(K3sRelease.parse(k3s.version()))
        ? Math.max(1, nodes)
        : Math.min(Math.max(1, nodes), ON_SEVERAL_NODES);
  }
}
