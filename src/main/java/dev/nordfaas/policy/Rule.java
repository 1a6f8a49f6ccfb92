package dev.nordfaas.policy;

import dev.nordfaas.config.StackConfig;
import dev.nordfaas.config.check.Problems;
import dev.nordfaas.plan.Plan;

/** A rule across the keys of a stack config. */
@FunctionalInterface
public interface Rule {
  /**
   * Adds what is wrong; never throws for a config that is well-formed key by key.
   *
   * @param plan what the config comes to; of a config with problems it holds what could be derived
   */
  void check(StackConfig config, Plan plan, Problems problems);
}
