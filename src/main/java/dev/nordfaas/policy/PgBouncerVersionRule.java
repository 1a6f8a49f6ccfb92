package dev.nordfaas.policy;

import dev.nordfaas.config.ImageVersion;
import dev.nordfaas.config.StackConfig;
import dev.nordfaas.config.check.Problems;
import dev.nordfaas.config.model.KeyPath;
import dev.nordfaas.plan.Plan;

/** PgBouncer before 1.21 does not start with a setting that it does not know. */
final class PgBouncerVersionRule implements Rule {
  private static final KeyPath POOLER = KeyPath.of("postgres", "pooler");

  @Override
  public void check(StackConfig config, Plan plan, Problems problems) {
    var pooler = config.postgres().pooler();
    ImageVersion.of(pooler.image())
        .filter(version -> version.isBelow(1, 21, 0) && pooler.maxPreparedStatements() > 0)
        .ifPresent(
            version ->
                problems.add(
                    POOLER.key("maxPreparedStatements"),
                    "PgBouncer %s does not support max_prepared_statements".formatted(version),
                    "use 0, or an image of 1.21 or newer",
                    POOLER.key("image")));
  }
}
