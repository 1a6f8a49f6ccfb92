package dev.nordfaas.lab;

import dev.nordfaas.lab.fault.Outcome;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A program that prints what became of each of its requests as soon as it knows, and ends with its
 * standard input.
 */
final class Clients implements AutoCloseable {
  private final Process process;
  private final Thread reader;
  private final List<Outcome> outcomes = new ArrayList<>();
  private final StringBuilder rest = new StringBuilder();

  private Clients(Process process) {
    this.process = process;
    this.reader = new Thread(this::read, "clients");
  }

  static Clients start(List<String> command) throws IOException {
    var clients = new Clients(new ProcessBuilder(command).redirectErrorStream(true).start());
    clients.reader.setDaemon(true);
    clients.reader.start();
    return clients;
  }

  private void read() {
    try (var lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        add(line);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private synchronized void add(String line) {
    Outcome.parse(line).ifPresentOrElse(outcomes::add, () -> rest.append(line).append("\n"));
  }

  /** Those until now. */
  synchronized List<Outcome> outcomes() {
    return List.copyOf(outcomes);
  }

  /** What it has printed besides. */
  synchronized String rest() {
    return rest.toString();
  }

  /** Sends no more requests. */
  void end() throws IOException {
    process.getOutputStream().close();
  }

  /** Waits until the last answer is there. */
  void join() {
    try {
      reader.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    process.destroy();
  }
}
