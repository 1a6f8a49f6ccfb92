package dev.nordfaas.testing;

import dev.nordfaas.config.check.ConfigSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The stacks that a test is about: files {@code Pulumi.<stack>.yaml}. */
public final class Stacks {
  private Stacks() {}

  /**
   * The stack of a file. Its secrets stay encrypted: they are read as {@code [secret]}.
   *
   * @param file {@code Pulumi.<stack>.yaml}
   * @return the stack, which is checked when its plan is asked for
   * @throws dev.nordfaas.config.check.InvalidStackConfigException if the Pulumi CLI could not read
   *     it either
   * @throws UncheckedIOException if it cannot be read
   */
  public static Stack of(Path file) {
    return new Stack(ConfigSource.fromFile(file));
  }

  /**
   * A stack beside {@code Pulumi.yaml}, where Maven runs the tests.
   *
   * @param name the stack's name
   * @return the stack of {@code Pulumi.<name>.yaml}
   */
  public static Stack named(String name) {
    return of(Path.of("Pulumi." + name + ".yaml"));
  }

  /**
   * The files of all stacks in a folder.
   *
   * @param folder such as {@code Path.of("")}, the root of the project
   * @return each {@code Pulumi.<stack>.yaml}, by name
   */
  public static Stream<Path> in(Path folder) {
    try (var files = Files.list(folder)) {
      return files
          .filter(file -> file.getFileName().toString().matches("Pulumi\\..+\\.yaml"))
          .sorted()
          .toList()
          .stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
