package dev.nordfaas.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.config.StackConfig;
import dev.nordfaas.config.check.PatchedConfig;
import dev.nordfaas.testing.Fixtures;
import org.junit.jupiter.api.Test;

/** The texts are those of OpenSSH 9.2. */
class SshFailureTest {
  private static SshFailure of(StackConfig config) {
    var node = config.nodes().entrySet().iterator().next();
    return new SshFailure(node.getKey(), node.getValue(), config.ssh(), "the SSH agent");
  }

  private final SshFailure oslo = of(Fixtures.oslo());

  @Test
  void tellsAHostThatDoesNotAnswer() {
    assertThat(
            oslo.of(
                "debug1: Connecting to 192.0.2.10 [192.0.2.10] port 22.\n"
                    + "debug1: connect to address 192.0.2.10 port 22: Connection timed out\n"
                    + "ssh: connect to host 192.0.2.10 port 22: Connection timed out\n",
                ""))
        .isEqualTo(
            Finding.problem(
                "ssh",
                "192.0.2.10 does not answer on port 22 within 15 s",
                "check that the VPS runs, that nodes.oslo-1.address is right, and that its provider's"
                    + " firewall lets this machine in"));
  }

  @Test
  void tellsAnAgentWithTooManyKeys() {
    assertThat(
            oslo.of(
                "Received disconnect from 192.0.2.10 port 22:2: Too many authentication failures\n",
                ""))
        .isEqualTo(
            Finding.problem(
                "ssh",
                "192.0.2.10 accepts no more keys: there are too many in the SSH agent",
                "choose the right key: NORDFAAS_SSH_KEY=FILE, or ssh.privateKey"));
  }

  @Test
  void tellsAHostKeyOfAnotherTypeThanTheConfigs() {
    assertThat(
            oslo.of(
                    "debug1: Server host key: ssh-rsa SHA256:found\n"
                        + "No RSA host key is known for oslo-1 and you have requested strict"
                        + " checking.\n"
                        + "Host key verification failed.\n",
                    "")
                .text())
        .startsWith("the host key of 192.0.2.10: wanted ssh-ed25519 SHA256:")
        .endsWith(", found ssh-rsa SHA256:found");
  }

  @Test
  void repeatsWhatItDoesNotKnow() {
    assertThat(
            oslo.of(
                "debug1: Local version string SSH-2.0-OpenSSH_9.2\n"
                    + "kex_exchange_identification: Connection closed by remote host\n"
                    + "debug1: more\n",
                ""))
        .isEqualTo(
            Finding.problem(
                "ssh",
                "192.0.2.10: kex_exchange_identification: Connection closed by remote host",
                "see `journalctl -u ssh` there, from the provider's console"));
  }

  @Test
  void tellsTheBastionFromTheNode() {
    var config =
        PatchedConfig.of(
            "oslo",
            "set: {nordfaas:ssh.bastion: {host: jump.example.no, port: 2222, hostKey: ssh-ed25519"
                + " AAAAC3NzaC1lZDI1NTE5AAAAIOp7EA6KzoVcvqT5n862lMahNNeNMDzOq8pLRV80/nhD}}");
    var failure = of(config);

    assertThat(
            failure.of(
                "kex_exchange_identification: Connection closed by remote host\n",
                "ssh: connect to host jump.example.no port 2222: Connection refused\n"))
        .isEqualTo(
            Finding.problem(
                "ssh",
                "jump.example.no refuses connections to port 2222",
                "check that sshd runs there, and that ssh.bastion.port is its port"));
    assertThat(
            failure
                .of(
                    "debug1: Server host key: ssh-ed25519 SHA256:node\n"
                        + "Permission denied (publickey).\n",
                    "debug1: Server host key: ssh-ed25519 SHA256:bastion\n")
                .text())
        .isEqualTo("192.0.2.10 does not let nordfaas in with the key of the SSH agent");
  }
}
