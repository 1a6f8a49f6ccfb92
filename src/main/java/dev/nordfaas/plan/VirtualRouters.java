package dev.nordfaas.plan;

import dev.nordfaas.config.NodeConfig;
import dev.nordfaas.config.NodeConfig.Role;
import dev.nordfaas.config.StackConfig;
import dev.nordfaas.config.VirtualAddress;
import dev.nordfaas.host.IpAddress;
import dev.nordfaas.host.VirtualRouter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Derives a node's part in the virtual addresses of the edge and of the Kubernetes API. */
final class VirtualRouters {
  /** VRRP's own default (RFC 9568, section 6.1), for the first of the nodes. */
  private static final int FIRST_PRIORITY = 100;

  private final String node;
  private final Map<String, NodeConfig> nodes;

  private VirtualRouters(String node, Map<String, NodeConfig> nodes) {
    this.node = node;
    this.nodes = nodes;
  }

  static List<VirtualRouter> of(String node, StackConfig config) {
    var routers = new VirtualRouters(node, config.nodes());
    var all = new ArrayList<VirtualRouter>();
    routers
        .of("edge", config.edge().virtualAddress(), edges(config), "http://%s/")
        .ifPresent(all::add);
    routers
        .of("api", config.k3s().virtualAddress(), servers(config), "https://%s:6443/ping")
        .ifPresent(all::add);
    return all;
  }

  /** The nodes of the edge that there are. */
  private static List<String> edges(StackConfig config) {
    return config.edge().nodes().stream().filter(config.nodes()::containsKey).toList();
  }

  private static List<String> servers(StackConfig config) {
    return config.nodes().entrySet().stream()
        .filter(it -> it.getValue().role() == Role.SERVER)
        .map(Map.Entry::getKey)
        .toList();
  }

  private Optional<VirtualRouter> of(
      String name, Optional<VirtualAddress> address, List<String> members, String url) {
    if (!members.contains(node)) {
      return Optional.empty();
    }
    return address.map(
        it ->
            new VirtualRouter(
                name,
                it,
                Math.max(1, FIRST_PRIORITY - members.indexOf(node)),
                addressOf(node),
                members.stream().filter(other -> !other.equals(node)).map(this::addressOf).toList(),
                url.formatted(IpAddress.inUrl(addressOf(node)))));
  }

  private String addressOf(String name) {
    return Objects.requireNonNull(nodes.get(name), name).clusterAddress();
  }
}
