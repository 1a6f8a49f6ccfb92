package dev.nordfaas.engine;

import dev.nordfaas.template.NodeScript;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.config.keys.writer.openssh.OpenSSHKeyPairResourceWriter;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.util.net.SshdSocketAddress;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.command.AbstractCommandSupport;
import org.apache.sshd.server.command.Command;
import org.apache.sshd.server.forward.AcceptAllForwardingFilter;

/**
 * A real SSH server on the loopback interface that takes every command, remembers it with its
 * standard input, and answers as a node would on which everything is in order.
 */
final class SshHost implements AutoCloseable {
  private static final String KUBECONFIG =
      """
      apiVersion: v1
      kind: Config
      clusters:
      - name: default
        cluster: {server: "https://127.0.0.1:6443"}
      contexts:
      - name: default
        context: {cluster: default, user: default}
      current-context: default
      users:
      - name: default
        user: {token: token-of-the-administrator}
      """;

  /** A command as it arrived. */
  record Ran(String command, String stdin) {}

  private final List<Ran> ran = Collections.synchronizedList(new ArrayList<>());
  private final Set<Integer> forwardedTo = ConcurrentHashMap.newKeySet();
  private volatile String drift = "";
  private final KeyPair hostKey;
  private final KeyPair userKey;
  private final SshServer server;

  SshHost() throws IOException, GeneralSecurityException {
    this(newKey());
  }

  private SshHost(KeyPair userKey) throws IOException, GeneralSecurityException {
    this.userKey = userKey;
    hostKey = newKey();
    server = SshServer.setUpDefaultServer();
    server.setHost("127.0.0.1");
    server.setKeyPairProvider(KeyPairProvider.wrap(hostKey));
    server.setPublickeyAuthenticator(
        (user, key, session) ->
            user.equals("nordfaas") && KeyUtils.compareKeys(key, userKey.getPublic()));
    server.setForwardingFilter(
        new AcceptAllForwardingFilter() {
          @Override
          protected boolean checkAcceptance(
              String request, Session session, SshdSocketAddress target) {
            forwardedTo.add(target.getPort());
            return true;
          }
        });
    server.setCommandFactory((channel, command) -> new Recorder(command));
    server.start();
  }

  /** Another server that lets the same user in, and through to this one. */
  SshHost bastion() throws IOException, GeneralSecurityException {
    return new SshHost(userKey);
  }

  /** The ports that clients of this server have been let through to. */
  Set<Integer> forwardedTo() {
    return Set.copyOf(forwardedTo);
  }

  int port() {
    return server.getPort();
  }

  /** The host's public key in OpenSSH format. */
  String hostKey() {
    return PublicKeyEntry.toString(hostKey.getPublic());
  }

  /** The private key that may log in. */
  String userPrivateKey() throws IOException, GeneralSecurityException {
    var out = new ByteArrayOutputStream();
    OpenSSHKeyPairResourceWriter.INSTANCE.writePrivateKey(userKey, "", null, out);
    return out.toString(StandardCharsets.US_ASCII);
  }

  /** What has run since the last call. */
  List<Ran> takeRan() {
    synchronized (ran) {
      var copy = List.copyOf(ran);
      ran.clear();
      return copy;
    }
  }

  /** What the host says from now on when it is asked for its drift. */
  void answerDrift(String text) {
    drift = text;
  }

  private String answer(String command) {
    if (command.equals(NodeScript.DRIFT.text())) {
      return drift;
    }
    return command.equals(NodeScript.K3S_KUBECONFIG.text()) ? KUBECONFIG : "ok\n";
  }

  private static KeyPair newKey() throws GeneralSecurityException {
    var generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return generator.generateKeyPair();
  }

  @Override
  public void close() throws IOException {
    server.stop(true);
  }

  private final class Recorder extends AbstractCommandSupport implements Command {
    Recorder(String command) {
      super(command, null);
    }

    @Override
    public void run() {
      try {
        var stdin = new String(getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        ran.add(new Ran(getCommand(), stdin));
        getOutputStream().write(answer(getCommand()).getBytes(StandardCharsets.UTF_8));
        getOutputStream().flush();
        onExit(0);
      } catch (IOException e) {
        onExit(1, e.getMessage());
      }
    }
  }
}
