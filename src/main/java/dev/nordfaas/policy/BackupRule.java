package dev.nordfaas.policy;

import dev.nordfaas.config.BackupConfig;
import dev.nordfaas.config.StackConfig;
import dev.nordfaas.config.check.Problems;
import dev.nordfaas.config.model.KeyPath;
import dev.nordfaas.plan.Plan;

/** Backups go to one repository, on schedules that Kubernetes accepts. */
final class BackupRule implements Rule {
  private static final KeyPath POSTGRES = KeyPath.of("postgres");
  private static final KeyPath BACKUP = POSTGRES.key("backup");
  private static final KeyPath HIGH_AVAILABILITY = POSTGRES.key("highAvailability");

  @Override
  public void check(StackConfig config, Plan plan, Problems problems) {
    config
        .postgres()
        .backup()
        .ifPresent(
            backup -> {
              checkRepository(backup, problems);
              CronRule.checkSchedule(backup.full(), BACKUP.key("full"), problems);
              CronRule.checkSchedule(backup.differential(), BACKUP.key("differential"), problems);
              if (config.postgres().highAvailability()) {
                problems.add(
                    BACKUP,
                    "pgBackRest only backs up the single instance, and CloudNativePG has its own backups",
                    "remove it and set those up with the operator's Barman Cloud plug-in",
                    HIGH_AVAILABILITY);
              }
            });
  }

  private static void checkRepository(BackupConfig backup, Problems problems) {
    var path = BACKUP.key("repository");
    var repository = backup.repository();
    if (repository.s3().isPresent() == repository.volume().isPresent()) {
      problems.add(
          path,
          repository.s3().isPresent() ? "has both s3 and volume" : "has neither s3 nor volume",
          "choose one of them");
    }
  }
}
