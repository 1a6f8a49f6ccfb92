package dev.nordfaas.policy;

import dev.nordfaas.config.StackConfig;
import dev.nordfaas.config.check.Problems;
import dev.nordfaas.config.model.KeyPath;
import dev.nordfaas.plan.Plan;
import java.util.Set;

/**
 * The kubelet accepts the labels of a node: with Kubernetes' own prefixes, only those that a
 * kubelet may set on itself. Source: Kubernetes, ValidateKubeletFlags in cmd/kubelet/app/options
 * and IsKubeletLabel in pkg/kubelet/apis.
 */
final class NodeLabelRule implements Rule {
  private static final Set<String> DOMAINS = Set.of("kubernetes.io", "k8s.io");
  private static final Set<String> PREFIXES = Set.of("kubelet.kubernetes.io", "node.kubernetes.io");
  private static final Set<String> LABELS =
      Set.of(
          "beta.kubernetes.io/arch",
          "beta.kubernetes.io/instance-type",
          "beta.kubernetes.io/os",
          "failure-domain.beta.kubernetes.io/region",
          "failure-domain.beta.kubernetes.io/zone",
          "kubernetes.io/arch",
          "kubernetes.io/hostname",
          "kubernetes.io/os",
          "topology.kubernetes.io/region",
          "topology.kubernetes.io/zone");

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
    if (isWithin(prefix, DOMAINS) && !isWithin(prefix, PREFIXES)) {
      problems.add(
          path.key(label),
          "the kubelet does not start with it: from kubernetes.io and k8s.io it only accepts labels such as topology.kubernetes.io/zone and those of node.kubernetes.io",
          "use your own prefix, such as example.no/role");
    }
  }

  private static boolean isWithin(String prefix, Set<String> domains) {
    return domains.stream()
        .anyMatch(domain -> prefix.equals(domain) || prefix.endsWith("." + domain));
  }
}
