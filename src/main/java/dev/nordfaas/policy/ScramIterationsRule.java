package dev.nordfaas.policy;

import dev.nordfaas.config.StackConfig;
import dev.nordfaas.config.check.Problems;
import dev.nordfaas.config.model.KeyPath;
import dev.nordfaas.plan.Plan;
import dev.nordfaas.postgres.PostgresOrigin;

/** PostgreSQL before 16 would refuse the setting in the middle of an {@code up}. */
final class ScramIterationsRule implements Rule {
  private static final int FIRST = 16;
  private static final KeyPath POSTGRES = KeyPath.of("postgres");

  @Override
  public void check(StackConfig config, Plan plan, Problems problems) {
    var major = PostgresOrigin.major(config.postgres().image());
    if (config.postgres().scramIterations().isPresent()
        && !major.isEmpty()
        && Integer.parseInt(major) < FIRST) {
      problems.add(
          POSTGRES.key("scramIterations"),
          "PostgreSQL %s has no scram_iterations".formatted(major),
          "remove it, or move to %d or newer as docs/postgres.md describes".formatted(FIRST),
          POSTGRES.key("image"));
    }
  }
}
