package dev.nordfaas.generated;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A process that answers each line with a line: started once for many files. */
final class LineServer implements AutoCloseable {
  private final List<String> command;
  private final Process process;
  private final BufferedWriter requests;
  private final BufferedReader answers;

  LineServer(List<String> command) {
    this.command = command;
    try {
      process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    requests = process.outputWriter(StandardCharsets.UTF_8);
    answers = process.inputReader(StandardCharsets.UTF_8);
  }

  String ask(String line) {
    try {
      requests.write(line);
      requests.newLine();
      requests.flush();
      var answer = answers.readLine();
      if (answer == null) {
        throw new IllegalStateException(command + " has ended");
      }
      return answer;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    process.destroy();
  }
}
