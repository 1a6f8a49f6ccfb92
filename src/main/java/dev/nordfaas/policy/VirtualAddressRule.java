package dev.nordfaas.policy;

import dev.nordfaas.config.NodeConfig;
import dev.nordfaas.config.StackConfig;
import dev.nordfaas.config.VirtualAddress;
import dev.nordfaas.config.check.Problems;
import dev.nordfaas.config.model.KeyPath;
import dev.nordfaas.host.IpAddress;
import dev.nordfaas.plan.Plan;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A virtual address is one that each of its nodes can take over from the others. */
final class VirtualAddressRule implements Rule {
  private static final KeyPath EDGE = KeyPath.of("edge", "virtualAddress");
  private static final KeyPath API = KeyPath.of("k3s", "virtualAddress");
  private static final KeyPath NODES = KeyPath.of("nodes");
  private static final KeyPath EXISTING = KeyPath.of("k3s", "existing");

  @Override
  public void check(StackConfig config, Plan plan, Problems problems) {
    config
        .edge()
        .virtualAddress()
        .ifPresent(
            it ->
                check(it, EDGE, config.edgeNodes(), KeyPath.of("edge", "nodes"), config, problems));
    config
        .k3s()
        .virtualAddress()
        .ifPresent(it -> check(it, API, config.servers(), NODES, config, problems));
    config
        .edge()
        .virtualAddress()
        .ifPresent(
            edge -> config.k3s().virtualAddress().ifPresent(api -> checkBoth(edge, api, problems)));
  }

  private static void checkBoth(VirtualAddress edge, VirtualAddress api, Problems problems) {
    if (edge.ip().equals(api.ip())) {
      problems.add(
          API.key("address"),
          "%s is the edge's, and the two can be on different nodes".formatted(api.ip()),
          "use another address",
          EDGE.key("address"));
    }
    if (edge.routerId() == api.routerId()) {
      problems.add(
          API.key("routerId"),
          "%d is the edge's".formatted(api.routerId()),
          "use another number",
          EDGE.key("routerId"));
    }
  }

  private static void check(
      VirtualAddress virtual,
      KeyPath path,
      Map<String, NodeConfig> nodes,
      KeyPath nodesPath,
      StackConfig config,
      Problems problems) {
    if (config.k3s().existing().isPresent()) {
      problems.add(
          path,
          "needs a program on the hosts, which are not nordfaas' in an existing cluster",
          "remove it, and use the existing cluster's own way",
          EXISTING);
      return;
    }
    if (nodes.size() < 2) {
      problems.add(
          path,
          "needs two nodes, one of which takes over from the other",
          path.equals(EDGE)
              ? "add the others to edge.nodes, or remove it"
              : "add nodes with role server, or remove it",
          nodesPath);
      return;
    }
    nodes.forEach((name, node) -> checkNode(virtual, path, name, node, problems));
    checkIsFree(virtual, path, config, problems);
  }

  private static void checkNode(
      VirtualAddress virtual, KeyPath path, String name, NodeConfig node, Problems problems) {
    var own = KeyPath.of("nodes", name);
    if (node.privateAddress().isEmpty()) {
      problems.add(
          own.key("privateAddress"),
          "is missing, but over it the nodes of a virtual address tell each other that they are alive",
          "add it, or remove virtualAddress",
          path);
    } else if (IpAddress.isVersion6(node.clusterAddress())) {
      problems.add(
          own.key("privateAddress"),
          "%s is IPv6, but the nodes of a virtual address tell each other over IPv4 that they are alive"
              .formatted(node.clusterAddress()),
          "use an IPv4 address, or remove virtualAddress",
          path);
    }
    var addresses =
        Stream.concat(Stream.of(node.address()), node.privateAddress().stream()).toList();
    if (addresses.stream().noneMatch(virtual::isBeside)) {
      problems.add(
          path.key("address"),
          "%s is not in a network of %s, which has %s: there nobody could reach it"
              .formatted(
                  virtual.address(),
                  name,
                  addresses.stream().distinct().collect(Collectors.joining(" and "))),
          "use an address of the nodes' network, with the prefix of that network",
          own);
    }
  }

  private static void checkIsFree(
      VirtualAddress virtual, KeyPath path, StackConfig config, Problems problems) {
    config
        .nodes()
        .forEach(
            (name, node) -> {
              if (node.address().equals(virtual.ip())
                  || node.clusterAddress().equals(virtual.ip())) {
                problems.add(
                    path.key("address"),
                    "%s is the address of node %s".formatted(virtual.ip(), name),
                    "use one that no machine has",
                    KeyPath.of("nodes", name));
              }
            });
    Map.of("clusterCidr", config.k3s().clusterCidr(), "serviceCidr", config.k3s().serviceCidr())
        .forEach(
            (key, network) -> {
              if (network.contains(virtual.ip())) {
                problems.add(
                    path.key("address"),
                    "%s is in %s %s".formatted(virtual.ip(), key, network),
                    "use one outside of it",
                    KeyPath.of("k3s", key));
              }
            });
  }
}
