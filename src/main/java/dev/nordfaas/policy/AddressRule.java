package dev.nordfaas.policy;

import dev.nordfaas.config.Cidr;
import dev.nordfaas.config.NodeConfig;
import dev.nordfaas.config.StackConfig;
import dev.nordfaas.config.check.Problems;
import dev.nordfaas.config.model.KeyPath;
import dev.nordfaas.host.IpAddress;
import dev.nordfaas.plan.Plan;
import java.util.HashMap;
import java.util.Map;

/**
 * Every address has one meaning: one node, a pod or a service. With several nodes, the firewall and
 * K3s need the IP addresses of the others.
 */
final class AddressRule implements Rule {
  private static final KeyPath CLUSTER_CIDR = KeyPath.of("k3s", "clusterCidr");
  private static final KeyPath SERVICE_CIDR = KeyPath.of("k3s", "serviceCidr");
  private static final KeyPath EXISTING = KeyPath.of("k3s", "existing");

  @Override
  public void check(StackConfig config, Plan plan, Problems problems) {
    checkNetworks(config, problems);
    if (config.nodes().size() > 1 && config.k3s().existing().isEmpty()) {
      config.nodes().forEach((name, node) -> checkClusterAddress(name, node, problems));
    }
    var owners = new HashMap<String, String>();
    config
        .nodes()
        .forEach(
            (name, node) -> {
              var path = KeyPath.of("nodes", name);
              var address = new NodeAddress(name, path.key("address"), node.address());
              checkAddress(address, owners, config, problems);
              node.privateAddress()
                  .map(text -> new NodeAddress(name, path.key("privateAddress"), text))
                  .ifPresent(other -> checkAddress(other, owners, config, problems));
            });
  }

  private record NodeAddress(String node, KeyPath path, String text) {}

  private static void checkNetworks(StackConfig config, Problems problems) {
    var pods = config.k3s().clusterCidr();
    if (pods.overlaps(config.k3s().serviceCidr())) {
      problems.add(
          SERVICE_CIDR,
          "overlaps clusterCidr " + pods,
          "choose two networks that do not overlap",
          CLUSTER_CIDR);
    }
  }

  private static void checkClusterAddress(String name, NodeConfig node, Problems problems) {
    if (!IpAddress.isLiteral(node.clusterAddress())) {
      var isPrivate = node.privateAddress().isPresent();
      var path = KeyPath.of("nodes", name);
      problems.add(
          path.key(isPrivate ? "privateAddress" : "address"),
          "%s is a name, but the other nodes need an IP address".formatted(node.clusterAddress()),
          isPrivate ? "use one" : "use one, or add a privateAddress",
          path.key("privateAddress"),
          EXISTING);
    }
  }

  private static void checkAddress(
      NodeAddress address, Map<String, String> owners, StackConfig config, Problems problems) {
    var owner = owners.putIfAbsent(address.text(), address.node());
    if (owner != null && !owner.equals(address.node())) {
      problems.add(
          address.path(),
          "%s is already the address of node %s".formatted(address.text(), owner),
          "give each node its own addresses",
          KeyPath.of("nodes", owner));
    }
    checkOutside(CLUSTER_CIDR, config.k3s().clusterCidr(), address, problems);
    checkOutside(SERVICE_CIDR, config.k3s().serviceCidr(), address, problems);
  }

  private static void checkOutside(
      KeyPath path, Cidr network, NodeAddress address, Problems problems) {
    if (network.contains(address.text())) {
      problems.add(
          path,
          "%s contains the address %s of node %s"
              .formatted(network, address.text(), address.node()),
          "choose a network that contains no node addresses",
          address.path());
    }
  }
}
