package dev.nordfaas.queueworker.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The scripts in tools/ that find a program, or build it. */
final class Tools {
  private Tools() {}

  /** The path that a script prints. */
  static String path(String script, String... arguments) {
    try {
      var command = new ArrayList<>(List.of(NatsServer.ROOT.resolve("tools/" + script).toString()));
      command.addAll(List.of(arguments));
      var process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
      var path = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new IllegalStateException("tools/%s found nothing".formatted(script));
      }
      return path.strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
