package dev.nordfaas.policy;

import dev.nordfaas.config.Cidr;
import dev.nordfaas.config.KeyPath;
import dev.nordfaas.config.Problems;
import dev.nordfaas.config.Rule;
import dev.nordfaas.config.StackConfig;
import java.util.HashMap;
import java.util.Map;

/** Every address means one thing: one node, a pod or a service. */
final class AddressRule implements Rule {
  private static final KeyPath CLUSTER_CIDR = KeyPath.of("k3s", "clusterCidr");
  private static final KeyPath SERVICE_CIDR = KeyPath.of("k3s", "serviceCidr");

  @Override
  public void check(StackConfig config, Problems problems) {
    checkNetworks(config, problems);
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
          "choose two networks that share no address",
          CLUSTER_CIDR);
    }
  }

  private static void checkAddress(
      NodeAddress address, Map<String, String> owners, StackConfig config, Problems problems) {
    var owner = owners.putIfAbsent(address.text(), address.node());
    if (owner != null && !owner.equals(address.node())) {
      problems.add(
          address.path(),
          "%s is the address of node %s already".formatted(address.text(), owner),
          "give each node addresses of its own",
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
          "choose a network without nodes",
          address.path());
    }
  }
}
