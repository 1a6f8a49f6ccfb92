package dev.nordfaas.manifest;

import com.pulumi.kubernetes.meta.v1.inputs.LabelSelectorArgs;
import com.pulumi.kubernetes.networking.v1.NetworkPolicyArgs;
import com.pulumi.kubernetes.networking.v1.inputs.NetworkPolicyEgressRuleArgs;
import com.pulumi.kubernetes.networking.v1.inputs.NetworkPolicySpecArgs;
import java.util.List;
import java.util.Map;

/** Network policies: each namespace denies everything by default, and allows what is declared. */
public final class NetworkPolicies {
  /** Every pod that may read metrics. */
  public static final List<NetworkPeer> METRICS_CLIENTS =
      List.of(new NetworkPeer.PodsAnywhere(Map.of(Labels.METRICS_CLIENT, "true")));

  private NetworkPolicies() {}

  /** Denies every connection from and to every pod of the namespace, except DNS lookups. */
  public static NetworkPolicyArgs defaultDeny(String namespace, Labels labels) {
    return NetworkPolicyArgs.builder()
        .metadata(Metadata.of(namespace, "default-deny", labels))
        .spec(
            NetworkPolicySpecArgs.builder()
                .podSelector(LabelSelectorArgs.builder().build())
                .policyTypes("Ingress", "Egress")
                .egress(
                    NetworkPolicyEgressRuleArgs.builder()
                        .to(pods("kube-system", Labels.NAME_SERVER).args())
                        .ports(NetworkRule.port("UDP", 53), NetworkRule.port("TCP", 53))
                        .build())
                .build())
        .build();
  }

  /** The policy of one workload: who may connect to it, and what it may connect to. */
  public static PodNetworkPolicy allow(
      String namespace,
      String name,
      Labels labels,
      List<NetworkRule> ingress,
      List<NetworkRule> egress) {
    return new PodNetworkPolicy(
        namespace, name, labels.all(), labels.selector(), labels.all(), ingress, egress);
  }

  /** Lets the peers connect to the TCP ports. */
  public static NetworkRule from(List<NetworkPeer> peers, Integer... ports) {
    return rule(peers, ports);
  }

  /** Lets anybody connect to the TCP ports, from outside the cluster too. */
  public static NetworkRule fromAnywhere(Integer... ports) {
    return new NetworkRule(List.of(), List.of(ports));
  }

  /** Lets the workload connect to the peers' TCP ports. */
  public static NetworkRule to(List<NetworkPeer> peers, Integer... ports) {
    return rule(peers, ports);
  }

  /** The pods with the labels in the namespace; an empty map selects all its pods. */
  public static NetworkPeer pods(String namespace, Map<String, String> podLabels) {
    return new NetworkPeer.Pods(namespace, podLabels);
  }

  /** The addresses of a network. */
  public static NetworkPeer network(String cidr) {
    return new NetworkPeer.Network(cidr, List.of());
  }

  /** A rule without a peer would allow everybody. */
  private static NetworkRule rule(List<NetworkPeer> peers, Integer... ports) {
    if (peers.isEmpty()) {
      throw new IllegalArgumentException("a rule for peers needs one");
    }
    return new NetworkRule(peers, List.of(ports));
  }
}
