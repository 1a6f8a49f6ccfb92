package dev.nordfaas.host;

import dev.nordfaas.config.Cidr;
import dev.nordfaas.config.HostConfig;
import dev.nordfaas.config.NodeConfig;
import dev.nordfaas.config.SshConfig;
import java.util.List;

/**
 * All that decides what a node's operating system looks like, in plain values.
 *
 * @param nodeName host name and Kubernetes node name
 * @param listenedPorts every port that the platform, K3s included, listens on
 * @param clusterCidrs networks of the pods and services
 * @param peers addresses under which the other nodes are seen here; IP addresses
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
