package dev.nordfaas.manifest;

import com.pulumi.core.Either;
import com.pulumi.kubernetes.networking.v1.inputs.NetworkPolicyEgressRuleArgs;
import com.pulumi.kubernetes.networking.v1.inputs.NetworkPolicyIngressRuleArgs;
import com.pulumi.kubernetes.networking.v1.inputs.NetworkPolicyPeerArgs;
import com.pulumi.kubernetes.networking.v1.inputs.NetworkPolicyPortArgs;
import java.util.List;

/**
 * Connections that are allowed, in the direction of the list that the rule is in.
 *
 * @param peers the other ends; an empty list means everybody
 * @param ports the TCP ports of the end that is connected to
 */
public record NetworkRule(List<NetworkPeer> peers, List<Integer> ports) {
  /** Copies the lists. */
  public NetworkRule {
    peers = List.copyOf(peers);
    ports = List.copyOf(ports);
  }

  NetworkPolicyIngressRuleArgs ingress() {
    var rule = NetworkPolicyIngressRuleArgs.builder().ports(portArgs());
    return peers.isEmpty() ? rule.build() : rule.from(peerArgs()).build();
  }

  NetworkPolicyEgressRuleArgs egress() {
    var rule = NetworkPolicyEgressRuleArgs.builder().ports(portArgs());
    return peers.isEmpty() ? rule.build() : rule.to(peerArgs()).build();
  }

  private List<NetworkPolicyPeerArgs> peerArgs() {
    return peers.stream().map(NetworkPeer::args).toList();
  }

  private List<NetworkPolicyPortArgs> portArgs() {
    return ports.stream().map(port -> port("TCP", port)).toList();
  }

  static NetworkPolicyPortArgs port(String protocol, int number) {
    return NetworkPolicyPortArgs.builder().protocol(protocol).port(Either.ofLeft(number)).build();
  }
}
