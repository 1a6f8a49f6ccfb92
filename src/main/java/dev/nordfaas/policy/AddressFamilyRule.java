package dev.nordfaas.policy;

import dev.nordfaas.config.Cidr;
import dev.nordfaas.config.NodeConfig;
import dev.nordfaas.config.StackConfig;
import dev.nordfaas.config.check.Problems;
import dev.nordfaas.config.model.KeyPath;
import dev.nordfaas.host.IpAddress;
import dev.nordfaas.plan.Plan;
import java.util.List;
import java.util.TreeSet;

/**
 * Addresses that have to reach each other are of one family: IPv4 inside the cluster, and for each
 * node a network of the firewall. K3s does not start a node of another family than its pods
 * (source: run in pkg/agent/run.go of v1.34). Dual stack needs two networks of pods, and the config
 * has one.
 */
final class AddressFamilyRule implements Rule {
  private static final KeyPath CLUSTER_CIDR = KeyPath.of("k3s", "clusterCidr");
  private static final KeyPath SERVICE_CIDR = KeyPath.of("k3s", "serviceCidr");
  private static final KeyPath API_ADDRESS = KeyPath.of("k3s", "apiAddress");
  private static final KeyPath EXISTING = KeyPath.of("k3s", "existing");
  private static final KeyPath FIREWALL = KeyPath.of("host", "firewall");
  private static final KeyPath NODES = KeyPath.of("nodes");
  private static final KeyPath EDGE_NODES = KeyPath.of("edge", "nodes");

  /** K3s gives CoreDNS the address of this number (source: pkg/cli/server), counted from 0. */
  private static final int SMALLEST_SERVICES = 28;

  @Override
  public void check(StackConfig config, Plan plan, Problems problems) {
    if (config.k3s().existing().isPresent()) {
      return;
    }
    checkNetwork(CLUSTER_CIDR, config.k3s().clusterCidr(), "10.42.0.0/16", problems);
    checkNetwork(SERVICE_CIDR, config.k3s().serviceCidr(), "10.43.0.0/16", problems);
    checkServices(config.k3s().serviceCidr(), problems);
    config.nodes().forEach((name, node) -> checkNode(name, node, problems));
    checkEdge(config, problems);
    checkFirewall(config, problems);
  }

  private static void checkNetwork(KeyPath path, Cidr network, String example, Problems problems) {
    if (IpAddress.isVersion6(network.text())) {
      problems.add(
          path,
          "%s is IPv6, but nordfaas' pods, such as those of NATS, only listen on IPv4 addresses"
              .formatted(network),
          "use an IPv4 network, such as " + example,
          EXISTING);
    }
  }

  private static void checkServices(Cidr network, Problems problems) {
    if (!IpAddress.isVersion6(network.text()) && network.prefixLength() > SMALLEST_SERVICES) {
      problems.add(
          SERVICE_CIDR,
          "%s is too small: K3s gives its eleventh address to CoreDNS".formatted(network),
          "use a /28 or larger; every service needs an address",
          EXISTING);
    }
  }

  private static void checkNode(String name, NodeConfig node, Problems problems) {
    if (IpAddress.isVersion6(node.clusterAddress())) {
      var path = KeyPath.of("nodes", name);
      var isPrivate = node.privateAddress().isPresent();
      problems.add(
          path.key(isPrivate ? "privateAddress" : "address"),
          "%s is IPv6, but K3s needs an address of the same family as the pods, which is IPv4"
              .formatted(node.clusterAddress()),
          isPrivate ? "use an IPv4 address" : "use an IPv4 address, or add a privateAddress",
          path.key("privateAddress"),
          EXISTING);
    }
  }

  /** Host ports of pods without an IPv6 address are IPv4 only (source: CNI plugin portmap). */
  private static void checkEdge(StackConfig config, Problems problems) {
    config
        .edgeNodes()
        .forEach(
            (name, node) -> {
              if (isReachedOverVersion6(node)) {
                problems.add(
                    KeyPath.of("nodes", name, "address"),
                    "%s is IPv6, but the edge on this node only answers over IPv4"
                        .formatted(node.address()),
                    "use the node's IPv4 address",
                    EDGE_NODES,
                    EXISTING);
              }
            });
  }

  /** Without a privateAddress, K3s' reason comes first. */
  private static boolean isReachedOverVersion6(NodeConfig node) {
    return IpAddress.isVersion6(node.address()) && !IpAddress.isVersion6(node.clusterAddress());
  }

  private static void checkFirewall(StackConfig config, Problems problems) {
    var firewall = config.host().firewall();
    var reached = new TreeSet<String>();
    config.nodes().values().forEach(node -> reached.add(node.address()));
    checkClients("sshCidrs", firewall.sshCidrs(), List.copyOf(reached), problems, NODES);
    var api =
        config
            .k3s()
            .clientAddress()
            .or(() -> config.servers().values().stream().map(NodeConfig::address).findFirst());
    checkClients(
        "apiCidrs", firewall.apiCidrs(), api.stream().toList(), problems, NODES, API_ADDRESS);
  }

  private static void checkClients(
      String key, List<Cidr> clients, List<String> reached, Problems problems, KeyPath... others) {
    for (var isVersion6 : List.of(false, true)) {
      var addresses =
          reached.stream()
              .filter(IpAddress::isLiteral)
              .filter(address -> IpAddress.isVersion6(address) == isVersion6)
              .toList();
      if (!addresses.isEmpty()
          && clients.stream()
              .noneMatch(client -> IpAddress.isVersion6(client.text()) == isVersion6)) {
        problems.add(
            FIREWALL.key(key),
            "would let nobody in at %s: it has no %s network"
                .formatted(String.join(", ", addresses), isVersion6 ? "IPv6" : "IPv4"),
            "add the clients' " + (isVersion6 ? "IPv6" : "IPv4") + " networks",
            others);
      }
    }
  }
}
