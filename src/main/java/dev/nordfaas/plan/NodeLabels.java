package dev.nordfaas.plan;

import dev.nordfaas.config.NodeConfig;
import dev.nordfaas.config.NodeConfig.Role;
import dev.nordfaas.config.StackConfig;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The labels by which pods choose a node, as far as the config says them. */
final class NodeLabels {
  /** Well-known labels that every kubelet sets on its node. */
  private static final String HOSTNAME = "kubernetes.io/hostname";

  private static final String OS = "kubernetes.io/os";
  private static final String ARCH = "kubernetes.io/arch";

  /** K3s sets it on servers, to "true": setNodeLabelsAndAnnotations in its pkg/server. */
  private static final String CONTROL_PLANE = "node-role.kubernetes.io/control-plane";

  /** What K3s is released for, of what {@code up} installs; the config does not say which. */
  private static final Set<String> ARCHITECTURES = Set.of("amd64", "arm64");

  private NodeLabels() {}

  /**
   * The nodes that have all of the labels and no taint that keeps pods away; all nodes of an
   * existing cluster, whose labels nobody knows.
   */
  static Set<String> nodesWith(Map<String, String> selector, StackConfig config) {
    var nodes = new LinkedHashSet<String>();
    config
        .nodes()
        .forEach(
            (name, node) -> {
              if (config.k3s().existing().isPresent()
                  || (node.takesPods()
                      && selector.entrySet().stream().allMatch(it -> has(name, node, it)))) {
                nodes.add(name);
              }
            });
    return nodes;
  }

  private static boolean has(String name, NodeConfig node, Map.Entry<String, String> label) {
    return label.getKey().equals(ARCH)
        ? ARCHITECTURES.contains(label.getValue())
        : label.getValue().equals(of(name, node).get(label.getKey()));
  }

  private static Map<String, String> of(String name, NodeConfig node) {
    var labels = new TreeMap<>(Map.of(HOSTNAME, name, OS, "linux"));
    if (node.role() == Role.SERVER) {
      labels.put(CONTROL_PLANE, "true");
    }
    labels.putAll(node.labels());
    return labels;
  }
}
