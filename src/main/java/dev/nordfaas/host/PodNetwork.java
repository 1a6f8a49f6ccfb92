package dev.nordfaas.host;

import dev.nordfaas.config.Cidr;
import java.util.List;

/**
 * The networks of a cluster's pods and services, as its nodes see them.
 *
 * @param pods networks of the pods
 * @param services networks of the services: never the source of a packet
 * @param interfaces names of the nodes' interfaces from which packets of pods come
 */
public record PodNetwork(List<Cidr> pods, List<Cidr> services, List<String> interfaces) {
  /** The bridge of the node's own pods; VXLAN and WireGuard to those of other nodes. */
  private static final List<String> OF_FLANNEL =
      List.of("cni0", "flannel.1", "flannel-v6.1", "flannel-wg", "flannel-wg-v6");

  public PodNetwork {
    pods = List.copyOf(pods);
    services = List.copyOf(services);
    interfaces = List.copyOf(interfaces);
  }

  /** With flannel, whichever of its backends wraps the packets between nodes. */
  public static PodNetwork ofFlannel(List<Cidr> pods, List<Cidr> services) {
    return new PodNetwork(pods, services, OF_FLANNEL);
  }
}
