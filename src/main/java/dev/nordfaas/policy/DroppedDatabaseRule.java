package dev.nordfaas.policy;

import dev.nordfaas.config.StackConfig;
import dev.nordfaas.config.check.Problems;
import dev.nordfaas.config.model.KeyPath;
import dev.nordfaas.plan.Plan;

/** Only a database that is no longer in the config is dropped. */
final class DroppedDatabaseRule implements Rule {
  private static final KeyPath DATABASES = KeyPath.of("postgres", "databases");
  private static final KeyPath DROPPED = KeyPath.of("postgres", "dropDatabases");

  @Override
  public void check(StackConfig config, Plan plan, Problems problems) {
    var dropped = config.postgres().dropDatabases();
    for (var i = 0; i < dropped.size(); i++) {
      if (config.postgres().databases().containsKey(dropped.get(i))) {
        problems.add(
            DROPPED.index(i),
            "database %s is still in use".formatted(dropped.get(i)),
            "remove it here, or from postgres.databases",
            DATABASES);
      }
    }
  }
}
