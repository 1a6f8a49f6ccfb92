package dev.nordfaas.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * A stand-in for a node: a folder that holds its /etc, /run, /proc, /usr/local and /var, and
 * programs that write down how they were called.
 */
public final class Node {
  private static final List<String> FOLDERS =
      List.of(
          "/etc/",
          "/run/",
          "/boot/",
          "/proc/",
          "/var/cache/",
          "/var/lib/",
          "/var/tmp/",
          "/usr/local/",
          "/sys/fs/cgroup/",
          "/sys/module/",
          "/lib/modules/",
          "/dev/kmsg");

  /** How a script ended. */
  public record Result(int exitCode, String stdout, String stderr) {}

  private final Path root;
  private List<String> namespace = List.of();

  /** An empty node in an empty folder. */
  public Node(Path root) {
    this.root = root;
    FOLDERS.forEach(folder -> createDirectories(root.resolve(folder.substring(1))));
    createDirectories(root.resolve("bin"));
    program("systemctl", "");
    file("/proc/swaps", "Filename Type Size Used Priority\n");
  }

  /** Puts a program on the node's PATH; every call of it is in {@link #calls}. */
  public Node program(String name, String script) {
    return executable("/bin/" + name, script);
  }

  /** Puts a program at a path of the node; every call of it is in {@link #calls}. */
  public Node executable(String path, String script) {
    var file = root.resolve(path.substring(1));
    write(
        file,
        """
        #!/bin/sh
        ROOT='%s'
        printf '%%s\\n' "${0##*/} $*" >>"$ROOT/calls"
        %s
        """
            .formatted(root, script));
    setExecutable(file);
    return this;
  }

  /** Runs everything from now on in the network namespace of a process. */
  public Node inNetworkOf(Process process) {
    namespace = List.of("nsenter", "--net=/proc/%d/ns/net".formatted(process.pid()), "--");
    return this;
  }

  /** Writes a file of the node. */
  public Node file(String path, String content) {
    write(root.resolve(path.substring(1)), content);
    return this;
  }

  /** Deletes a file of the node. */
  public Node delete(String path) {
    try {
      Files.delete(root.resolve(path.substring(1)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  /** What a file of the node holds. */
  public String read(String path) {
    try {
      return Files.readString(root.resolve(path.substring(1)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether the node has the file. */
  public boolean has(String path) {
    return Files.exists(root.resolve(path.substring(1)));
  }

  /** The permissions of a file, as {@code rw-r--r--}. */
  public String permissions(String path) {
    try {
      return PosixFilePermissions.toString(
          Files.getPosixFilePermissions(root.resolve(path.substring(1))));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The calls of the programs since the last time, one a line. */
  public List<String> calls() {
    try {
      var log = root.resolve("calls");
      if (!Files.exists(log)) {
        return List.of();
      }
      var calls = Files.readAllLines(log).stream().map(this::asOnNode).toList();
      Files.delete(log);
      return calls;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A program that sshd runs for whoever logs in: it does on the node what the client asks for. */
  public Path loginShell() {
    var edits =
        FOLDERS.stream()
            .map(folder -> "-e 's|%s|%s%s|g'".formatted(folder, root, folder))
            .collect(Collectors.joining(" "));
    var file = root.resolve("login");
    write(
        file,
        """
        #!/bin/sh
        PATH=%s/bin:$PATH
        cd '%s'
        exec /bin/sh -c "$(printf '%%s' "$SSH_ORIGINAL_COMMAND" | sed %s)"
        """
            .formatted(root, root, edits));
    setExecutable(file);
    return file;
  }

  /** Runs a script the way sshd does: as one argument of the login shell. */
  public Result run(String script, String stdin) {
    try {
      var command = new ArrayList<>(namespace);
      command.addAll(List.of("/bin/sh", "-c", inRoot(script)));
      var builder = new ProcessBuilder(command);
      // A login shell starts in a home, and sudo leaves it there.
      builder.directory(root.toFile());
      builder
          .environment()
          .put("PATH", "%s/bin:%s/usr/local/bin:%s".formatted(root, root, System.getenv("PATH")));
      builder.environment().put("SSH_CONNECTION", "198.51.100.7 50000 192.0.2.10 22");
      builder.redirectOutput(root.resolve("stdout").toFile());
      builder.redirectError(root.resolve("stderr").toFile());
      var process = builder.start();
      var sent = send(process, inRoot(stdin));
      if (!process.waitFor(180, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError("the script did not end");
      }
      if (!sent && process.exitValue() == 0) {
        // Over SSH that is an error of the session, whatever the script has done.
        throw new AssertionError("the script has not read what it was sent");
      }
      return new Result(process.exitValue(), asOnNode(read("/stdout")), asOnNode(read("/stderr")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private static boolean send(Process process, String text) {
    try (var input = process.getOutputStream()) {
      input.write(text.getBytes());
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private String inRoot(String text) {
    var result = text;
    for (var folder : FOLDERS) {
      result = result.replace(folder, root + folder);
    }
    return result;
  }

  private String asOnNode(String text) {
    return text.replace(root.toString(), "");
  }

  private static void setExecutable(Path path) {
    if (!path.toFile().setExecutable(true)) {
      throw new AssertionError("cannot make %s executable".formatted(path));
    }
  }

  private static void createDirectories(Path path) {
    try {
      Files.createDirectories(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void write(Path path, String content) {
    createDirectories(path.getParent());
    try {
      Files.writeString(path, content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
