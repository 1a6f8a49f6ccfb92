package dev.nordfaas.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.config.NodeConfig;
import dev.nordfaas.testing.Folders;
import dev.nordfaas.testing.K3sStandIn;
import dev.nordfaas.testing.Ports;
import dev.nordfaas.testing.RecordingMocks;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The nodes of a stack side by side on this machine, each behind an OpenSSH server of its own, with
 * the stand-in for K3s: its calls are written down, and all nodes see one cluster.
 */
final class K3sHosts implements AutoCloseable {
  private static final Path RESOURCES = Path.of("src/test/resources/k3s").toAbsolutePath();
  private static final List<String> PROGRAMS = List.of("only-k3s", "ip", "sleep", "curl");

  private final Path folder;
  private final int port;
  private final Map<String, Process> servers = new LinkedHashMap<>();
  private final Map<String, NodeConfig> nodes;

  K3sHosts(Map<String, NodeConfig> nodes) throws IOException, InterruptedException {
    this.nodes = nodes;
    folder = Files.createTempDirectory("nordfaas-hosts-");
    Files.createDirectory(folder.resolve("nodes"));
    Files.createFile(folder.resolve("log"));
    Files.writeString(folder.resolve("kubeconfig"), RecordingMocks.KUBECONFIG);
    newKey(folder.resolve("user"));
    port = Ports.free();
    for (var name : nodes.keySet()) {
      make(name);
      switchOn(name);
    }
  }

  private void make(String name) throws IOException, InterruptedException {
    var root = Files.createDirectories(folder.resolve(name));
    newKey(root.resolve("host_key"));
    Files.copy(folder.resolve("user.pub"), root.resolve("authorized_keys"));
    Files.createDirectory(root.resolve("bin"));
    for (var program : PROGRAMS) {
      write(
          root.resolve("bin").resolve(program),
          "#!/bin/sh\n" + Files.readString(RESOURCES.resolve("programs.sh")));
    }
    for (var program : List.of("systemctl", "journalctl")) {
      write(root.resolve("bin").resolve(program), logged(K3sStandIn.systemd("", folder)));
    }
  }

  /** From now on nothing answers at the node's SSH port; what runs on it goes on. */
  void switchOff(String node) {
    var process = Objects.requireNonNull(servers.remove(node));
    process.destroyForcibly();
    process.onExit().join();
  }

  /** Starts the node's sshd, as at a boot. */
  void switchOn(String name) throws IOException, InterruptedException {
    var root = folder.resolve(name);
    var process =
        new ProcessBuilder(
                "unshare",
                "--mount",
                "--propagation=private",
                "--uts",
                "--pid",
                "--fork",
                "--kill-child",
                "--mount-proc",
                "sh",
                RESOURCES.resolve("host.sh").toString(),
                root.toString(),
                name,
                address(name),
                Integer.toString(port),
                nodes.get(name).clusterAddress())
            .redirectErrorStream(true)
            .redirectOutput(root.resolve("sshd.log").toFile())
            .start();
    for (var tries = 0; !answers(address(name)); tries++) {
      assertThat(process.isAlive() && tries < 200)
          .as("sshd of %s: %s", name, Files.readString(root.resolve("sshd.log")))
          .isTrue();
      Thread.sleep(100);
    }
    servers.put(name, process);
  }

  /**
   * A machine is lost, the cluster is told to forget it, and another one comes under its name and
   * address: with another host key, and nothing on its disk.
   */
  void replace(String node) throws IOException, InterruptedException {
    switchOff(node);
    Folders.delete(folder.resolve(node));
    for (var known : List.of("up", "nodes", "members")) {
      Folders.delete(folder.resolve(known).resolve(node));
    }
    Files.deleteIfExists(folder.resolve("secrets").resolve(node + ".node-password.k3s"));
    make(node);
    switchOn(node);
  }

  /** The public host key of a node, as it is in the config. */
  String hostKey(String node) throws IOException {
    var key = Files.readString(folder.resolve(node).resolve("host_key.pub")).split(" ");
    return key[0] + " " + key[1].strip();
  }

  /** A program that writes down how it is called, and every process that runs just then. */
  private String logged(String program) {
    return """
    #!/bin/sh
    printf '%%s %%s\\n' "$(uname -n)" "${0##*/} $*" >>'%1$s/log'
    cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' ' ' >>'%1$s/processes'
    %2$s
    """
        .formatted(folder, program);
  }

