package dev.nordfaas.k3s;

import dev.nordfaas.config.K3sConfig;
import dev.nordfaas.config.K3sConfig.FlannelBackend;
import dev.nordfaas.config.NodeConfig;
import dev.nordfaas.config.model.ConfigModel;
import dev.nordfaas.host.IpAddress;
import java.util.List;
import java.util.Map;

/**
 * How packets of pods get from node to node.
 *
 * @param backend flannel's backend, chosen or derived
 * @param port the UDP port that the backend uses between nodes (source: flannel, pkg/backend)
 */
public record Flannel(FlannelBackend backend, int port) {
  private static final int VXLAN_PORT = 8472;
  private static final int WIREGUARD_PORT = 51820;
  private static final int WIREGUARD_PORT_6 = 51821;

  /** The backend of K3s' own choice, which needs no key. */
  private static final FlannelBackend DEFAULT = FlannelBackend.VXLAN;

  /** That of the stack config, or else encryption wherever packets leave private networks. */
  public static Flannel of(K3sConfig config, Map<String, NodeConfig> nodes) {
    var backend =
        config
            .flannelBackend()
            .orElseGet(
                () -> publicAddresses(nodes).isEmpty() ? DEFAULT : FlannelBackend.WIREGUARD_NATIVE);
    return new Flannel(backend, port(backend, IpAddress.isVersion6(config.clusterCidr().text())));
  }

  private static int port(FlannelBackend backend, boolean isVersion6) {
    return switch (backend) {
      case VXLAN -> VXLAN_PORT;
      case WIREGUARD_NATIVE -> isVersion6 ? WIREGUARD_PORT_6 : WIREGUARD_PORT;
    };
  }

  /**
   * The nodes that others reach at a public address, with that address: also a privateAddress that
   * is in no private network. None if there is a single node.
   */
  public static List<String> publicAddresses(Map<String, NodeConfig> nodes) {
    return nodes.entrySet().stream()
        .filter(node -> nodes.size() > 1)
        .filter(node -> !IpAddress.isPrivate(node.getValue().clusterAddress()))
        .map(node -> "%s (%s)".formatted(node.getKey(), node.getValue().clusterAddress()))
        .toList();
  }

  /** Whether K3s has to be told. */
  boolean isNamed() {
    return backend != DEFAULT;
  }

  /** The backend as K3s names it, and the stack config after it. */
  String name() {
    return ConfigModel.word(backend);
  }

  /** The kernel module that it needs on every node. */
  public String kernelModule() {
    return switch (backend) {
      case VXLAN -> "vxlan";
      case WIREGUARD_NATIVE -> "wireguard";
    };
  }
}
