package dev.nordfaas.manifest;

import com.pulumi.kubernetes.meta.v1.inputs.LabelSelectorArgs;
import com.pulumi.kubernetes.networking.v1.inputs.IPBlockArgs;
import com.pulumi.kubernetes.networking.v1.inputs.NetworkPolicyPeerArgs;
import java.util.List;
import java.util.Map;

/** One end of a connection, as a network policy names it. */
public sealed interface NetworkPeer {
  /** The label that Kubernetes itself sets on every namespace. */
  String NAMESPACE_NAME = "kubernetes.io/metadata.name";

  /**
   * The pods with the labels in one namespace.
   *
   * @param namespace its name
   * @param labels labels of the pods; an empty map selects all pods of the namespace
   */
  record Pods(String namespace, Map<String, String> labels) implements NetworkPeer {
    /** Copies the labels. */
    public Pods {
      labels = Map.copyOf(labels);
    }

    @Override
    public NetworkPolicyPeerArgs args() {
      return NetworkPolicyPeerArgs.builder()
          .namespaceSelector(
              LabelSelectorArgs.builder().matchLabels(Map.of(NAMESPACE_NAME, namespace)).build())
          .podSelector(LabelSelectorArgs.builder().matchLabels(labels).build())
          .build();
    }
  }

  /**
   * The pods with the labels, in all namespaces.
   *
   * @param labels labels of the pods
   */
  record PodsAnywhere(Map<String, String> labels) implements NetworkPeer {
    /** Copies the labels. */
    public PodsAnywhere {
      labels = Map.copyOf(labels);
    }

    @Override
    public NetworkPolicyPeerArgs args() {
      return NetworkPolicyPeerArgs.builder()
          .namespaceSelector(LabelSelectorArgs.builder().build())
          .podSelector(LabelSelectorArgs.builder().matchLabels(labels).build())
          .build();
    }
  }

  /**
   * The addresses of a network.
   *
   * @param cidr such as {@code 203.0.113.0/24}
   * @param except networks in it whose addresses are not meant
   */
  record Network(String cidr, List<String> except) implements NetworkPeer {
    /** Copies the list. */
    public Network {
      except = List.copyOf(except);
    }

    @Override
    public NetworkPolicyPeerArgs args() {
      var block = IPBlockArgs.builder().cidr(cidr);
      return NetworkPolicyPeerArgs.builder()
          .ipBlock(except.isEmpty() ? block.build() : block.except(except).build())
          .build();
    }
  }

  /**
   * Every pod, by the network that all their addresses are from: so also a pod that the policy
   * controller does not know yet, which no rule that names pods includes. What each of them lets in
   * is left to its own policy.
   *
   * @param cidr the cluster's network of pods, such as {@code 10.42.0.0/16}
   */
  record EveryPod(String cidr) implements NetworkPeer {
    @Override
    public NetworkPolicyPeerArgs args() {
      return new Network(cidr, List.of()).args();
    }
  }

  /** The peer as a Kubernetes object. */
  NetworkPolicyPeerArgs args();
}
