package dev.nordfaas.policy;

import dev.nordfaas.config.StackConfig;
import dev.nordfaas.config.check.Problems;
import dev.nordfaas.config.model.KeyPath;
import dev.nordfaas.plan.Plan;
import dev.nordfaas.postgres.Migration;
import dev.nordfaas.postgres.MigrationFolder;
import java.nio.charset.StandardCharsets;

/** The migration folders exist, and their files can be applied. All go into one ConfigMap. */
final class MigrationsRule implements Rule {
  private static final long KIBIBYTE = 1 << 10;
  private static final KeyPath DATABASES = KeyPath.of("postgres", "databases");

  @Override
  public void check(StackConfig config, Plan plan, Problems problems) {
    var bytes = 0L;
    for (var database : plan.migrations().entrySet()) {
      var path = DATABASES.key(database.getKey()).key("migrations");
      var folder = database.getValue();
      folder.flaws().forEach(flaw -> problems.add(path, flaw.reason(), flaw.fix()));
      bytes += folder.migrations().stream().mapToLong(MigrationsRule::size).sum();
    }
    if (bytes > MigrationFolder.MAX_BYTES) {
      problems.add(
          DATABASES,
          "migrations of %dKi exceed the %dKi of one ConfigMap"
              .formatted(bytes / KIBIBYTE, MigrationFolder.MAX_BYTES / KIBIBYTE),
          "load large amounts of data by other means");
    }
  }

  private static long size(Migration migration) {
    return migration.sql().getBytes(StandardCharsets.UTF_8).length;
  }
}
