package dev.nordfaas.postgres;

import dev.nordfaas.config.BackupConfig;
import dev.nordfaas.config.PostgresConfig;
import java.util.ArrayList;
import java.util.List;

/**
 * The login role of a part of the platform.
 *
 * @param name name of the role
 * @param grants SQL that gives it what it needs, in the maintenance database
 */
record PlatformRole(String name, String grants) {
  /** When backups last started, succeeded and failed, by type, and when the next one is due. */
  private static final String STATUS =
      """
      CREATE SCHEMA IF NOT EXISTS nordfaas;
      CREATE TABLE IF NOT EXISTS nordfaas.backups (
        type text PRIMARY KEY, succeeded_at timestamptz, failed_at timestamptz);
      ALTER TABLE nordfaas.backups ADD COLUMN IF NOT EXISTS started_at timestamptz,
        ADD COLUMN IF NOT EXISTS starts_within interval,
        ADD COLUMN IF NOT EXISTS succeeds_within interval;
      """;

  private static final String DUE =
      """
      INSERT INTO nordfaas.backups (type, starts_within, succeeds_within)
        VALUES ('%s', '%d seconds', '%d seconds')
        ON CONFLICT (type) DO UPDATE
          SET starts_within = excluded.starts_within, succeeds_within = excluded.succeeds_within
          WHERE (backups.starts_within, backups.succeeds_within)
            IS DISTINCT FROM (excluded.starts_within, excluded.succeeds_within);
      """;

  /** The functions that pgBackRest calls, and nothing else: it reads the files itself. */
  private static final String BACKUP_GRANTS =
      """
      GRANT pg_read_all_settings TO "backup";
      GRANT EXECUTE ON FUNCTION pg_backup_start(text, boolean), pg_backup_stop(boolean),
        pg_create_restore_point(text), pg_switch_wal() TO "backup";
      GRANT USAGE ON SCHEMA nordfaas TO "backup";
      GRANT SELECT, INSERT, UPDATE ON nordfaas.backups TO "backup";
      """;

  /** PostgreSQL's own role for monitoring, which cannot read the functions' tables. */
  private static final String METRICS_GRANTS =
      """
      GRANT pg_monitor TO "metrics";
      ALTER ROLE "metrics" CONNECTION LIMIT %d;
      """
          .formatted(PostgresExporter.CONNECTIONS);

  private static final String METRICS_OF_BACKUPS =
      """
      GRANT USAGE ON SCHEMA nordfaas TO "metrics";
      GRANT SELECT ON nordfaas.backups TO "metrics";
      """;

  /** The roles that the config needs. The one for metrics comes after what it monitors. */
  static List<PlatformRole> of(PostgresConfig config) {
    var roles = new ArrayList<PlatformRole>();
    config
        .pgBackRest()
        .ifPresent(
            backup ->
                roles.add(
                    new PlatformRole(
                        Postgres.BACKUP_ROLE,
                        STATUS
                            + due(BackupJobs.Type.FULL, backup)
                            + due(BackupJobs.Type.DIFFERENTIAL, backup)
                            + BACKUP_GRANTS)));
    config
        .exporterImage()
        .ifPresent(
            image ->
                roles.add(
                    new PlatformRole(
                        Postgres.METRICS_ROLE,
                        METRICS_GRANTS
                            + config.pgBackRest().map(backup -> METRICS_OF_BACKUPS).orElse(""))));
    return List.copyOf(roles);
  }

  private static String due(BackupJobs.Type type, BackupConfig backup) {
    var start = BackupJobs.startsWithin(backup, type);
    return DUE.formatted(
        type.option(), start.toSeconds(), start.plus(BackupJobs.LONGEST).toSeconds());
  }
}
