package dev.nordfaas.policy;

import dev.nordfaas.config.StackConfig;
import dev.nordfaas.config.check.Problems;
import dev.nordfaas.plan.Plan;

/** A rule across the keys of a stack config. */
@FunctionalInterface
public interface Rule {
  /**
   * Adds the problems found; never throws for a config that is well-formed key by key.
   *
   * @param plan what follows from the config; if that has problems, as much as could be derived
   */
  void check(StackConfig config, Plan plan, Problems problems);
}
