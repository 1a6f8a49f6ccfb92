package dev.nordfaas.graph;

import dev.nordfaas.config.NodeConfig;
import dev.nordfaas.config.StackConfig;
import dev.nordfaas.plan.Plan;
import dev.nordfaas.plan.Pods;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where pods may run, as far as it is decided before they are scheduled.
 *
 * @param onNodes the pods that each node has to itself or shares with some others, by its name
 * @param anywhere those for which the scheduler chooses among all nodes that take pods
 */
record Placement(Map<String, List<Pods>> onNodes, List<Pods> anywhere) {
  Placement {
    onNodes = new LinkedHashMap<>(onNodes);
    anywhere = List.copyOf(anywhere);
  }

  static Placement of(Plan plan) {
    var nodes = plan.config().nodes();
    var onNodes = new LinkedHashMap<String, List<Pods>>();
    nodes.keySet().forEach(node -> onNodes.put(node, new ArrayList<>()));
    var anywhere = new ArrayList<Pods>();
    for (var pods : plan.pods()) {
      var chosen = nodesOf(pods, plan.config());
      if (chosen.isEmpty()) {
        anywhere.add(pods);
      }
      chosen.forEach(node -> onNodes.computeIfAbsent(node, it -> new ArrayList<>()).add(pods));
    }
    return new Placement(onNodes, anywhere);
  }

  /** Empty if the scheduler chooses among all. */
  static List<String> nodesOf(Pods pods, StackConfig config) {
    var taking =
        config.nodes().entrySet().stream()
            .filter(node -> takesPods(node.getValue(), config))
            .map(Map.Entry::getKey)
            .toList();
    if (taking.size() == 1 && pods.mayRunOn(taking.get(0))) {
      return taking;
    }
    return pods.pinned().isEmpty()
        ? List.of()
        : config.nodes().keySet().stream().filter(pods::mayRunOn).toList();
  }

  /** Nobody knows the taints of a cluster that exists already. */
  private static boolean takesPods(NodeConfig node, StackConfig config) {
    return config.k3s().existing().isPresent() || node.takesPods();
  }
}
