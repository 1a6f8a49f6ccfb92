package dev.nordfaas.host;

import dev.nordfaas.config.Cidr;
import dev.nordfaas.config.HostConfig;
import dev.nordfaas.config.NodeConfig;
import dev.nordfaas.config.SshConfig;
import java.util.List;

/**
 * Everything that determines a node's operating system, as plain values.
 *
 * @param nodeName host name and Kubernetes node name
 * @param listenedPorts every port that the platform, K3s included, listens on
 * @param podNetwork networks of the pods and services
 * @param peers IP addresses that the other nodes' connections come from
 * @param podNetworkPort UDP port between nodes for the packets of pods
 * @param edgeProxies load balancers in front of the edge, behind which many clients have one
 *     address
 * @param virtualRouters the node's part in virtual addresses
 */
public record HostSpec(
    String nodeName,
    NodeConfig node,
    HostConfig host,
    SshConfig ssh,
    List<PortRange> listenedPorts,
    PodNetwork podNetwork,
    List<String> peers,
    PortRange podNetworkPort,
    List<Cidr> edgeProxies,
    List<VirtualRouter> virtualRouters) {
  public HostSpec {
    listenedPorts = List.copyOf(listenedPorts);
    peers = List.copyOf(peers);
    edgeProxies = List.copyOf(edgeProxies);
    virtualRouters = List.copyOf(virtualRouters);
  }
}
