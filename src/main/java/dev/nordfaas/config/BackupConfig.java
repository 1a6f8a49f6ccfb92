package dev.nordfaas.config;

import java.util.Optional;

/**
 * Base backups and WAL archive of the database: by pgBackRest, or with {@code highAvailability} by
 * CloudNativePG.
 */
public record BackupConfig(
    @Key(
            value =
                "When to copy the whole database, in UTC, as five fields like k3s.etcdSnapshots.scheduleCron. A restore starts from such a copy.",
            defaultValue = "30 1 * * 0")
        String full,
    @Key(
            value =
                "When to copy what has changed since the last full backup, in UTC, as five fields like k3s.etcdSnapshots.scheduleCron. With highAvailability everything is copied then as well.",
            defaultValue = "30 1 * * 1-6")
        String differential,
    @Key(
            value =
                "Full backups kept, with everything needed to restore to any later point in time. The oldest is removed once there is a new one. With highAvailability that becomes the number of days that as many span.",
            defaultValue = "4",
            min = 1,
            max = 1000)
        int retention,
    @Key(
            "Where backups and WAL archive go: s3 or volume; with highAvailability s3. All of it is encrypted, except with highAvailability.")
        RepositoryConfig repository,
    @Key(
            value =
                "Encryption passphrase (secret) of letters and digits; by default one is generated, which is the stack output backupPassphrase. A restore elsewhere needs it: keep it where it survives the loss of the datacenter. Not for highAvailability.")
        Optional<SecretValue> passphrase,
    @Key(
            value =
                "Requests and limits of a backup. With highAvailability it runs within those of PostgreSQL.",
            defaultValue = "{requests: {cpu: 100m, memory: 128Mi}, limits: {memory: 512Mi}}")
        ResourcesConfig resources) {
  /** Where backups go. */
  public record RepositoryConfig(
      @Key("Bucket of an S3-compatible store.") Optional<ObjectStoreConfig.PostgresStore> s3,
      @Key(
              "Volume on the database's own node. It protects against mistakes, not against the loss of the node.")
          Optional<StorageConfig> volume) {}
}
