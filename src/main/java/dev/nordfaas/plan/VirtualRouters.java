package dev.nordfaas.plan;

import dev.nordfaas.config.NodeConfig;
import dev.nordfaas.config.StackConfig;
import dev.nordfaas.config.VirtualAddress;
import dev.nordfaas.host.IpAddress;
import dev.nordfaas.host.VirtualRouter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Derives a node's part in the virtual addresses of the edge and of the Kubernetes API. */
final class VirtualRouters {
  /** VRRP's own default (RFC 9568, section 6.1), for the first of the nodes. */
  private static final int FIRST_PRIORITY = 100;

  private VirtualRouters() {}

  static List<VirtualRouter> of(String node, StackConfig config) {
    return Stream.of(
            of("edge", config.edge().virtualAddress(), node, config.edgeNodes(), "http://%s/"),
            of(
                "api",
                config.k3s().virtualAddress(),
                node,
                config.servers(),
                "https://%s:6443/ping"))
        .flatMap(Optional::stream)
        .toList();
  }

  private static Optional<VirtualRouter> of(
      String name,
      Optional<VirtualAddress> address,
      String node,
      Map<String, NodeConfig> members,
      String url) {
    var own = Optional.ofNullable(members.get(node)).map(NodeConfig::clusterAddress);
    return address.flatMap(
        virtual ->
            own.map(
                source ->
                    new VirtualRouter(
                        name,
                        virtual,
                        Math.max(1, FIRST_PRIORITY - List.copyOf(members.keySet()).indexOf(node)),
                        source,
                        peers(node, members),
                        url.formatted(IpAddress.inUrl(source)))));
  }

  private static List<String> peers(String node, Map<String, NodeConfig> members) {
    return members.entrySet().stream()
        .filter(member -> !member.getKey().equals(node))
        .map(member -> member.getValue().clusterAddress())
        .toList();
  }
}
