package dev.nordfaas.components;

import com.pulumi.resources.Resource;
import com.pulumi.resources.ResourceArgs;
import dev.nordfaas.config.HostConfig;
import dev.nordfaas.config.K3sConfig;
import dev.nordfaas.config.NodeConfig;
import dev.nordfaas.config.SshConfig;
import dev.nordfaas.k3s.Topology;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Inputs of {@link K3sCluster}. */
public final class K3sClusterArgs extends ResourceArgs {
  /** What K3s deploys. */
  private static final int DEFAULT_NAME_SERVERS = 1;

  private final Map<String, NodeConfig> nodes;
  private final K3sConfig k3s;
  private final HostConfig host;
  private final SshConfig ssh;
  private final int nameServers;
  private final List<Resource> hosts;

  private K3sClusterArgs(
      Map<String, NodeConfig> nodes,
      K3sConfig k3s,
      HostConfig host,
      SshConfig ssh,
      int nameServers,
      List<Resource> hosts) {
    this.nodes = Collections.unmodifiableMap(new LinkedHashMap<>(nodes));
    this.k3s = k3s;
    this.host = host;
    this.ssh = ssh;
    this.nameServers = nameServers;
    this.hosts = List.copyOf(hosts);
  }

  K3sConfig k3s() {
    return k3s;
  }

  /** The nodes in the order in which they start. */
  Topology topology() {
    return Topology.of(nodes, host, k3s.firstServer());
  }

  SshConfig ssh() {
    return ssh;
  }

  /** Whether there are more pods of the name server than K3s deploys. */
  boolean hasMoreNameServers() {
    return nameServers > DEFAULT_NAME_SERVERS;
  }

  int nameServers() {
    return nameServers;
  }

  List<Resource> hosts() {
    return hosts;
  }

  public static Builder builder() {
    return new Builder();
  }

  /** Builds K3sClusterArgs. */
  public static final class Builder {
    private @Nullable Map<String, NodeConfig> nodes;
    private @Nullable K3sConfig k3s;
    private @Nullable HostConfig host;
    private @Nullable SshConfig ssh;
    private int nameServers = DEFAULT_NAME_SERVERS;
    private List<Resource> hosts = List.of();

    private Builder() {}

    /** The nodes by name; nodes with the same role join in this order. Required. */
    public Builder nodes(Map<String, NodeConfig> nodes) {
      this.nodes = nodes;
      return this;
    }

    /** The cluster; required. */
    public Builder k3s(K3sConfig k3s) {
      this.k3s = k3s;
      return this;
    }

    /** What all nodes have in common; required. */
    public Builder host(HostConfig host) {
      this.host = host;
      return this;
    }

    /** How Pulumi reaches the nodes; required. */
    public Builder ssh(SshConfig ssh) {
      this.ssh = ssh;
      return this;
    }

    /** Pods of the cluster's name server, each on another node. Default: 1. */
    public Builder nameServers(int nameServers) {
      this.nameServers = nameServers;
      return this;
    }

    /**
     * The {@link TunedHost}s: the kubelet does not start before their sysctls are in effect.
     * Default: none.
     */
    public Builder hosts(List<? extends Resource> hosts) {
      this.hosts = List.copyOf(hosts);
      return this;
    }

    /**
     * The inputs.
     *
     * @throws IllegalArgumentException if a required one is missing; the message names it
     */
    public K3sClusterArgs build() {
      return new K3sClusterArgs(
          Required.argument("K3sCluster", "nodes", nodes),
          Required.argument("K3sCluster", "k3s", k3s),
          Required.argument("K3sCluster", "host", host),
          Required.argument("K3sCluster", "ssh", ssh),
          nameServers,
          hosts);
    }
  }
}
