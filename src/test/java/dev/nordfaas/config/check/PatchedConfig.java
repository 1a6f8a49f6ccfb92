package dev.nordfaas.config.check;

import dev.nordfaas.config.StackConfig;
import dev.nordfaas.policy.Rules;

/** Variants of the stacks of the tests. */
public final class PatchedConfig {
  /** Turns stack {@code oslo} into one without OpenFaaS, and gives a function a schedule. */
  public static final String WITHOUT_OPENFAAS =
      """
      remove: [nordfaas:edge.adminCidrs]
      set:
        nordfaas:openfaas: {edition: none, prometheus: {}}
        nordfaas:functions.order-status.cron: {nightly: {schedule: "30 2 * * *", path: /orders/late}}
      """;

  private PatchedConfig() {}

  /**
   * A stack with a patch of {@code set} and {@code remove}, as the table of bad configs has them.
   * The rules are not asked.
   */
  public static StackConfig of(String stack, String patch) {
    return ConfigLoader.load(StackFile.parse(stack, BadConfigs.patched(stack, patch)));
  }

  /** Stack {@code oslo} without OpenFaaS; the rules accept it. */
  public static StackConfig withoutOpenFaas() {
    return ConfigLoader.load(
            StackFile.parse("oslo", BadConfigs.patched("oslo", WITHOUT_OPENFAAS)), Rules::check)
        .config();
  }
}
