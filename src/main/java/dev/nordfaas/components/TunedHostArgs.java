package dev.nordfaas.components;

import com.pulumi.resources.ResourceArgs;
import dev.nordfaas.config.Cidr;
import dev.nordfaas.config.HostConfig;
import dev.nordfaas.config.NodeConfig;
import dev.nordfaas.config.SshConfig;
import dev.nordfaas.host.HostNeeds;
import dev.nordfaas.host.HostSpec;
import dev.nordfaas.host.PortRange;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Inputs of {@link TunedHost}. All are plain: they decide what its preview shows. */
public final class TunedHostArgs extends ResourceArgs {
  private final HostSpec spec;
  private final HostNeeds needs;

  private TunedHostArgs(HostSpec spec, HostNeeds needs) {
    this.spec = spec;
    this.needs = needs;
  }

  HostSpec spec() {
    return spec;
  }

  HostNeeds needs() {
    return needs;
  }

  public static Builder builder() {
    return new Builder();
  }

  /** Builds TunedHostArgs. */
  public static final class Builder {
    private @Nullable String nodeName;
    private @Nullable NodeConfig node;
    private @Nullable HostConfig host;
    private @Nullable SshConfig ssh;
    private List<PortRange> listenedPorts = List.of();
    private List<Cidr> clusterCidrs = List.of();
    private List<String> peers = List.of();
    private HostNeeds needs = HostNeeds.NONE;

    private Builder() {}

    /** Host name; required. */
    public Builder nodeName(String nodeName) {
      this.nodeName = nodeName;
      return this;
    }

    /** The VPS; required. */
    public Builder node(NodeConfig node) {
      this.node = node;
      return this;
    }

    /** What every node's operating system gets; required. */
    public Builder host(HostConfig host) {
      this.host = host;
      return this;
    }

    /** How Pulumi reaches the node; required. */
    public Builder ssh(SshConfig ssh) {
      this.ssh = ssh;
      return this;
    }

    /** Every port that the platform, K3s included, listens on; default none. */
    public Builder listenedPorts(List<PortRange> listenedPorts) {
      this.listenedPorts = listenedPorts;
      return this;
    }

    /** Networks of pods and services, which the firewall lets through; default none. */
    public Builder clusterCidrs(List<Cidr> clusterCidrs) {
      this.clusterCidrs = clusterCidrs;
      return this;
    }

    /** The other nodes' addresses on the network between the nodes; default none. */
    public Builder peers(List<String> peers) {
      this.peers = peers;
      return this;
    }

    /** What is checked besides system and size before the host is touched; default nothing. */
    public Builder needs(HostNeeds needs) {
      this.needs = needs;
      return this;
    }

    /**
     * The inputs.
     *
     * @throws NullPointerException if a required one is missing, with its name
     */
    public TunedHostArgs build() {
      return new TunedHostArgs(
          new HostSpec(
              Required.argument("TunedHost", "nodeName", nodeName),
              Required.argument("TunedHost", "node", node),
              Required.argument("TunedHost", "host", host),
              Required.argument("TunedHost", "ssh", ssh),
              listenedPorts,
              clusterCidrs,
              peers),
          needs);
    }
  }
}
