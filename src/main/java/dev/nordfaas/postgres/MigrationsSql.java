package dev.nordfaas.postgres;

import dev.nordfaas.manifest.Scripts;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The contents of the databases, as idempotent scripts for {@code psql} 15 or newer: each {@link
 * Migration} is applied once, in one transaction, as the owner.
 */
final class MigrationsSql {
  private static final String PRELUDE_FILE = "migrations.sql";
  private static final String SESSION_FILE = "session.sql";

  private MigrationsSql() {}

  /** A script {@code <database>.sql} for each database, and the files that they include. */
  static SortedMap<String, String> files(Map<String, List<Migration>> migrations) {
    var files = new TreeMap<String, String>();
    for (var file : List.of(PRELUDE_FILE, SESSION_FILE)) {
      files.put(file, Scripts.read(MigrationsSql.class, file));
    }
    migrations.forEach(
        (database, steps) -> {
          files.put("database." + database + ".sql", of(database, steps));
          steps.forEach(step -> files.put(fileName(database, step), step.sql()));
        });
    return files;
  }

  /** The script of one database. */
  static String of(String database, List<Migration> migrations) {
    var parts = new ArrayList<String>();
    parts.add(
        "\\ir %s\n\\set owner %s\n\\ir %s\n"
            .formatted(SESSION_FILE, SqlRole.owner(database), PRELUDE_FILE));
    migrations.forEach(migration -> parts.add(of(database, migration)));
    return String.join("\n", parts);
  }

  /**
   * Session settings of a step do not affect the next one. A step gives up rather than block all
   * functions while it waits for a long transaction.
   */
  private static String of(String database, Migration migration) {
    return """
        SELECT pg_temp.is_pending(%1$d, '%2$s', '%3$s') AS pending \\gset
        \\if :pending
          \\echo %4$s: applying %2$s
          RESET ALL;
          BEGIN;
          SET LOCAL ROLE :"owner";
          SET LOCAL lock_timeout = '10s';
          \\ir %5$s
          INSERT INTO nordfaas.schema_migrations (version, file, checksum)
            VALUES (%1$d, '%2$s', '%3$s');
          COMMIT;
        \\endif
        """
        .formatted(
            migration.version(),
            migration.file(),
            migration.checksum(),
            database,
            fileName(database, migration));
  }

  private static String fileName(String database, Migration migration) {
    return database + "." + migration.file();
  }
}
