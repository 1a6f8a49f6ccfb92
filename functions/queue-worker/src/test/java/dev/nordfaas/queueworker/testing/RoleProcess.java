package dev.nordfaas.queueworker.testing;

import dev.nordfaas.queueworker.Main;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The program in a process of its own, which a test can kill. */
public final class RoleProcess implements AutoCloseable {
  private final Process process;

  private RoleProcess(Process process) {
    this.process = process;
  }

  /** Starts the role that the environment names; its errors go to standard output, too. */
  public static RoleProcess start(Map<String, String> environment, String... arguments) {
    return start(List.of(), environment, Redirect.PIPE, arguments);
  }

  /** Starts intake with the heap that it has in a pod of 512 MiB; its output is discarded. */
  public static RoleProcess intake(NatsServer server, int port, String routes) {
    var access = server.access(NatsServer.INTAKE);
    return start(
        List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError"),
        Map.of(
            "ROLE",
            "intake",
            "HTTP_PORT",
            Integer.toString(port),
            "NATS_URL",
            server.url(),
            "NATS_USER",
            access.user(),
            "NATS_PASSWORD",
            access.password(),
            "ROUTES",
            routes),
        Redirect.DISCARD);
  }

  private static RoleProcess start(
      List<String> flags, Map<String, String> environment, Redirect output, String... arguments) {
    var command =
        Stream.of(
                Stream.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:TieredStopAtLevel=1"),
                flags.stream(),
                Stream.of("-cp", System.getProperty("java.class.path"), Main.class.getName()),
                Stream.of(arguments))
            .flatMap(part -> part)
            .toList();
    try {
      var builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output);
      builder.environment().clear();
      builder.environment().put("METRICS_PORT", "0");
      builder.environment().putAll(environment);
      return new RoleProcess(builder.start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The environment of a worker, as the program sets it. */
  public static Map<String, String> worker(NatsServer server, FunctionStub function) {
    var access = server.access(NatsServer.WORKER);
    return Map.of(
        "ROLE",
        "worker",
        "HTTP_PORT",
        "0",
        "NATS_URL",
        server.url(),
        "NATS_USER",
        access.user(),
        "NATS_PASSWORD",
        access.password(),
        "STREAM",
        Streams.ORDERS,
        "DURABLE",
        Streams.DURABLE,
        "FUNCTION_URL",
        function.url().toString(),
        "CALL_TIMEOUT",
        "30s");
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** Ends it at once, as the kernel does when memory runs out. */
  public void kill() {
    process.destroyForcibly();
    waitFor();
  }

  /** Asks it to stop, and waits until it has. */
  public int stop() {
    // Unlike Process.destroy it leaves the output open.
    process.toHandle().destroy();
    return waitFor();
  }

  /** Waits until it ends by itself. */
  public int waitFor() {
    try {
      return process.waitFor();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What it wrote, until it ended. */
  public List<String> output() {
    try {
      var text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return text.lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    kill();
  }
}
