package dev.nordfaas.generated;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs the real programs. */
final class Programs {
  private static final String NOBODY = "65534";
  private static final int LIMIT_SECONDS = 60;

  private Programs() {}

  /** How one ended. */
  record Result(int exitCode, String output) {}

  static Result run(Path folder, Map<String, String> environment, List<String> command) {
    try {
      var builder =
          new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
      builder.environment().putAll(environment);
      var process = builder.start();
      process.getOutputStream().close();
      var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        return new Result(-1, command + " does not end: " + output);
      }
      return new Result(process.exitValue(), output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** The command of somebody who is not root, which some programs insist on. */
  static List<String> unprivileged(List<String> command) {
    var words = new ArrayList<String>();
    if ("root".equals(System.getProperty("user.name"))) {
      words.addAll(
          List.of("setpriv", "--reuid", NOBODY, "--regid", NOBODY, "--clear-groups", "--"));
    }
    words.addAll(command);
    return words;
  }

  /** A folder that everybody may use. */
  static Path folder() {
    try {
      var folder = Files.createTempDirectory("nordfaas-generated-");
      if (!folder.toFile().setWritable(true, false)
          || !folder.toFile().setReadable(true, false)
          || !folder.toFile().setExecutable(true, false)) {
        throw new IllegalStateException(folder + " cannot be shared");
      }
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String write(Path folder, String name, String text) {
    try {
      return Files.writeString(folder.resolve(name), text).toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
