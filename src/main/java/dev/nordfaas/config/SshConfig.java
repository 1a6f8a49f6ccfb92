package dev.nordfaas.config;

import java.time.Duration;
import java.util.Optional;

/** How Pulumi reaches the nodes over SSH. */
public record SshConfig(
    @Key(
            value = "User to log in as; needs password-less sudo. cloud-init creates it.",
            defaultValue = "nordfaas",
            pattern = Patterns.USER,
            hint = Patterns.USER_HINT)
        String user,
    @Key(
            value = "TCP port of sshd, on which neither the edge nor Kubernetes listens.",
            defaultValue = "22",
            min = 1,
            max = 65535)
        int port,
    @Key(
            "Private key in PEM or OpenSSH format (secret). Without it the SSH agent of SSH_AUTH_SOCK is used.")
        Optional<SecretValue> privateKey,
    @Key("Passphrase of privateKey (secret).") Optional<SecretValue> privateKeyPassword,
    @Key(
            value =
                "Dial attempts that may fail, including refused host keys; one more failure ends `up`.",
            defaultValue = "10",
            min = 1,
            max = 1000)
        int dialErrorLimit,
    @Key(
            value =
                "Time limit of the TCP connection of one dial attempt; the SSH handshake has none.",
            defaultValue = "15s")
        Duration perDialTimeout,
    @Key("Jump host through which all nodes are reached.") Optional<Bastion> bastion) {

  /** A jump host. */
  public record Bastion(
      @Key(
              value = "Address of the jump host.",
              pattern = Patterns.HOST,
              hint = Patterns.HOST_HINT,
              example = "bastion.oslo.example.no")
          String host,
      @Key(value = "TCP port of its sshd.", defaultValue = "22", min = 1, max = 65535) int port,
      @Key(
              value = "User to log in as.",
              defaultValue = "nordfaas",
              pattern = Patterns.USER,
              hint = Patterns.USER_HINT)
          String user,
      @Key(
              value = "Its public host key; any other key is refused.",
              pattern = SshHostKey.PATTERN,
              hint = SshHostKey.HINT,
              example =
                  "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHm4L1R9bVXoKbZ3ZqU7d5T4kC3N4rj5P1VqB7c0Xe2S")
          SshHostKey hostKey) {}
}
