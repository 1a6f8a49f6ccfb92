package dev.nordfaas.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.testing.Fixtures;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * How the engine starts the program in these tests: as {@code tools/stack} does. The program runs
 * for seconds, most of which a JVM spends on loading classes and on optimizing what never gets hot:
 * with the first compiler tier and an archive of the classes it needs less than half the time.
 */
public final class ProgramJvm {
  private static final Path JAR = Path.of("target/nordfaas.jar");
  private static final Path ARCHIVE = Path.of("target/program-classes.jsa").toAbsolutePath();
  private static final String FAST = "-XX:TieredStopAtLevel=1";

  private ProgramJvm() {}

  /** The options, for the variable {@code JDK_JAVA_OPTIONS}. */
  public static String options() {
    return "%s -Xshare:auto -Xlog:disable -XX:SharedArchiveFile=%s".formatted(FAST, Once.ARCHIVED);
  }

  /** The archive is made by the first that needs it, of several JVMs with tests. */
  private static final class Once {
    static final Path ARCHIVED = archive();

    private static Path archive() {
      try (var lock =
          FileChannel.open(
              ARCHIVE.resolveSibling("program-classes.lock"),
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE)) {
        lock.lock();
        if (!Files.exists(ARCHIVE)
            || Files.getLastModifiedTime(ARCHIVE).compareTo(Files.getLastModifiedTime(JAR)) < 0) {
          make();
        }
        return ARCHIVE;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }

    private static void make() throws IOException, InterruptedException {
      var made = ARCHIVE.resolveSibling("program-classes.new");
      var render =
          new ProcessBuilder(
                  "java",
                  FAST,
                  "-Xlog:disable",
                  "-XX:ArchiveClassesAtExit=" + made,
                  // A JVM takes the archive only with the class path for which it was made.
                  "-cp",
                  JAR.toString(),
                  "dev.nordfaas.render.RenderCommand",
                  Fixtures.file("oslo").toString(),
                  Files.createTempDirectory("nordfaas-classes-").toString())
              .redirectErrorStream(true)
              .start();
      var output = new String(render.getInputStream().readAllBytes());
      assertThat(render.waitFor()).as(output).isZero();
      Files.move(made, ARCHIVE, StandardCopyOption.REPLACE_EXISTING);
    }
  }
}
