package dev.nordfaas.policy;

import dev.nordfaas.config.KeyPath;
import dev.nordfaas.config.Problems;
import dev.nordfaas.config.StackConfig;
import dev.nordfaas.plan.Plan;

/** A snapshot in the store can be restored by somebody who has lost all else. */
final class SnapshotRule implements Rule {
  private static final KeyPath S3 = KeyPath.of("k3s", "etcdSnapshots", "s3");
  private static final KeyPath PASSPHRASE = KeyPath.of("k3s", "etcdSnapshots", "tokenPassphrase");

  @Override
  public void check(StackConfig config, Plan plan, Problems problems) {
    var snapshots = config.k3s().etcdSnapshots();
    if (snapshots.s3().isPresent() && snapshots.tokenPassphrase().isEmpty()) {
      problems.add(
          PASSPHRASE,
          "is missing, and a snapshot cannot be restored without the cluster's token",
          "set it with `pulumi config set --secret --path '%s'`".formatted(PASSPHRASE),
          S3);
    }
  }
}
