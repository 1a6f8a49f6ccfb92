package dev.nordfaas.host;

import dev.nordfaas.config.SshConfig.Bastion;
import dev.nordfaas.config.StackConfig;

/** OpenSSH files for a stack's nodes, by their names; only the config's host keys are accepted. */
public final class SshFiles {
  private static final String BASTION = "nordfaas-bastion";

  private final StackConfig config;

  public SshFiles(StackConfig config) {
    this.config = config;
  }

  /**
   * The client's config.
   *
   * @param knownHosts path of the file with {@link #knownHosts()}
   */
  public String sshConfig(String knownHosts) {
    var ssh = config.ssh();
    var text = new StringBuilder();
    config
        .nodes()
        .forEach(
            (name, node) -> {
              host(text, name, node.address(), ssh.port(), ssh.user());
              if (ssh.bastion().isPresent()) {
                text.append("  ProxyJump ").append(BASTION).append('\n');
              }
            });
    ssh.bastion().ifPresent(it -> host(text, BASTION, it.host(), it.port(), it.user()));
    return text.append(
            """
            Host *
              BatchMode yes
              ConnectTimeout %d
              GlobalKnownHostsFile none
              StrictHostKeyChecking yes
              UserKnownHostsFile %s
            """
                .formatted(ssh.perDialTimeout().plusMillis(999).toSeconds(), knownHosts))
        .toString();
  }

  private static void host(StringBuilder text, String name, String address, int port, String user) {
    text.append(
        """
        Host %1$s
          HostName %2$s
          HostKeyAlias %1$s
          Port %3$d
          User %4$s
        """
            .formatted(name, address, port, user));
  }

  /** The known_hosts file. */
  public String knownHosts() {
    var text = new StringBuilder();
    config.nodes().forEach((name, node) -> text.append("%s %s\n".formatted(name, node.hostKey())));
    config
        .ssh()
        .bastion()
        .map(Bastion::hostKey)
        .ifPresent(key -> text.append("%s %s\n".formatted(BASTION, key)));
    return text.toString();
  }
}
