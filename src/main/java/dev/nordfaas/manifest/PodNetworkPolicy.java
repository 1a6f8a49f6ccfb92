package dev.nordfaas.manifest;

import com.pulumi.core.Output;
import com.pulumi.kubernetes.meta.v1.inputs.LabelSelectorArgs;
import com.pulumi.kubernetes.meta.v1.inputs.ObjectMetaArgs;
import com.pulumi.kubernetes.networking.v1.NetworkPolicyArgs;
import com.pulumi.kubernetes.networking.v1.inputs.NetworkPolicySpecArgs;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The network policy of one workload, as plain values.
 *
 * @param namespace namespace of the policy and of the pods
 * @param name its name
 * @param labels its labels
 * @param selector selects the pods that it applies to
 * @param podLabels labels by which other policies refer to those pods
 * @param ingress who may connect to them
 * @param egress what they may connect to, besides DNS
 */
public record PodNetworkPolicy(
    String namespace,
    String name,
    Map<String, String> labels,
    Map<String, String> selector,
    Map<String, String> podLabels,
    List<NetworkRule> ingress,
    List<NetworkRule> egress) {

  public PodNetworkPolicy {
    labels = sorted(labels);
    selector = sorted(selector);
    podLabels = sorted(podLabels);
    ingress = List.copyOf(ingress);
    egress = List.copyOf(egress);
  }

  private static Map<String, String> sorted(Map<String, String> labels) {
    return Collections.unmodifiableSortedMap(new TreeMap<>(labels));
  }

  /** Whether its pods are among the peer's. */
  public boolean isOf(NetworkPeer peer) {
    if (peer instanceof NetworkPeer.Pods pods) {
      return pods.namespace().equals(namespace) && hasAll(pods.labels());
    }
    return peer instanceof NetworkPeer.EveryPod
        || (peer instanceof NetworkPeer.PodsAnywhere pods && hasAll(pods.labels()));
  }

  /** Whether it also applies to the pods of the other. */
  public boolean selects(PodNetworkPolicy other) {
    return namespace.equals(other.namespace)
        && other.podLabels.entrySet().containsAll(selector.entrySet());
  }

  /** The workload that it applies to: {@code namespace/name}. */
  public String workload() {
    return namespace + "/" + name;
  }

  private boolean hasAll(Map<String, String> wanted) {
    return podLabels.entrySet().containsAll(wanted.entrySet());
  }

  /** The policy as a Kubernetes object. */
  public NetworkPolicyArgs args() {
    return args(Output.of(namespace));
  }

  /**
   * The policy as a Kubernetes object.
   *
   * @param namespace the namespace's name, which resolves once it exists
   */
  public NetworkPolicyArgs args(Output<String> namespace) {
    return NetworkPolicyArgs.builder()
        .metadata(ObjectMetaArgs.builder().namespace(namespace).name(name).labels(labels).build())
        .spec(
            NetworkPolicySpecArgs.builder()
                .podSelector(LabelSelectorArgs.builder().matchLabels(selector).build())
                .policyTypes("Ingress", "Egress")
                .ingress(ingress.stream().map(NetworkRule::ingress).toList())
                .egress(egress.stream().map(NetworkRule::egress).toList())
                .build())
        .build();
  }
}