  /** The port of every node's sshd. */
  int port() {
    return port;
  }

  /** Offers a release for download; its binary. */
  Path release(String version) throws IOException {
    var binary = folder.resolve("release-" + version);
    write(binary, logged(K3sStandIn.k3s(version, "", folder)));
    return binary;
  }

  /** From now on K3s on the node starts and does not get ready, or does again. */
  void setBroken(String node, boolean broken) throws IOException {
    var mark = folder.resolve("kubelet-" + node);
    if (broken) {
      Files.writeString(mark, "False");
    } else {
      Files.delete(mark);
    }
  }

  /** The stack's config with these hosts in the place of its own. */
  String config(String committed) throws IOException {
    var config = new StringBuilder();
    var node = "";
    for (var line : committed.lines().toList()) {
      if (line.matches("    [a-z]+-[0-9]:")) {
        node = line.strip().replace(":", "");
      }
      if (line.startsWith("      address: ")) {
        config.append("      address: ").append(address(node)).append('\n');
      } else if (line.startsWith("      hostKey: ")) {
        config.append("      hostKey: %s\n".formatted(hostKey(node)));
      } else {
        config.append(line).append('\n');
      }
    }
    return config + "\n  nordfaas:ssh:\n    user: root\n    port: %d\n".formatted(port);
  }

  /** The private key that may log in. */
  String userPrivateKey() throws IOException {
    return Files.readString(folder.resolve("user"));
  }

  /** What has been done since the last time, on which node, in the order of all of them. */
  List<String> takeLog() throws IOException {
    var log = Files.readAllLines(folder.resolve("log"));
    Files.writeString(folder.resolve("log"), "");
    return log;
  }

  /** The nodes that the cluster knows, with the release of their kubelet. */
  List<String> nodes() throws IOException {
    try (var files = Files.list(folder.resolve("nodes"))) {
      var nodes = new ArrayList<String>();
      for (var file : files.sorted().toList()) {
        nodes.add(file.getFileName() + " " + Files.readString(file.resolve("version")));
      }
      return nodes;
    }
  }

  /** Names of the labels that a node got from the config. */
  String keptLabels(String node) throws IOException {
    return Files.readString(folder.resolve("nodes").resolve(node).resolve("kept"));
  }

  /** Whether a node takes no new pods. */
  boolean isCordoned(String node) {
    return Files.exists(folder.resolve("nodes").resolve(node).resolve("unschedulable"));
  }

  /** The release that the binary on a node says that it is. */
  String binary(String node) throws IOException, InterruptedException {
    var process =
        new ProcessBuilder(file(node, "/usr/local/bin/k3s").toString(), "--version").start();
    var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isZero();
    return said.split(" ")[2];
  }

  /** The arguments of all processes that ran on a node when one of its programs was called. */
  String processes() throws IOException {
    return Files.readString(folder.resolve("processes"));
  }

  /** A file of a node, by the path that it has there. */
  Path file(String node, String path) {
    return folder
        .resolve(node)
        .resolve(
            path.substring(1)
                .replaceFirst("^usr/local/", "local/")
                .replaceFirst("^var/lib/", "lib/"));
  }

  /** Every file below the node's folder that not only its owner may read. */
  List<Path> readableForOthers(String node) throws IOException {
    try (var files = Files.walk(folder.resolve(node))) {
      var readable = new ArrayList<Path>();
      for (var file : files.filter(Files::isRegularFile).toList()) {
        if (!Collections.disjoint(
            Files.getPosixFilePermissions(file),
            List.of(PosixFilePermission.GROUP_READ, PosixFilePermission.OTHERS_READ))) {
          readable.add(file);
        }
      }
      return readable;
    }
  }

  /** The loopback network has room for all: one address each, as they share a port. */
  private static String address(String node) {
    return "127.0.0.1" + node.substring(node.length() - 1);
  }

  private boolean answers(String address) {
    try (var socket = new Socket(address, port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  private static void newKey(Path file) throws IOException, InterruptedException {
    var process =
        new ProcessBuilder("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", file.toString())
            .inheritIO()
            .start();
    assertThat(process.waitFor()).isZero();
  }

  private static void write(Path file, String content) throws IOException {
    Files.writeString(file, content);
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  @Override
  public void close() throws IOException {
    servers.values().forEach(Process::destroyForcibly);
    servers.values().forEach(server -> server.onExit().join());
    Folders.delete(folder);
  }
}
