package dev.nordfaas.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.config.check.PatchedConfig;
import dev.nordfaas.testing.Fixtures;
import org.junit.jupiter.api.Test;

class SshFilesTest {
  @Test
  void namesTheNodes() {
    assertThat(new SshFiles(Fixtures.oslo()).sshConfig("/tmp/x/known_hosts"))
        .isEqualTo(
            """
            Host oslo-1
              HostName 192.0.2.10
              HostKeyAlias oslo-1
              Port 22
              User nordfaas
            Host *
              BatchMode yes
              ConnectTimeout 15
              GlobalKnownHostsFile none
              StrictHostKeyChecking yes
              UserKnownHostsFile /tmp/x/known_hosts
            """);
  }

  @Test
  void goesThroughTheBastion() {
    var config =
        PatchedConfig.of(
            "oslo",
            "set: {nordfaas:ssh.bastion: {host: jump.example.no, port: 2222, hostKey: ssh-ed25519"
                + " AAAAC3NzaC1lZDI1NTE5AAAAIOp7EA6KzoVcvqT5n862lMahNNeNMDzOq8pLRV80/nhD}}");

    assertThat(new SshFiles(config).sshConfig("known_hosts"))
        .contains("  User nordfaas\n  ProxyJump nordfaas-bastion\nHost nordfaas-bastion\n")
        .contains("  HostName jump.example.no\n  HostKeyAlias nordfaas-bastion\n  Port 2222\n");
    assertThat(new SshFiles(config).knownHosts())
        .endsWith(
            "nordfaas-bastion ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOp7EA6KzoVcvqT5n862lMahNNeNMDzOq8pLRV80/nhD\n");
  }

  @Test
  void takesNoHostKeyButTheConfigs() {
    assertThat(new SshFiles(Fixtures.bergen()).knownHosts().lines())
        .hasSize(5)
        .allMatch(line -> line.matches("bergen-[1-5] ssh-ed25519 [A-Za-z0-9+/=]+"));
  }
}
