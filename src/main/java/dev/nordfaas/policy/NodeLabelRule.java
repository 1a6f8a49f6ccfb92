package dev.nordfaas.policy;

import dev.nordfaas.config.StackConfig;
import dev.nordfaas.config.check.Problems;
import dev.nordfaas.config.model.KeyPath;
import dev.nordfaas.plan.Plan;
import java.util.Set;

/**
 * The kubelet accepts the labels of a node: with Kubernetes' own prefixes, only those that a
 * kubelet may set on itself. Source: Kubernetes, ValidateKubeletFlags in cmd/kubelet/app/options
 * and IsKubeletLabel in pkg/kubelet/apis. And none replaces what the kubelet (initialNode in
 * pkg/kubelet/kubelet_node_status.go) and K3s (configureNode in pkg/agent/run.go) say about the
 * node.
 */
final class NodeLabelRule implements Rule {
  private static final String OWN_PREFIX = "use your own prefix, such as example.no/role";
  private static final String REMOVE_OR_RENAME = "remove it, or " + OWN_PREFIX;
  private static final Set<String> DOMAINS = Set.of("kubernetes.io", "k8s.io");
  private static final Set<String> PREFIXES = Set.of("kubelet.kubernetes.io", "node.kubernetes.io");
  private static final Set<String> LABELS =
      Set.of(
          "beta.kubernetes.io/arch",
          "beta.kubernetes.io/instance-type",
          "beta.kubernetes.io/os",
          "failure-domain.beta.kubernetes.io/region",
          "failure-domain.beta.kubernetes.io/zone",
          "topology.kubernetes.io/region",
          "topology.kubernetes.io/zone");

  private static final Set<String> OF_THE_KUBELET =
      Set.of("kubernetes.io/arch", "kubernetes.io/hostname", "kubernetes.io/os");

  private static final Set<String> OF_K3S = Set.of("k3s.io", "p2p.k3s.cattle.io");

  @Override
  public void check(StackConfig config, Plan plan, Problems problems) {
    config
        .nodes()
        .forEach(
            (name, node) ->
                node.labels()
                    .keySet()
                    .forEach(label -> check(label, KeyPath.of("nodes", name, "labels"), problems)));
  }

  private static void check(String label, KeyPath path, Problems problems) {
    var slash = label.indexOf('/');
    if (slash < 0 || LABELS.contains(label)) {
      return;
    }
    var prefix = label.substring(0, slash);
    if (OF_THE_KUBELET.contains(label)) {
      problems.add(
          path.key(label),
          "would replace the kubelet's own value, which volumes and pods are bound to their node with",
          REMOVE_OR_RENAME);
    } else if (isWithin(prefix, OF_K3S)) {
      problems.add(path.key(label), "is a label that K3s sets itself", REMOVE_OR_RENAME);
    } else if (isWithin(prefix, DOMAINS) && !isWithin(prefix, PREFIXES)) {
      problems.add(
          path.key(label),
          "the kubelet does not start with it: from kubernetes.io and k8s.io it only accepts labels such as topology.kubernetes.io/zone and those of node.kubernetes.io",
          OWN_PREFIX);
    }
  }

  private static boolean isWithin(String prefix, Set<String> domains) {
    return domains.stream()
        .anyMatch(domain -> prefix.equals(domain) || prefix.endsWith("." + domain));
  }
}
