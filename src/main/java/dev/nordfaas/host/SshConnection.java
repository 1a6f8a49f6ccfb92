package dev.nordfaas.host;

import dev.nordfaas.command.remote.inputs.ConnectionArgs;
import dev.nordfaas.command.remote.inputs.ProxyConnectionArgs;
import dev.nordfaas.config.NodeConfig;
import dev.nordfaas.config.SecretValue;
import dev.nordfaas.config.SshConfig;
import dev.nordfaas.config.SshConfig.Bastion;

/** How Pulumi logs in to a node: with a key, through the bastion if there is one. */
public final class SshConnection {
  private SshConnection() {}

  /** The connection to the node; a host key other than the one in the config is refused. */
  public static ConnectionArgs of(SshConfig ssh, NodeConfig node) {
    var connection =
        ConnectionArgs.builder()
            .host(node.address())
            .port(ssh.port())
            .user(ssh.user())
            .hostKey(node.hostKey().text())
            .dialErrorLimit(ssh.dialErrorLimit())
            .perDialTimeout(seconds(ssh));
    ssh.privateKey().map(SecretValue::asOutput).ifPresent(connection::privateKey);
    ssh.privateKeyPassword().map(SecretValue::asOutput).ifPresent(connection::privateKeyPassword);
    ssh.bastion().ifPresent(bastion -> connection.proxy(proxy(ssh, bastion)));
    return connection.build();
  }

  private static ProxyConnectionArgs proxy(SshConfig ssh, Bastion bastion) {
    var proxy =
        ProxyConnectionArgs.builder()
            .host(bastion.host())
            .port(bastion.port())
            .user(bastion.user())
            .hostKey(bastion.hostKey().text())
            .dialErrorLimit(ssh.dialErrorLimit())
            .perDialTimeout(seconds(ssh));
    ssh.privateKey().map(SecretValue::asOutput).ifPresent(proxy::privateKey);
    ssh.privateKeyPassword().map(SecretValue::asOutput).ifPresent(proxy::privateKeyPassword);
    return proxy.build();
  }

  /** Rounded up: the plug-in treats 0 as no limit. */
  private static int seconds(SshConfig ssh) {
    return Math.toIntExact(ssh.perDialTimeout().plusMillis(999).toSeconds());
  }
}
