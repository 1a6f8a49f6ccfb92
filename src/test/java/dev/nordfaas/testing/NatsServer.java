package dev.nordfaas.testing;

import dev.nordfaas.config.NatsConfig;
import dev.nordfaas.nats.NatsConf;
import dev.nordfaas.nats.NatsSecrets;
import dev.nordfaas.nats.NatsTls;
import dev.nordfaas.nats.NatsUser;
import dev.nordfaas.nats.NatsWorker;
import dev.nordfaas.nats.StreamsJob;
import dev.nordfaas.tls.ServerTls;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** A real nats-server with a config of this project's, on ports of this machine. */
public final class NatsServer implements AutoCloseable {
  public static final NatsWorker WORKER = new NatsWorker("orders", "order-processor");

  private static final ServerTls TLS = NatsTls.of("ca", "server");
  private static final List<String> ROLES =
      List.of("admin", "dead-letters", "intake", "metrics", "order-processor", "mailer", "system");

  private final Path folder;
  private final int port = Ports.free();
  private final int monitorPort = Ports.free();
  private NatsSecrets secrets;
  private String natsConf = "";
  private Optional<Process> process = Optional.empty();

  /** How a command ended. */
  public record Result(int exitCode, String stdout, String stderr) {}

  /** A server that does not run yet, with its files in an empty folder. */
  public NatsServer(Path folder) {
    this.folder = folder;
    var passwords = new TreeMap<String, String>();
    ROLES.forEach(role -> passwords.put(role, "password-of-" + role));
    this.secrets = new NatsSecrets(passwords, Optional.empty(), TLS);
  }

  /** The users of stack oslo. */
  public static List<NatsUser> users() {
    return List.of(
        NatsUser.admin(List.of("orders.>")),
        NatsUser.deadLetters(Fixtures.oslo().nats().streams()),
        NatsUser.intake(List.of("orders.created")),
        NatsUser.worker("order-processor", WORKER));
  }

  /** Writes the files that the pod would have. */
  public NatsServer configured(NatsConfig config, List<NatsUser> users) {
    natsConf =
        NatsConf.of(config, users)
            .replace("0.0.0.0:4222", "127.0.0.1:" + port)
            .replace("0.0.0.0:8222", "127.0.0.1:" + monitorPort)
            .replace("/data", folder.resolve("data").toString())
            .replace("/run/nats", folder.toString())
            .replace("/etc/nats", folder.toString());
    // nats-server takes a variable that nobody uses for a mistake.
    var used = new TreeMap<>(secrets.passwords());
    used.keySet().removeIf(role -> !natsConf.contains("user: \"" + role + "\""));
    secrets = new NatsSecrets(used, Optional.empty(), TLS);
    write("nats.conf", natsConf);
    secrets.files(natsConf, 1).forEach(this::write);
    return this;
  }

  /** The passwords of these roles are known, besides those of the last config. */
  public NatsServer withPasswordOf(String role) {
    var passwords = new TreeMap<>(secrets.passwords());
    passwords.put(role, "password-of-" + role);
    secrets = new NatsSecrets(passwords, Optional.empty(), TLS);
    return this;
  }

