package dev.nordfaas.policy;

import dev.nordfaas.config.NodeConfig;
import dev.nordfaas.config.StackConfig;
import java.util.LinkedHashMap;
import java.util.Map;

/** The nodes of a stack by what they are for. */
final class Nodes {
  private Nodes() {}

  /** Those that the platform's pods may run on, by name, in the order of the config. */
  static Map<String, NodeConfig> takingPods(StackConfig config) {
    var nodes = new LinkedHashMap<>(config.nodes());
    nodes.values().removeIf(node -> !node.takesPods());
    return nodes;
  }

  /** How many the platform's pods may run on, as the end of a sentence that begins with "there". */
  static String count(StackConfig config) {
    var nodes = takingPods(config).size();
    return (nodes == 1 ? "is 1 node" : "are %d nodes".formatted(nodes))
        + (nodes == config.nodes().size() ? "" : " without a taint that keeps pods away");
  }
}
