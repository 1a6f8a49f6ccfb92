package dev.nordfaas.policy;

import dev.nordfaas.config.check.ConfigLoader;
import dev.nordfaas.config.check.ConfigSource;
import java.io.PrintStream;
import java.nio.file.Path;

/**
 * A stack's file that satisfies all rules: what commands without an engine begin with.
 *
 * @param name of the stack, from the name of its file
 */
public record CheckedStack(String name, CheckedPlan plan) {
  /**
   * Reads one.
   *
   * @throws dev.nordfaas.config.check.InvalidStackConfigException with all problems, or if it
   *     cannot be read
   * @throws IllegalArgumentException if it is not named {@code Pulumi.<stack>.yaml}
   */
  public static CheckedStack read(Path file) {
    var source = ConfigSource.fromFile(file);
    return new CheckedStack(source.stack(), ConfigLoader.load(source, Rules::check));
  }

  /** Prints what works, but not as well as the config suggests; a line for each. */
  public void printWarnings(PrintStream err) {
    plan.warnings().forEach(warning -> err.println("warning: " + warning));
  }
}
