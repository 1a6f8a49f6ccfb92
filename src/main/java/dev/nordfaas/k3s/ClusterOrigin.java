package dev.nordfaas.k3s;

import dev.nordfaas.config.K3sConfig;
import dev.nordfaas.config.model.KeyPath;
import java.util.ArrayList;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a cluster keeps as it was created: its networks. Kubernetes changes neither the part of a
 * node nor the address of a service, and its controller-manager ends if a node's part is outside of
 * the network (v1.34.4, pkg/controller/nodeipam/ipam/range_allocator.go, NewCIDRRangeAllocator).
 */
public final class ClusterOrigin {
  private static final KeyPath K3S = KeyPath.of("k3s");
  private static final Pattern ORIGIN =
      Pattern.compile("(?<pods>\\S+) /(?<part>\\d+) (?<services>\\S+)");
  private static final String FIX = "undo it, or create another cluster";

  private ClusterOrigin() {}

  /** The origin of a cluster: the network of its pods, the part of each node, and the services'. */
  public static String of(K3sConfig config) {
    return "%s /%d %s"
        .formatted(
            config.clusterCidr(), K3sConfigFile.nodeMask(config.maxPods()), config.serviceCidr());
  }

  /**
   * Why the cluster cannot become what the config says, one line each, if it cannot.
   *
   * @param origin what it was created with; empty if not known
   */
  public static Optional<String> refusal(K3sConfig config, String origin) {
    var created = ORIGIN.matcher(origin);
    if (!created.matches()) {
      return Optional.empty();
    }
    var lines = new ArrayList<String>();
    network("clusterCidr", "nodes", created.group("pods"), config.clusterCidr().toString())
        .ifPresent(lines::add);
    network("serviceCidr", "services", created.group("services"), config.serviceCidr().toString())
        .ifPresent(lines::add);
    part(config, Integer.parseInt(created.group("part"))).ifPresent(lines::add);
    return lines.isEmpty() ? Optional.empty() : Optional.of(String.join("\n", lines));
  }

  private static Optional<String> network(String key, String whose, String created, String now) {
    return created.equals(now)
        ? Optional.empty()
        : Optional.of(
            "%s: the cluster was created with %s, and Kubernetes does not move its %s to %s; %s"
                .formatted(K3S.key(key), created, whose, now, FIX));
  }

  private static Optional<String> part(K3sConfig config, int created) {
    var needed = K3sConfigFile.nodeMask(config.maxPods());
    return needed >= created
        ? Optional.empty()
        : Optional.of(
            "%s: %d pods need a /%d for each node, but the cluster was created with a /%d; %s"
                .formatted(K3S.key("maxPods"), config.maxPods(), needed, created, FIX));
  }
}
