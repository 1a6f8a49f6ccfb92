package dev.nordfaas.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;

/** What the machine that runs the tests has. */
public final class Machine {
  private Machine() {}

  /** Fails unless all the programs are there: a test is not left out because a tool is missing. */
  public static void needs(String... programs) {
    assertThat(Arrays.stream(programs).filter(program -> !has(program)))
        .as("missing programs; `tools/test-packages` installs them")
        .isEmpty();
  }

  /** Leaves the test out for users who may not make network namespaces. */
  public static void needsRoot() {
    assumeTrue("root".equals(System.getProperty("user.name")), "needs root");
  }

  private static boolean has(String program) {
    // nft is where a user's PATH does not look.
    return Stream.concat(
            Arrays.stream(System.getenv("PATH").split(File.pathSeparator)), Stream.of("/usr/sbin"))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }
}
