package dev.nordfaas.postgres;

import dev.nordfaas.config.PostgresConfig;
import java.util.List;

/**
 * The login role of a part of the platform.
 *
 * @param name name of the role
 * @param grants SQL that gives it what it needs, in the maintenance database
 */
record PlatformRole(String name, String grants) {
  /** When backups last succeeded and failed, by type. */
  private static final String STATUS =
      """
      CREATE SCHEMA IF NOT EXISTS nordfaas;
      CREATE TABLE IF NOT EXISTS nordfaas.backups (
        type text PRIMARY KEY, succeeded_at timestamptz, failed_at timestamptz);
      """;

  /** What pgBackRest calls, and no more: the files it reads for itself. */
  private static final String BACKUP_GRANTS =
      STATUS
          + """
      GRANT pg_read_all_settings TO "backup";
      GRANT EXECUTE ON FUNCTION pg_backup_start(text, boolean), pg_backup_stop(boolean),
        pg_create_restore_point(text), pg_switch_wal() TO "backup";
      GRANT USAGE ON SCHEMA nordfaas TO "backup";
      GRANT SELECT, INSERT, UPDATE ON nordfaas.backups TO "backup";
      """;

  /** The roles that the config needs. */
  static List<PlatformRole> of(PostgresConfig config) {
    return config.backup().stream()
        .map(backup -> new PlatformRole(Postgres.BACKUP_ROLE, BACKUP_GRANTS))
        .toList();
  }
}
