package dev.nordfaas.postgres;

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

  /** PostgreSQL's own role for those who watch it, which reads no table of a function. */
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

  /** The roles that the config needs. The one for metrics comes after what it watches. */
  static List<PlatformRole> of(PostgresConfig config) {
    var roles = new ArrayList<PlatformRole>();
    config
        .backup()
        .ifPresent(backup -> roles.add(new PlatformRole(Postgres.BACKUP_ROLE, BACKUP_GRANTS)));
    config
        .exporterImage()
        .ifPresent(
            image ->
                roles.add(
                    new PlatformRole(
                        Postgres.METRICS_ROLE,
                        METRICS_GRANTS
                            + config.backup().map(backup -> METRICS_OF_BACKUPS).orElse(""))));
    return List.copyOf(roles);
  }
}
