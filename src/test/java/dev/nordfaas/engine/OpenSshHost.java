package dev.nordfaas.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.testing.Ports;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A real OpenSSH server on the loopback interface: user {@code nordfaas} logs in with a key, and
 * gets a program in the place of a shell. What sshd needs of the system, it has of its own.
 */
final class OpenSshHost implements AutoCloseable {
  /** Arguments: folder, port, program. An account that is locked would not be let in. */
  private static final String START =
      """
      set -eu
      root=$1
      mount -t tmpfs tmpfs /run
      mkdir /run/sshd
      { cat /etc/passwd; echo 'nordfaas:x:0:0::/root:/bin/sh'; } >"$root/passwd"
      { sed 's/^root:[^:]*:/root:*:/' /etc/shadow; echo 'nordfaas:*:20000:0:99999:7:::'; } >"$root/shadow"
      mount --bind "$root/passwd" /etc/passwd
      mount --bind "$root/shadow" /etc/shadow
      cat >"$root/sshd_config" <<CONFIG
      ListenAddress 127.0.0.1
      Port $2
      HostKey $root/host_key
      AuthorizedKeysFile $root/user.pub
      StrictModes no
      UsePAM no
      PasswordAuthentication no
      PidFile none
      ForceCommand $3
      CONFIG
      exec /usr/sbin/sshd -D -e -f "$root/sshd_config"
      """;

  private final Path folder;
  private final int port;
  private final Process server;

  /**
   * A server that has started.
   *
   * @param folder empty, for its keys
   * @param userKey the private key that may log in; made where it is not there
   */
  OpenSshHost(Path folder, Path userKey, Path program) throws IOException, InterruptedException {
    this.folder = folder;
    newKey(folder.resolve("host_key"));
    if (!Files.exists(userKey)) {
      newKey(userKey);
    }
    Files.copy(Path.of(userKey + ".pub"), folder.resolve("user.pub"));
    port = Ports.free();
    var log = folder.resolve("sshd.log");
    server =
        new ProcessBuilder(
                "unshare",
                "--mount",
                "--propagation=private",
                "sh",
                "-c",
                START,
                "sh",
                folder.toString(),
                Integer.toString(port),
                program.toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    for (var tries = 0; !answers(); tries++) {
      assertThat(server.isAlive() && tries < 300).as(Files.readString(log)).isTrue();
      Thread.sleep(100);
    }
  }

  int port() {
    return port;
  }

  /** The host's public key in OpenSSH format, without a comment. */
  String hostKey() throws IOException {
    return publicKey(folder.resolve("host_key"));
  }

  /** The fingerprint of the host key, as ssh-keygen prints it. */
  String fingerprint() throws IOException, InterruptedException {
    var process =
        new ProcessBuilder("ssh-keygen", "-l", "-f", folder.resolve("host_key.pub").toString())
            .start();
    var output = new String(process.getInputStream().readAllBytes());
    assertThat(process.waitFor()).isZero();
    return output.split(" ")[1];
  }

  static String publicKey(Path key) throws IOException {
    var parts = Files.readString(Path.of(key + ".pub")).split(" ");
    return parts[0] + " " + parts[1].strip();
  }

  /** Makes a key pair without a passphrase. */
  static Path newKey(Path file) throws IOException, InterruptedException {
    return newKey(file, "");
  }

  static Path newKey(Path file, String passphrase) throws IOException, InterruptedException {
    var process =
        new ProcessBuilder(
                "ssh-keygen", "-q", "-t", "ed25519", "-N", passphrase, "-f", file.toString())
            .inheritIO()
            .start();
    assertThat(process.waitFor()).isZero();
    return file;
  }

  private boolean answers() {
    try (var socket = new Socket("127.0.0.1", port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public void close() {
    server.descendants().forEach(ProcessHandle::destroyForcibly);
    server.destroyForcibly().onExit().join();
  }
}
