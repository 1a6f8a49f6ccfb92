package dev.nordfaas.postgres.cluster;

import com.pulumi.core.Output;
import com.pulumi.kubernetes.core.v1.SecretArgs;
import com.pulumi.kubernetes.meta.v1.inputs.ObjectMetaArgs;
import dev.nordfaas.config.BackupConfig;
import dev.nordfaas.config.CronSchedule;
import dev.nordfaas.config.ObjectStoreConfig.PostgresStore;
import dev.nordfaas.customresource.CustomResourceArgs;
import dev.nordfaas.customresource.CustomResourceType;
import dev.nordfaas.manifest.Metadata;
import dev.nordfaas.manifest.Namespaces;
import dev.nordfaas.postgres.BackupJobs;
import dev.nordfaas.postgres.Postgres;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Backups of the instances that CloudNativePG operates: base backups and the archive of the log, by
 * the Barman Cloud in the instances' image, in a bucket.
 */
public final class ClusterBackup {
  /** Name of the Secret with what the store requires. */
  private static final String NAME = "postgres-backup";

  private static final String ACCESS_KEY = "access-key";
  private static final String SECRET_KEY = "secret-key";
  private static final String REGION = "region";
  private static final String CA = "ca.crt";

  private static final Duration DAY = Duration.ofDays(1);

  private ClusterBackup() {}

  /** What the store requires: its region and its authority too are read from a Secret. */
  public static SecretArgs secret(PostgresStore store) {
    return SecretArgs.builder()
        .metadata(
            ObjectMetaArgs.builder()
                .namespace(Namespaces.POSTGRES)
                .name(NAME)
                .labels(ClusterManifests.reloaded(Postgres.BACKUP_LABELS))
                .build())
        .type("Opaque")
        .stringData(
            Output.tuple(store.accessKey().asOutput(), store.secretKey().asOutput())
                .applyValue(keys -> data(store, keys.t1, keys.t2))
                .asSecret())
        .build();
  }

  static Map<String, String> data(PostgresStore store, String accessKey, String secretKey) {
    var data =
        new TreeMap<>(Map.of(ACCESS_KEY, accessKey, SECRET_KEY, secretKey, REGION, store.region()));
    store.ca().ifPresent(ca -> data.put(CA, ca));
    return data;
  }

  /** Base backups at one of the two times; each is a whole one, as Barman Cloud knows no other. */
  public static CustomResourceArgs schedule(BackupConfig backup, BackupJobs.Type type) {
    var schedule = type == BackupJobs.Type.FULL ? backup.full() : backup.differential();
    return new CustomResourceArgs(
        CustomResourceType.SCHEDULED_BACKUP,
        Metadata.of(Namespaces.POSTGRES, NAME + "-" + type.suffix(), Postgres.BACKUP_LABELS),
        new ScheduledBackupSpec(
            // The operator's first field is seconds.
            "0 " + schedule,
            "self",
            new ClusterSpec.NameReference(Postgres.NAME),
            "barmanObjectStore",
            type == BackupJobs.Type.FULL));
  }

  static Optional<ClusterSpec.Backup> spec(BackupConfig backup) {
    return backup
        .repository()
        .s3()
        .map(
            store ->
                new ClusterSpec.Backup(
                    new ClusterSpec.BarmanObjectStore(
                        "s3://%s/%s".formatted(store.bucket(), store.folder()),
                        "https://" + store.endpoint(),
                        store.ca().map(ca -> key(CA)),
                        new ClusterSpec.S3Credentials(
                            key(ACCESS_KEY), key(SECRET_KEY), key(REGION)),
                        new ClusterSpec.WalArchive("gzip"),
                        new ClusterSpec.BaseBackup("gzip", true)),
                    days(backup) + "d"));
  }

  /** Barman Cloud counts days, not backups: as many as the full backups to be kept span. */
  private static long days(BackupConfig backup) {
    var span = CronSchedule.longestGap(List.of(backup.full())).multipliedBy(backup.retention());
    return span.plus(DAY).minusNanos(1).dividedBy(DAY);
  }

  private static ClusterSpec.SecretKey key(String key) {
    return new ClusterSpec.SecretKey(NAME, key);
  }
}
