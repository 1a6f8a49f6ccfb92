package dev.nordfaas.postgres;

import dev.nordfaas.manifest.Scripts;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The contents of the databases, as idempotent scripts for {@code psql} 15 or newer: each {@link
 * Migration} is applied once, as the owner, in one transaction if that is possible.
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

  private static String of(String database, Migration migration) {
    return """
        SELECT pg_temp.is_pending(%1$d, '%2$s', '%3$s') AS pending \\gset
        \\if :pending
          \\echo %4$s: applying %2$s
          RESET ALL;
        %5$s\\endif
        """
        .formatted(
            migration.version(),
            migration.file(),
            migration.checksum(),
            database,
            ConcurrentIndex.of(migration.sql())
                .map(index -> outsideTransaction(database, migration, index))
                .orElseGet(() -> inTransaction(database, migration)));
  }

  /**
   * Session settings of a step do not affect the next one. A step gives up rather than block all
   * functions while it waits for a long transaction.
   */
  private static String inTransaction(String database, Migration migration) {
    return """
          BEGIN;
          SET LOCAL ROLE :"owner";
          SET LOCAL lock_timeout = '10s';
          \\ir %s
        %s  COMMIT;
        """
        .formatted(fileName(database, migration), record(migration));
  }

  /**
   * It waits for all transactions that use the table, and blocks none. What an earlier run has left
   * is an invalid index, which {@code IF NOT EXISTS} would take for a finished one.
   */
  private static String outsideTransaction(
      String database, Migration migration, ConcurrentIndex index) {
    return """
          SET ROLE :"owner";
        %s  \\ir %s
        %s  RESET ROLE;
        """
        .formatted(
            index
                .name()
                .flatMap(name -> index.table().map(table -> dropInvalid(name, table)))
                .orElse(""),
            fileName(database, migration),
            record(migration));
  }

  private static String dropInvalid(String name, String table) {
    return """
          SELECT format('DROP INDEX CONCURRENTLY %%s', indexrelid::regclass)
            FROM pg_catalog.pg_index JOIN pg_catalog.pg_class c ON c.oid = indexrelid
            WHERE indrelid = to_regclass(%s) AND relname = (parse_ident(%s))[1] AND NOT indisvalid
            \\gexec
        """
        .formatted(literal(table), literal(name));
  }

  private static String literal(String text) {
    return "'" + text.replace("'", "''") + "'";
  }

  private static String record(Migration migration) {
    return """
          INSERT INTO nordfaas.schema_migrations (version, file, checksum)
            VALUES (%d, '%s', '%s');
        """
        .formatted(migration.version(), migration.file(), migration.checksum());
  }

  private static String fileName(String database, Migration migration) {
    return database + "." + migration.file();
  }
}
