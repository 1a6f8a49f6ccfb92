package dev.nordfaas.plan;

import dev.nordfaas.config.Cidr;
import dev.nordfaas.config.NodeConfig;
import dev.nordfaas.config.StackConfig;
import dev.nordfaas.config.VirtualAddress;
import dev.nordfaas.host.IpAddress;
import dev.nordfaas.manifest.ClusterNetworks;
import dev.nordfaas.manifest.ClusterNetworks.Inside;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Derives which addresses are the cluster's own. */
final class NetworkPlan {
  private NetworkPlan() {}

  static ClusterNetworks of(StackConfig config) {
    var k3s = config.k3s();
    var inside = new ArrayList<Inside>();
    inside.add(new Inside("the network of the pods, " + k3s.clusterCidr(), k3s.clusterCidr()));
    inside.add(new Inside("the network of the services, " + k3s.serviceCidr(), k3s.serviceCidr()));
    config
        .nodes()
        .forEach(
            (name, node) ->
                addresses(node)
                    .map(
                        address ->
                            new Inside(
                                "the address of node %s, %s".formatted(name, address),
                                single(address)))
                    .forEach(inside::add));
    Stream.of(config.edge().virtualAddress(), k3s.virtualAddress())
        .flatMap(Optional::stream)
        .map(VirtualAddress::ip)
        .map(address -> new Inside("the virtual address of nodes, " + address, single(address)))
        .forEach(inside::add);
    return ClusterNetworks.of(
        Optional.of(k3s.clusterCidr()),
        k3s.existing()
            .map(existing -> existing.apiServers().stream().map(NetworkPlan::single).toList())
            .orElseGet(() -> apiServers(config)),
        inside,
        k3s.existing().isPresent()
            ? List.of(ClusterNetworks.VERSION_4, ClusterNetworks.VERSION_6)
            : List.of(
                IpAddress.isVersion6(k3s.clusterCidr().text())
                    ? ClusterNetworks.VERSION_6
                    : ClusterNetworks.VERSION_4));
  }

  /** What K3s advertises; empty if it is left to K3s, because a server has only a name. */
  private static List<Cidr> apiServers(StackConfig config) {
    var servers = config.servers().values().stream().map(NodeConfig::clusterAddress).toList();
    return servers.stream().allMatch(IpAddress::isLiteral)
        ? servers.stream().map(NetworkPlan::single).toList()
        : List.of();
  }

  private static Stream<String> addresses(NodeConfig node) {
    return Stream.concat(Stream.of(node.address()), node.privateAddress().stream())
        .filter(IpAddress::isLiteral)
        .distinct();
  }

  private static Cidr single(String address) {
    return Cidr.parse(address + (IpAddress.isVersion6(address) ? "/128" : "/32"));
  }
}
