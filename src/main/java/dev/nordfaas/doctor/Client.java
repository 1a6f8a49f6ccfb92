package dev.nordfaas.doctor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * OpenSSH's client.
 *
 * @param command the program and its options
 * @param folder for the files that are sent, and for the client's log
 * @param limit time limit of one call
 */
record Client(List<String> command, Path folder, Duration limit) {
  Client {
    command = List.copyOf(command);
  }

  /** Runs a script on a node, with {@code input} on its standard input. */
  Answer run(String node, String label, String script, String input) {
    var stdin = folder.resolve(node + "-" + label + ".in");
    var log = folder.resolve(node + "-" + label + ".log");
    var stderr = folder.resolve(node + "-" + label + ".err");
    var call = new ArrayList<>(command);
    call.addAll(List.of("-v", "-E", log.toString(), node, script));
    try {
      Files.writeString(stdin, input);
      var process =
          new ProcessBuilder(call)
              .redirectInput(stdin.toFile())
              .redirectError(stderr.toFile())
              .start();
      var output = new Output(process);
      output.start();
      var isTimedOut = !process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
      if (isTimedOut) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().waitFor();
      }
      output.join();
      return new Answer(
          process.exitValue(), isTimedOut, output.lines, read(stderr), read(log), output.clock);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static String read(Path file) throws IOException {
    return Files.exists(file) ? new String(Files.readAllBytes(file), StandardCharsets.UTF_8) : "";
  }

  /** Reads line by line: the node's clock is compared when its line comes. */
  private static final class Output extends Thread {
    private final Process process;
    private final List<String> lines = new ArrayList<>();
    private Optional<Finding> clock = Optional.empty();

    Output(Process process) {
      this.process = process;
      setDaemon(true);
    }

    @Override
    public void run() {
      try (var reader = process.inputReader(StandardCharsets.UTF_8)) {
        for (var line = reader.readLine(); line != null; line = reader.readLine()) {
          if (line.matches("clock\t[0-9]{1,12}")) {
            var there = Instant.ofEpochSecond(Long.parseLong(line.substring(6)));
            clock = Optional.of(Clocks.compare(Instant.now(), there));
          } else {
            lines.add(line);
          }
        }
      } catch (IOException e) {
        // The client was stopped; what it has printed until then counts.
        return;
      }
    }
  }
}
