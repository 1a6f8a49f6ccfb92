package dev.nordfaas.queueworker.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A folder that loses in a power cut what was not synced: on {@code lab/forget}. */
public final class ForgetfulDisk implements AutoCloseable {
  private final Path folder;
  private final String names;
  private Process process;

  private ForgetfulDisk(Path folder, String names) {
    this.folder = folder;
    this.names = names;
    this.process = mount();
  }

  /** Whether this machine can mount one, and this user may. */
  public static boolean isPossible() {
    return Files.exists(Path.of("/dev/fuse")) && System.getProperty("user.name").equals("root");
  }

  /**
   * An empty one.
   *
   * @param names what makes names durable; see the program
   */
  public static ForgetfulDisk start(String names) {
    try {
      var folder = Files.createTempDirectory("forgetful-");
      Files.createDirectories(folder.resolve("durable"));
      Files.createDirectories(folder.resolve("disk"));
      return new ForgetfulDisk(folder, names);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public Path path() {
    return folder.resolve("disk");
  }

  /** The power is gone: whatever uses the folder gets errors. */
  public void cut() {
    process.destroyForcibly();
  }

  /** The power is back. */
  public void restart() {
    end();
    process = mount();
  }

  @Override
  public void close() {
    if (!process.isAlive()) {
      restart(); // which can be unmounted, other than a dead one
    }
    process.destroy();
    end();
    Folders.delete(folder);
  }

  private void end() {
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private Process mount() {
    try {
      var log = folder.resolve("log").toFile();
      var started =
          new ProcessBuilder(
                  Binary.PATH,
                  "-names",
                  names,
                  folder.resolve("durable").toString(),
                  path().toString())
              .redirectError(ProcessBuilder.Redirect.appendTo(log))
              .start();
      var line = started.inputReader(StandardCharsets.UTF_8).readLine();
      if (!"ready".equals(line)) {
        throw new IllegalStateException("not mounted: " + Files.readString(log.toPath()));
      }
      return started;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static final class Binary {
    static final String PATH = Tools.path("forget");
  }
}
