package dev.nordfaas.testing;

import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * The stacks beside {@code Pulumi.yaml}, which belong to whoever runs the platform. Tests ask of
 * them only that each is valid and can be previewed: another address or another datacenter is no
 * reason to fail.
 */
public final class LiveStacks {
  private LiveStacks() {}

  /** The names of all that are there. */
  public static Stream<String> all() {
    return Stacks.in(Path.of("")).map(StackFiles::nameOf);
  }

  /** The stack's {@code Pulumi.<stack>.yaml}. */
  public static Path file(String stack) {
    return Path.of("Pulumi." + stack + ".yaml");
  }
}
