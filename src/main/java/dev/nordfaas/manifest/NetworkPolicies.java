package dev.nordfaas.manifest;

import com.pulumi.core.Either;
import com.pulumi.kubernetes.meta.v1.inputs.LabelSelectorArgs;
import com.pulumi.kubernetes.networking.v1.NetworkPolicyArgs;
import com.pulumi.kubernetes.networking.v1.inputs.IPBlockArgs;
import com.pulumi.kubernetes.networking.v1.inputs.NetworkPolicyEgressRuleArgs;
import com.pulumi.kubernetes.networking.v1.inputs.NetworkPolicyIngressRuleArgs;
import com.pulumi.kubernetes.networking.v1.inputs.NetworkPolicyPeerArgs;
import com.pulumi.kubernetes.networking.v1.inputs.NetworkPolicyPortArgs;
import com.pulumi.kubernetes.networking.v1.inputs.NetworkPolicySpecArgs;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Network policies: each namespace denies everything first, then opens what is declared. */
public final class NetworkPolicies {
  /** The label that Kubernetes itself sets on every namespace. */
  private static final String NAMESPACE_NAME = "kubernetes.io/metadata.name";

  /** The port of the Kubernetes API on a K3s server. */
  private static final int KUBERNETES_API = 6443;

  /** Every address. */
  public static final List<NetworkPolicyPeerArgs> ANYWHERE =
      List.of(network("0.0.0.0/0"), network("::/0"));

  /** Every pod that may read metrics. */
  public static final List<NetworkPolicyPeerArgs> METRICS_CLIENTS =
      List.of(podsAnywhere(Map.of(Labels.METRICS_CLIENT, "true")));

  private NetworkPolicies() {}

  /** Denies every connection from and to every pod of the namespace but look-ups in DNS. */
  public static NetworkPolicyArgs defaultDeny(String namespace, Labels labels) {
    return NetworkPolicyArgs.builder()
        .metadata(Metadata.of(namespace, "default-deny", labels))
        .spec(
            NetworkPolicySpecArgs.builder()
                .podSelector(LabelSelectorArgs.builder().build())
                .policyTypes("Ingress", "Egress")
                .egress(
                    NetworkPolicyEgressRuleArgs.builder()
                        .to(pods("kube-system", Map.of("k8s-app", "kube-dns")))
                        .ports(port("UDP", 53), port("TCP", 53))
                        .build())
                .build())
        .build();
  }

  /** Opens ports of one workload for the given peers, and lets it connect to others. */
  public static NetworkPolicyArgs allow(
      String namespace,
      String name,
      Labels labels,
      List<NetworkPolicyIngressRuleArgs> ingress,
      List<NetworkPolicyEgressRuleArgs> egress) {
    return NetworkPolicyArgs.builder()
        .metadata(Metadata.of(namespace, name, labels))
        .spec(
            NetworkPolicySpecArgs.builder()
                .podSelector(Metadata.selector(labels))
                .policyTypes("Ingress", "Egress")
                .ingress(ingress)
                .egress(egress)
                .build())
        .build();
  }

  /** Lets the peers connect to the TCP ports. */
  public static NetworkPolicyIngressRuleArgs from(
      List<NetworkPolicyPeerArgs> peers, Integer... ports) {
    return NetworkPolicyIngressRuleArgs.builder().from(peers).ports(tcp(ports)).build();
  }

  /** Lets anybody connect to the TCP ports, from outside the cluster too. */
  public static NetworkPolicyIngressRuleArgs fromAnywhere(Integer... ports) {
    return NetworkPolicyIngressRuleArgs.builder().ports(tcp(ports)).build();
  }

  /** Lets the workload connect to the peers' TCP ports. */
  public static NetworkPolicyEgressRuleArgs to(
      List<NetworkPolicyPeerArgs> peers, Integer... ports) {
    return NetworkPolicyEgressRuleArgs.builder().to(peers).ports(tcp(ports)).build();
  }

  /**
   * Lets the workload ask the Kubernetes API. The API server is no pod: its address is a node's,
   * and a policy is applied after the Service's address was translated to it.
   */
  public static NetworkPolicyEgressRuleArgs toKubernetesApi() {
    return to(ANYWHERE, KUBERNETES_API);
  }

  /** The pods with the labels in the namespace; an empty map is all pods of it. */
  public static NetworkPolicyPeerArgs pods(String namespace, Map<String, String> podLabels) {
    return NetworkPolicyPeerArgs.builder()
        .namespaceSelector(
            LabelSelectorArgs.builder().matchLabels(Map.of(NAMESPACE_NAME, namespace)).build())
        .podSelector(LabelSelectorArgs.builder().matchLabels(podLabels).build())
        .build();
  }

  /** The pods with the labels, in all namespaces. */
  public static NetworkPolicyPeerArgs podsAnywhere(Map<String, String> podLabels) {
    return NetworkPolicyPeerArgs.builder()
        .namespaceSelector(LabelSelectorArgs.builder().build())
        .podSelector(LabelSelectorArgs.builder().matchLabels(podLabels).build())
        .build();
  }

  /** The addresses of a network. */
  public static NetworkPolicyPeerArgs network(String cidr) {
    return NetworkPolicyPeerArgs.builder()
        .ipBlock(IPBlockArgs.builder().cidr(cidr).build())
        .build();
  }

  private static List<NetworkPolicyPortArgs> tcp(Integer... ports) {
    return Arrays.stream(ports).map(number -> port("TCP", number)).toList();
  }

  private static NetworkPolicyPortArgs port(String protocol, int number) {
    return NetworkPolicyPortArgs.builder().protocol(protocol).port(Either.ofLeft(number)).build();
  }
}
