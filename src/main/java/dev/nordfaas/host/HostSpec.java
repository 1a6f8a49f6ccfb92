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
 * @param clusterCidrs networks of the pods and services
 * @param peers IP addresses that the other nodes' connections come from
 */
public record HostSpec(
    String nodeName,
    NodeConfig node,
    HostConfig host,
    SshConfig ssh,
    List<PortRange> listenedPorts,
    List<Cidr> clusterCidrs,
    List<String> peers) {
  public HostSpec {
    listenedPorts = List.copyOf(listenedPorts);
    clusterCidrs = List.copyOf(clusterCidrs);
    peers = List.copyOf(peers);
  }
}