  /** Starts it; it answers soon after. */
  public NatsServer start() {
    var builder =
        new ProcessBuilder(program("nats-server"), "--config", path("nats.conf"))
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile());
    builder.environment().put("POD_NAME", "nats-0");
    try {
      process = Optional.of(builder.start());
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** When the process began, to tell a restart. */
  public long processId() {
    return process.orElseThrow().pid();
  }

  public boolean running() {
    return process.filter(Process::isAlive).isPresent();
  }

  /** Runs the script of the Job with the config's plan. */
  public Result applyStreams(NatsConfig config) {
    return applyStreams(config, secrets.version(natsConf, 1));
  }

  /** Runs the script of the Job, which waits for a version of the server's config. */
  public Result applyStreams(NatsConfig config, String version) {
    return applyStreams(config, version, url());
  }

  /** The same, of a Job that looks for the server elsewhere. */
  public Result applyStreamsAt(NatsConfig config, String url) {
    return applyStreams(config, secrets.version(natsConf, 1), url);
  }

  private Result applyStreams(NatsConfig config, String version, String url) {
    var plan = folder.resolve("plan");
    try {
      Files.createDirectories(plan);
      try (var old = Files.list(plan)) {
        for (var file : old.toList()) {
          Files.delete(file);
        }
      }
      for (var file : StreamsJob.files(config).entrySet()) {
        Files.writeString(plan.resolve(file.getKey()), file.getValue());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    var environment = new HashMap<String, String>();
    environment.put("CONFIG_VERSION", version);
    environment.put("DELETE_STREAMS", String.join(" ", config.deleteStreams()));
    environment.put("NATS_ADMIN_PASSWORD", "password-of-admin");
    environment.put("NATS_CA_CERTIFICATE", TLS.caCertificate());
    environment.put("NATS_SYSTEM_PASSWORD", "password-of-system");
    environment.put("NATS_URL", url);
    environment.put("SERVERS", "1");
    environment.put("HOME", folder.toString());
    environment.put("PATH", commands() + ":" + System.getenv("PATH"));
    return run(environment, "sh", plan.resolve("streams.sh").toString());
  }

  /**
   * The script says that it waits for a server which is about to start; tests are about the rest.
   */
  public void awaitPort() {
    for (var tries = 0; running() && tries < 200; tries++) {
      try {
        new Socket(InetAddress.getLoopbackAddress(), port).close();
        return;
      } catch (IOException notYet) {
        pause();
      }
    }
  }

  private static void pause() {
    try {
      Thread.sleep(50);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Runs {@code nats} as one of the users. */
  public Result nats(String role, String... arguments) {
    var command = new ArrayList<String>();
    command.add(program("nats"));
    command.add("--inbox-prefix=" + NatsUser.inboxPrefix(role));
    command.add("--timeout=2s");
    command.addAll(List.of(arguments));
    return run(
        Map.of(
            "HOME", folder.toString(),
            "NATS_CA", path(ServerTls.CA_FILE),
            "NATS_PASSWORD", "password-of-" + role,
            "NATS_URL", url(),
            "NATS_USER", role),
        command.toArray(String[]::new));
  }

  /** Runs commands of a shell that has logged in as one of the users. */
  public Result shell(String role, String commands) {
    return run(
        Map.of(
            "HOME",
            folder.toString(),
            "NATS_CA",
            path(ServerTls.CA_FILE),
            "NATS_PASSWORD",
            "password-of-" + role,
            "NATS_URL",
            url(),
            "NATS_USER",
            role,
            "PATH",
            commands() + ":" + System.getenv("PATH")),
        "sh",
        "-c",
        commands);
  }

  public String url() {
    return "nats://localhost:" + port;
  }

  /** What the server has written down. */
  public String log() {
    try {
      return Files.readString(folder.resolve("log"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    process.ifPresent(
        started -> {
          started.destroy();
          try {
            if (!started.waitFor(10, TimeUnit.SECONDS)) {
              started.destroyForcibly();
            }
          } catch (InterruptedException e) {
            started.destroyForcibly();
            Thread.currentThread().interrupt();
          }
        });
  }

  /** The lab's store has a digest in its names; here the command has its own. */
  private Path commands() {
    var command = folder.resolve("bin").resolve("nats");
    try {
      if (!Files.exists(command)) {
        Files.createDirectories(command.getParent());
        Files.writeString(command, "#!/bin/sh\nexec '%s' \"$@\"\n".formatted(program("nats")));
        Files.setPosixFilePermissions(command, PosixFilePermissions.fromString("rwx------"));
      }
      return command.getParent();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Result run(Map<String, String> environment, String... command) {
    awaitPort();
    try {
      var stdout = Files.createTempFile(folder, "stdout", "");
      var stderr = Files.createTempFile(folder, "stderr", "");
      var builder =
          new ProcessBuilder(command)
              .redirectOutput(stdout.toFile())
              .redirectError(stderr.toFile());
      builder.environment().putAll(environment);
      var started = builder.start();
      if (!started.waitFor(5, TimeUnit.MINUTES)) {
        started.destroyForcibly();
        throw new IllegalStateException(String.join(" ", command) + " does not end");
      }
      return new Result(started.exitValue(), Files.readString(stdout), Files.readString(stderr));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static String program(String name) {
    return Programs.PATHS.get(name);
  }

  private void write(String file, String content) {
    try {
      Files.writeString(folder.resolve(file), content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String path(String file) {
    return folder.resolve(file).toString();
  }

  /** The programs, built once where they are missing. */
  private static final class Programs {
    static final Map<String, String> PATHS =
        Map.of(
            "nats",
            LabPrograms.find("tools/nats", "nats"),
            "nats-server",
            LabPrograms.find("tools/nats", "nats-server"));
  }
}
