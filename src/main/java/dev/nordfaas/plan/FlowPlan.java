package dev.nordfaas.plan;

import dev.nordfaas.manifest.ClusterNetworks;
import dev.nordfaas.manifest.NetworkPeer;
import dev.nordfaas.manifest.NetworkRule;
import dev.nordfaas.manifest.PodNetworkPolicy;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;

/** Who may talk to whom, from the network policies, as Kubernetes reads them. */
final class FlowPlan {
  private final LabelIndex policies;
  private final IdentityHashMap<PodNetworkPolicy, List<NetworkRule>> ingress =
      new IdentityHashMap<>();

  private FlowPlan(List<PodNetworkPolicy> policies) {
    this.policies = new LabelIndex(policies);
    policies.forEach(it -> ingress.put(it, rules(it, PodNetworkPolicy::ingress).toList()));
  }

  /** What the policies of all workloads allow together, sorted and without duplicates. */
  static List<Flow> of(List<PodNetworkPolicy> policies) {
    var plan = new FlowPlan(policies);
    var flows =
        new TreeSet<>(
            Comparator.comparing(Flow::from).thenComparing(Flow::to).thenComparingInt(Flow::port));
    policies.forEach(
        workload -> {
          plan.from(workload).forEach(flows::add);
          plan.fromOutside(workload).forEach(flows::add);
        });
    return List.copyOf(flows);
  }

  private Stream<Flow> from(PodNetworkPolicy client) {
    return rules(client, PodNetworkPolicy::egress)
        .flatMap(
            rule ->
                rule.peers().stream()
                    .flatMap(
                        peer -> rule.ports().stream().flatMap(port -> to(client, peer, port))));
  }

  private Stream<Flow> to(PodNetworkPolicy client, NetworkPeer peer, int port) {
    if (peer instanceof NetworkPeer.Network network) {
      return Stream.of(new Flow(client.workload(), network.cidr(), port));
    }
    return policies.withPods(labels(peer)).stream()
        .filter(server -> server.isOf(peer) && lets(client, server, port))
        .map(server -> new Flow(client.workload(), server.workload(), port));
  }

  private static Map<String, String> labels(NetworkPeer peer) {
    if (peer instanceof NetworkPeer.Pods pods) {
      return pods.labels();
    }
    return peer instanceof NetworkPeer.PodsAnywhere pods ? pods.labels() : Map.of();
  }

  private boolean lets(PodNetworkPolicy client, PodNetworkPolicy server, int port) {
    return ingressOf(server).stream()
        .filter(rule -> rule.ports().contains(port))
        .anyMatch(rule -> rule.peers().isEmpty() || rule.peers().stream().anyMatch(client::isOf));
  }

  private Stream<Flow> fromOutside(PodNetworkPolicy server) {
    return ingressOf(server).stream()
        .flatMap(
            rule ->
                outside(rule)
                    .flatMap(
                        cidr ->
                            rule.ports().stream()
                                .map(port -> new Flow(cidr, server.workload(), port))));
  }

  private List<NetworkRule> ingressOf(PodNetworkPolicy server) {
    return ingress.getOrDefault(server, List.of());
  }

  private static Stream<String> outside(NetworkRule rule) {
    if (rule.peers().isEmpty()) {
      return Stream.of(ClusterNetworks.VERSION_4.text(), ClusterNetworks.VERSION_6.text());
    }
    return rule.peers().stream()
        .filter(NetworkPeer.Network.class::isInstance)
        .map(peer -> ((NetworkPeer.Network) peer).cidr());
  }

  /** All policies that select a workload's pods add up. */
  private Stream<NetworkRule> rules(
      PodNetworkPolicy workload, Function<PodNetworkPolicy, List<NetworkRule>> direction) {
    return policies
        .selecting(workload.podLabels())
        .filter(policy -> policy.selects(workload))
        .map(direction)
        .flatMap(List::stream);
  }
}
