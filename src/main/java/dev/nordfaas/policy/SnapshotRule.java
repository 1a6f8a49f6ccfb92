package dev.nordfaas.policy;

import dev.nordfaas.config.StackConfig;
import dev.nordfaas.config.check.Problems;
import dev.nordfaas.config.model.KeyPath;
import dev.nordfaas.plan.Plan;

/**
 * Snapshots are taken, and one from the store can be restored after everything else is lost. K3s
 * silently drops an invalid schedule (its source ignores the error of cron's AddJob).
 */
final class SnapshotRule implements Rule {
  private static final KeyPath SNAPSHOTS = KeyPath.of("k3s", "etcdSnapshots");

  @Override
  public void check(StackConfig config, Plan plan, Problems problems) {
    var snapshots = config.k3s().etcdSnapshots();
    CronRule.checkSchedule(snapshots.scheduleCron(), SNAPSHOTS.key("scheduleCron"), problems);
    if (snapshots.s3().isPresent() && snapshots.tokenPassphrase().isEmpty()) {
      problems.add(
          SNAPSHOTS.key("tokenPassphrase"),
          "is missing, and a snapshot cannot be restored without the cluster's token",
          "set it with `pulumi config set --secret --path '%s'`"
              .formatted(SNAPSHOTS.key("tokenPassphrase")),
          SNAPSHOTS.key("s3"));
    }
  }
}
