package dev.nordfaas.config;

import java.util.List;
import java.util.Optional;

/** Base backups and WAL archive of the database, by pgBackRest. */
public record BackupConfig(
    @Key(
            value =
                "When to copy the whole database, in cron format, in UTC. A restore starts from"
                    + " such a copy.",
            defaultValue = "30 1 * * 0",
            pattern = BackupConfig.CRON,
            hint = BackupConfig.CRON_HINT)
        String full,
    @Key(
            value =
                "When to copy what has changed since the last full backup, in cron format, in UTC.",
            defaultValue = "30 1 * * 1-6",
            pattern = BackupConfig.CRON,
            hint = BackupConfig.CRON_HINT)
        String differential,
    @Key(
            value =
                "Full backups kept, with all that a restore to any later point in time needs. The"
                    + " one before is removed once there is a new one.",
            defaultValue = "4",
            min = 1,
            max = 1000)
        int retention,
    @Key("Where backups and WAL archive go: s3 or volume. All of it is encrypted.")
        RepositoryConfig repository,
    @Key(
            value =
                "Passphrase (secret) of the encryption, of letters and digits; without it one is"
                    + " generated, and is the stack's output backupPassphrase. A restore elsewhere"
                    + " needs it: keep it where the datacenter's loss cannot reach it.")
        Optional<SecretValue> passphrase,
    @Key(
            value = "Requests and limits of a backup.",
            defaultValue = "{requests: {cpu: 100m, memory: 128Mi}, limits: {memory: 512Mi}}")
        ResourcesConfig resources) {
  static final String CRON = "([0-9*/,-]+ ){4}[0-9*/,-]+";
  static final String CRON_HINT = "five cron fields, such as '30 1 * * 0'";

  /** Where backups go. */
  public record RepositoryConfig(
      @Key("Bucket of an S3-compatible store.") Optional<S3> s3,
      @Key(
              "Volume on the database's own node. It helps against mistakes, not against the loss"
                  + " of the node.")
          Optional<StorageConfig> volume) {}

  /** A bucket of an S3-compatible store. */
  public record S3(
      @Key(
              value = "Host of the store, with its port where that is not 443; TLS only.",
              pattern = Patterns.STORE_ENDPOINT,
              hint = Patterns.STORE_ENDPOINT_HINT,
              example = "s3.example.no")
          String endpoint,
      @Key(
              value = "Networks of the store's addresses; PostgreSQL may connect to these alone.",
              notEmpty = true,
              example = "[198.51.100.0/24]")
          List<Cidr> cidrs,
      @Key(
              value = Patterns.COUNTRY_OF_STORE,
              pattern = Patterns.COUNTRY,
              hint = Patterns.COUNTRY_HINT,
              example = "\"NO\"")
          String country,
      @Key(
              value = "Region, as the store names it.",
              defaultValue = "us-east-1",
              pattern = Patterns.STORE_REGION,
              hint = Patterns.STORE_REGION_HINT)
          String region,
      @Key(
              value = "Bucket; it has to exist.",
              pattern = Patterns.STORE_BUCKET,
              hint = Patterns.STORE_BUCKET_HINT,
              example = "nordfaas-postgres")
          String bucket,
      @Key(
              value = "Folder in the bucket, of this stack alone.",
              defaultValue = "postgres",
              pattern = Patterns.STORE_FOLDER,
              hint = Patterns.STORE_FOLDER_HINT)
          String folder,
      @Key("Access key (secret).") SecretValue accessKey,
      @Key("Secret key (secret).") SecretValue secretKey) {
    private static final int HTTPS = 443;

    /** TCP port of the store. */
    public int port() {
      var colon = endpoint.lastIndexOf(':');
      return endpoint.matches(".*[^:]:[0-9]+") && endpoint.indexOf(':') == colon
          ? Integer.parseInt(endpoint.substring(colon + 1))
          : HTTPS;
    }
  }
}
