package dev.nordfaas.config.check;

import dev.nordfaas.config.StackConfig;

/** Variants of the stacks of the tests. */
public final class PatchedConfig {
  private PatchedConfig() {}

  /**
   * A stack with a patch of {@code set} and {@code remove}, as the table of bad configs has them.
   * The rules are not asked.
   */
  public static StackConfig of(String stack, String patch) {
    return ConfigLoader.load(StackFile.parse(stack, BadConfigs.patched(stack, patch)));
  }
}
