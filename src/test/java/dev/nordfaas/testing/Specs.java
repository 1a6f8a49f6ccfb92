package dev.nordfaas.testing;

import dev.nordfaas.config.HostConfig;
import dev.nordfaas.config.NodeConfig;
import dev.nordfaas.config.SshAuthorizedKey;
import dev.nordfaas.config.SshConfig;
import dev.nordfaas.config.StackConfig;
import dev.nordfaas.host.HostSpec;
import dev.nordfaas.plan.Plan;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Hosts of the fixtures, and variations of them. */
public final class Specs {
  private Specs() {}

  /** The one host of Oslo. */
  public static HostSpec oslo() {
    return of(Fixtures.oslo(), "oslo-1");
  }

  /** A host of the stack. */
  public static HostSpec of(StackConfig config, String name) {
    return Plan.of(config).hosts().stream()
        .filter(spec -> spec.nodeName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  /** The host with sysctls of its own. */
  public static HostSpec withSysctls(
      HostSpec spec, Map<String, String> ofHost, Map<String, String> ofNode) {
    return with(
        spec, withSysctls(spec.node(), ofNode), withSysctls(spec.host(), ofHost), spec.ssh());
  }

  /** The host, logged in to as another user, at another port. */
  public static HostSpec withLogin(HostSpec spec, String user, int port) {
    var ssh = spec.ssh();
    return with(
        spec,
        spec.node(),
        spec.host(),
        new SshConfig(
            user,
            port,
            ssh.privateKey(),
            ssh.privateKeyPassword(),
            ssh.dialErrorLimit(),
            ssh.perDialTimeout(),
            ssh.bastion()));
  }

  /** The host with a separate data volume. */
  public static HostSpec withDataVolume(HostSpec spec, String label) {
    var host = spec.host();
    return withHost(spec, host.authorizedKeys(), Optional.of(label), host.packages(), host.files());
  }

  /** The host with other keys that may log in. */
  public static HostSpec withAuthorizedKeys(HostSpec spec, List<SshAuthorizedKey> keys) {
    var host = spec.host();
    return withHost(spec, keys, host.dataVolumeLabel(), host.packages(), host.files());
  }

  /** The host with packages and files of its user. */
  public static HostSpec withExtras(
      HostSpec spec, List<String> packages, Map<String, String> files) {
    var host = spec.host();
    return withHost(spec, host.authorizedKeys(), host.dataVolumeLabel(), packages, files);
  }

  private static HostSpec withHost(
      HostSpec spec,
      List<SshAuthorizedKey> keys,
      Optional<String> dataVolumeLabel,
      List<String> packages,
      Map<String, String> files) {
    var host = spec.host();
    return with(
        spec,
        spec.node(),
        new HostConfig(
            keys,
            host.firewall(),
            host.sysctlProfile(),
            host.sysctls(),
            host.timezone(),
            host.ntpServers(),
            host.journalMaxUse(),
            dataVolumeLabel,
            packages,
            files),
        spec.ssh());
  }

  private static HostSpec with(HostSpec spec, NodeConfig node, HostConfig host, SshConfig ssh) {
    return new HostSpec(
        spec.nodeName(),
        node,
        host,
        ssh,
        spec.listenedPorts(),
        spec.podNetwork(),
        spec.peers(),
        spec.podNetworkPort(),
        spec.edgeProxies(),
        spec.virtualRouters());
  }

  private static HostConfig withSysctls(HostConfig host, Map<String, String> sysctls) {
    return new HostConfig(
        host.authorizedKeys(),
        host.firewall(),
        host.sysctlProfile(),
        sysctls,
        host.timezone(),
        host.ntpServers(),
        host.journalMaxUse(),
        host.dataVolumeLabel(),
        host.packages(),
        host.files());
  }

  private static NodeConfig withSysctls(NodeConfig node, Map<String, String> sysctls) {
    return new NodeConfig(
        node.role(),
        node.address(),
        node.privateAddress(),
        node.hostKey(),
        node.vcpu(),
        node.memory(),
        node.disk(),
        node.monthlyPriceNok(),
        sysctls,
        node.labels(),
        node.taints(),
        node.away());
  }
}
