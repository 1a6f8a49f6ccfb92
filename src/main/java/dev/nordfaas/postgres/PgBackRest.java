package dev.nordfaas.postgres;

import dev.nordfaas.config.BackupConfig;
import dev.nordfaas.config.ObjectStoreConfig.PostgresStore;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** pgBackRest's config files, and PostgreSQL's settings for it. */
public final class PgBackRest {
  static final String CONFIG_FILE = "pgbackrest.conf";

  /** pgBackRest also reads the files in this folder; this one contains secrets. */
  static final String SECRET_FILE = "conf.d/secret.conf";

  /** The authorities of a store that has its own. */
  static final String CA_FILE = "store-ca.crt";

  /** The default of pgBackRest. */
  static final String CONFIG_PATH = "/etc/pgbackrest";

  /** Where the volume with the repository is mounted, in every pod. */
  static final String VOLUME_PATH = "/var/lib/pgbackrest";

  /** pgBackRest's name for one PostgreSQL server with its backups. */
  static final String STANZA = "postgres";

  /** WAL is archived after a minute at the latest: that is the most that is lost with the node. */
  private static final String ARCHIVE_TIMEOUT = "60s";

  private PgBackRest() {}

  /**
   * The settings without secrets. The database is reached over the network, as libpq's environment
   * says; its files are those of {@code pg1-path}.
   */
  public static String conf(BackupConfig config) {
    return """
        [global]
        repo1-cipher-type=aes-256-cbc
        repo1-retention-full=%d
        %s
        compress-type=zst
        process-max=2
        # A backup begins at once, and not with the next checkpoint that is due.
        start-fast=y
        archive-timeout=120
        log-level-console=info
        log-level-file=off

        [%s]
        pg1-path=%s
        pg1-port=%d
        pg1-user=%s
        pg1-database=%s
        """
        .formatted(
            config.retention(),
            config.repository().s3().map(PgBackRest::bucket).orElse("repo1-path=" + VOLUME_PATH),
            STANZA,
            PostgresStatefulSet.PGDATA,
            Postgres.PORT,
            Postgres.BACKUP_ROLE,
            RolesSql.MAINTENANCE_DATABASE);
  }

  private static String bucket(PostgresStore s3) {
    // Path-style URLs, which every store supports and which need no wildcard certificate.
    return """
        repo1-type=s3
        repo1-path=/%s
        repo1-s3-bucket=%s
        repo1-s3-endpoint=%s
        repo1-s3-region=%s
        repo1-s3-uri-style=path"""
            .formatted(s3.folder(), s3.bucket(), s3.endpoint(), s3.region())
        + s3.ca()
            .map(ca -> "\nrepo1-storage-ca-file=%s/%s".formatted(CONFIG_PATH, CA_FILE))
            .orElse("");
  }

  /**
   * The settings that are secrets.
   *
   * @param secrets by the setting's name, such as {@code repo1-cipher-pass}
   */
  public static String secretConf(Map<String, String> secrets) {
    var text = new StringBuilder("[global]\n");
    new TreeMap<>(secrets)
        .forEach((name, value) -> text.append(name).append('=').append(value).append('\n'));
    return text.toString();
  }

  /**
   * The settings added to {@code postgresql.conf}. Of these a cluster of CloudNativePG has only
   * {@code archive_timeout}: its operator, whose own is five minutes, sets the others.
   */
  static Settings settings() {
    return new Settings(
        List.of(
            List.of(
                Setting.plain("archive_mode", "on")
                    .because(
                        "Every finished segment of the transaction log goes to the repository; one that cannot\n"
                            + "stays in pg_wal and is tried again."),
                Setting.text(
                    "archive_command", "pgbackrest --stanza=%s archive-push %%p".formatted(STANZA)),
                Setting.text("archive_timeout", ARCHIVE_TIMEOUT))));
  }
}
