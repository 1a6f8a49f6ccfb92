package dev.nordfaas.doctor;

import dev.nordfaas.config.NodeConfig;
import dev.nordfaas.config.SshConfig;
import java.util.Optional;
import java.util.regex.Pattern;

/** Why OpenSSH did not reach a node, from its output with {@code -v}. */
final class SshFailure {
  private static final Pattern SERVER_KEY =
      Pattern.compile("debug1: Server host key: (\\S+ SHA256:\\S+)");
  private static final Pattern NAME = Pattern.compile("Could not resolve hostname ([^:]+):");
  private static final Pattern NO_ANSWER =
      Pattern.compile("timed out|No route to host|Network is unreachable");
  private static final Pattern DETAIL = Pattern.compile("debug[1-3]: .*|OpenSSH_.*");

  private final SshConfig ssh;
  private final Hop node;
  private final Optional<Hop> bastion;
  private final String keys;

  /** A server on the way, and the config keys that define it. */
  private record Hop(
      String host,
      int port,
      String user,
      String hostKey,
      String addressKey,
      String portKey,
      String hostKeyKey) {}

  /**
   * The failures of one node.
   *
   * @param keys where the private keys come from, such as "the SSH agent"
   */
  SshFailure(String name, NodeConfig config, SshConfig ssh, String keys) {
    this.ssh = ssh;
    this.keys = keys;
    node =
        new Hop(
            config.address(),
            ssh.port(),
            ssh.user(),
            config.hostKey().text(),
            "nodes.%s.address".formatted(name),
            "ssh.port",
            "nodes.%s.hostKey".formatted(name));
    bastion =
        ssh.bastion()
            .map(
                it ->
                    new Hop(
                        it.host(),
                        it.port(),
                        it.user(),
                        it.hostKey().text(),
                        "ssh.bastion.host",
                        "ssh.bastion.port",
                        "ssh.bastion.hostKey"));
  }

  /** The host key that a server has shown, as "ssh-ed25519 SHA256:..."; empty if none has. */
  static Optional<String> serverKey(String log) {
    var matcher = SERVER_KEY.matcher(log);
    return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
  }

  /**
   * The reason.
   *
   * @param log what the client has logged
   * @param stderr other output, such as that of the client that connects to the bastion
   */
  Finding of(String log, String stderr) {
    // If the node's key was seen, the bastion was passed.
    return bastion.isPresent() && serverKey(log).isEmpty()
        ? of(bastion.get(), stderr)
        : of(node, log + "\n" + stderr);
  }

  private Finding of(Hop hop, String said) {
    var name = NAME.matcher(said);
    if (name.find()) {
      return problem(
          "this machine cannot resolve the name " + name.group(1),
          "fix %s, or this machine's DNS".formatted(hop.addressKey()));
    }
    if (said.contains("Host key verification failed")) {
      return anotherHostKey(hop, said);
    }
    if (said.contains("Connection refused")) {
      return problem(
          "%s refuses connections to port %d".formatted(hop.host(), hop.port()),
          "check that sshd runs there, and that %s is its port".formatted(hop.portKey()));
    }
    if (NO_ANSWER.matcher(said).find()) {
      return problem(
          "%s does not answer on port %d within %d s"
              .formatted(hop.host(), hop.port(), ssh.perDialTimeout().plusMillis(999).toSeconds()),
          "check that the VPS runs, that %s is right, and that its provider's firewall lets this machine in"
              .formatted(hop.addressKey()));
    }
    if (said.contains("Too many authentication failures")) {
      return problem(
          "%s accepts no more keys: there are too many in %s".formatted(hop.host(), keys),
          "choose the right key: NORDFAAS_SSH_KEY=FILE, or ssh.privateKey");
    }
    if (said.contains("Permission denied")) {
      return problem(
          "%s does not let %s in with the key of %s".formatted(hop.host(), hop.user(), keys),
          "put its public half into ~%s/.ssh/authorized_keys there, or use another key: NORDFAAS_SSH_KEY=FILE, ssh.privateKey, or ssh-add"
              .formatted(hop.user()));
    }
    var last = lastLine(said);
    return problem(
        last.isEmpty() ? hop.host() + " closed the connection" : hop.host() + ": " + last,
        "see `journalctl -u ssh` there, from the provider's console");
  }

  private static Finding anotherHostKey(Hop hop, String said) {
    return problem(
        "the host key of %s: wanted %s, found %s"
            .formatted(
                hop.host(),
                HostKey.fingerprint(hop.hostKey()),
                serverKey(said).orElse("another one")),
        "compare it with the fingerprint on the provider's console; if it matches, set %s to what `ssh-keyscan -p %d -t ed25519 %s` prints; if not, somebody may be intercepting the connection"
            .formatted(hop.hostKeyKey(), hop.port(), hop.host()));
  }

  private static Finding problem(String text, String fix) {
    return Finding.problem("ssh", text, fix);
  }

  /** The last line that is not debug output of the client. */
  static String lastLine(String said) {
    return said.lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty() && !DETAIL.matcher(line).matches())
        .reduce("", (before, line) -> line);
  }
}
