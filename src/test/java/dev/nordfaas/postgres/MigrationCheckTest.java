package dev.nordfaas.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.postgres.MigrationFolder.Flaw;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MigrationCheckTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "CREATE TABLE a (id int); CREATE INDEX ON a (id)",
        "-- VACUUM;\nSELECT 1",
        "/* COMMIT; /* VACUUM; */ ROLLBACK; */ SELECT 1",
        "SELECT 'x; VACUUM;'",
        "SELECT 'it''s; VACUUM;'",
        "SELECT E'it\\'; VACUUM;'",
        "SELECT $$; VACUUM; $$, $a$ $$; COMMIT; $a$",
        "SELECT \"; VACUUM;\" FROM \"begin\"",
        "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN 1; END $$",
        "CREATE OR REPLACE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; COMMIT; END; SELECT 2",
        "CREATE RULE r AS ON INSERT TO a DO (SELECT 1; COMMIT; SELECT 2)",
        "SAVEPOINT s; ROLLBACK TO s; ROLLBACK TO SAVEPOINT s; RELEASE s",
        "REFRESH MATERIALIZED VIEW CONCURRENTLY v",
        "REINDEX TABLE a; CLUSTER a USING i; ANALYZE a",
        "ALTER TYPE t ADD VALUE 'x'; ALTER TYPE t ADD VALUE 'y' AFTER 'x'",
        "CREATE TYPE t AS ENUM ('a'); ALTER TYPE t ADD VALUE 'x'; INSERT INTO a VALUES ('x')",
        "COPY a FROM stdin;\n1\tVACUUM;\n\\N\t'\n\\.\nSELECT 1",
        "\ufeffSELECT 1",
        "CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON a (id)",
        "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS i ON ONLY s.a (id);",
        "-- slow\nDROP INDEX CONCURRENTLY IF EXISTS i;",
        "SELECT $1, a$b$c FROM x$y",
      })
  void allows(String sql) {
    assertThat(MigrationCheck.of("f/V1__a.sql", sql)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "VACUUM a | VACUUM | remove it: autovacuum does it; ANALYZE may stay",
        "REINDEX (VERBOSE) TABLE CONCURRENTLY a | REINDEX CONCURRENTLY | leave out CONCURRENTLY, or run it by hand",
        "REINDEX DATABASE x | REINDEX DATABASE | name its tables, or run it by hand",
        "CLUSTER | CLUSTER without a table | name the tables",
        "DISCARD ALL | DISCARD ALL | remove it: each file begins afresh",
        "CREATE DATABASE x | CREATE DATABASE | use postgres.databases and postgres.dropDatabases",
        "DROP DATABASE x | DROP DATABASE | use postgres.databases and postgres.dropDatabases",
        "CREATE TABLESPACE x LOCATION '/x' | CREATE TABLESPACE | remove it, and run it by hand if it is needed",
        "DROP SUBSCRIPTION x | DROP SUBSCRIPTION | remove it, and run it by hand if it is needed",
        "ALTER SYSTEM SET jit = on | ALTER SYSTEM | remove it, and run it by hand if it is needed",
        "ALTER DATABASE x SET TABLESPACE y | ALTER DATABASE SET TABLESPACE | remove it, and run it by hand if it is needed",
        "ALTER TABLE a DETACH PARTITION b CONCURRENTLY | DETACH PARTITION CONCURRENTLY | leave out CONCURRENTLY, or run it by hand",
      })
  void refusesWhatCannotRunInATransaction(String statement, String what, String fix) {
    assertThat(flaws("SELECT 1;\n/* a\n */ " + statement + ";"))
        .containsExactly(
            new Flaw(
                "f/V1__a.sql:3 has %s, which cannot run in a transaction, as each file does"
                    .formatted(what),
                fix));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "BEGIN | BEGIN",
        "begin isolation level serializable | BEGIN",
        "START TRANSACTION | START TRANSACTION",
        "COMMIT | COMMIT",
        "END | END",
        "ROLLBACK | ROLLBACK",
        "ABORT | ABORT",
        "PREPARE TRANSACTION 'x' | PREPARE TRANSACTION",
        "COMMIT PREPARED 'x' | COMMIT",
      })
  void refusesTransactionsInAFile(String statement, String what) {
    assertThat(flaws("SELECT 1;\n" + statement))
        .containsExactly(
            new Flaw(
                "f/V1__a.sql:2 has %s, but a file is one transaction, which begins and ends by itself"
                    .formatted(what),
                "remove it; what has to be committed first goes into a file of its own"));
  }

  @Test
  void refusesAConcurrentIndexNextToOthers() {
    assertThat(flaws("CREATE TABLE a (id int);\n\nCREATE INDEX CONCURRENTLY i ON a (id);"))
        .containsExactly(
            new Flaw(
                "f/V1__a.sql:3 has CREATE INDEX CONCURRENTLY, which cannot run in a transaction, next to other statements",
                "put it into a file of its own"));
  }

  @Test
  void refusesAConcurrentIndexThatCannotRunAgain() {
    assertThat(flaws("CREATE INDEX CONCURRENTLY i ON a (id);"))
        .containsExactly(
            new Flaw(
                "f/V1__a.sql:1 has CREATE INDEX CONCURRENTLY without IF NOT EXISTS, so it could not run again after an interruption",
                "write CREATE INDEX CONCURRENTLY IF NOT EXISTS, and the index's name"));
    assertThat(flaws("DROP INDEX CONCURRENTLY i;"))
        .containsExactly(
            new Flaw(
                "f/V1__a.sql:1 has DROP INDEX CONCURRENTLY without IF EXISTS, so it could not run again after an interruption",
                "write DROP INDEX CONCURRENTLY IF EXISTS"));
  }

  @ParameterizedTest
  @CsvSource({"\\d orders, \\d", "\\! id, \\!", "SELECT 1 \\gexec, \\gexec"})
  void refusesCommandsOfPsql(String line, String command) {
    assertThat(flaws("SELECT 1;\n" + line))
        .containsExactly(
            new Flaw(
                "f/V1__a.sql:2 has %s, a command of psql, and not SQL".formatted(command),
                "write it in SQL, or remove it"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "SELECT 'a | string",
        "SELECT \"a | quoted name",
        "DO $x$ BEGIN | string in $x$",
        "SELECT 1 /* a /* b */ | comment",
      })
  void refusesWhatDoesNotEnd(String sql, String what) {
    assertThat(flaws("SELECT 1;\n" + sql))
        .containsExactly(
            new Flaw("f/V1__a.sql:2 begins a %s that does not end".formatted(what), "end it"));
  }

  @Test
  void refusesTheUseOfANewValueInTheSameFile() {
    assertThat(flaws("ALTER TYPE state ADD VALUE IF NOT EXISTS 'sent';\nUPDATE a SET s = 'sent';"))
        .containsExactly(
            new Flaw(
                "f/V1__a.sql:2 uses 'sent', which line 1 adds to a type: it can be used after the transaction",
                "put what uses it into the next file"));
  }

  @Test
  void readsNameAndTableOfAConcurrentIndex() {
    assertThat(
            ConcurrentIndex.of(
                "CREATE INDEX CONCURRENTLY IF NOT EXISTS \"I\"\"i\" ON ONLY sales.\"Bills\" USING btree (id)"))
        .contains(
            new ConcurrentIndex(
                true, true, Optional.of("\"I\"\"i\""), Optional.of("sales.\"Bills\"")));
  }

  private static List<Flaw> flaws(String sql) {
    return MigrationCheck.of("f/V1__a.sql", sql);
  }
}
