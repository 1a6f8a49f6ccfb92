package dev.nordfaas.policy;

import dev.nordfaas.config.StackConfig;
import dev.nordfaas.config.check.Problems;
import dev.nordfaas.config.model.KeyPath;
import dev.nordfaas.plan.Plan;
import java.util.HashSet;
import java.util.List;

/**
 * The kubelet accepts the taints of a node, nobody else takes them away, and some node is left for
 * the platform's pods: they tolerate none. Source: Kubernetes, ParseTaints in pkg/util/taints, and
 * the well-known taints in k8s.io/api/core/v1.
 */
final class NodeTaintRule implements Rule {
  private static final KeyPath NODES = KeyPath.of("nodes");

  private static final List<String> OF_KUBERNETES =
      List.of("node.kubernetes.io/", "node.cloudprovider.kubernetes.io/");

  @Override
  public void check(StackConfig config, Plan plan, Problems problems) {
    config
        .nodes()
        .forEach(
            (name, node) -> check(node.taints(), KeyPath.of("nodes", name, "taints"), problems));
    if (Nodes.takingPods(config).isEmpty()) {
      problems.add(
          NODES,
          "every node has a taint that keeps the platform's pods away",
          "leave at least one without NoSchedule and NoExecute");
    }
  }

  private static void check(List<String> taints, KeyPath path, Problems problems) {
    var seen = new HashSet<String>();
    for (var taint : taints) {
      var key = taint.replaceFirst("[=:].*", "");
      if (OF_KUBERNETES.stream().anyMatch(key::startsWith)) {
        problems.add(
            path,
            taint + " is a taint that Kubernetes sets and removes itself",
            "use your own prefix, such as example.no/gpu=true:NoSchedule");
      }
      if (!seen.add(key + taint.substring(taint.lastIndexOf(':')))) {
        problems.add(
            path,
            "has %s with this effect twice, and the kubelet does not start with it".formatted(key),
            "remove one of the two");
      }
    }
  }
}
