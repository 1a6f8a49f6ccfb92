package dev.nordfaas.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.config.PostgresConfig;
import dev.nordfaas.config.check.PatchedConfig;
import dev.nordfaas.testing.PostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whoever writes a migration owns a database, and nothing else: attacks of the migrator on the
 * sessions of more privileged roles, with a real server.
 */
@Timeout(120)
class PrivilegedSessionsTest {
  private static final List<String> PRIVILEGED =
      List.of(
          Postgres.SUPERUSER, Postgres.POOLER_ROLE, Postgres.BACKUP_ROLE, Postgres.METRICS_ROLE);

  /** Becomes a superuser for good, and runs a program, if one calls it. */
  private static final String TROJAN =
      """
      CREATE FUNCTION %s LANGUAGE plpgsql AS $$
      BEGIN
        IF pg_catalog.current_setting('is_superuser') = 'on' THEN
          ALTER ROLE %s SUPERUSER;
          COPY (SELECT 1) TO PROGRAM 'cat >%s';
        END IF;
        RETURN %s;
      END $$;
      """;

  @TempDir static Path serverFolder;
  private static PostgresServer server;
  private static int databases;

  @TempDir Path folder;
  private String database;

  @BeforeAll
  static void startServer() {
    server = PostgresServer.start(serverFolder, PostgresConf.pgHba(config("any", "{}")));
  }

  @AfterAll
  static void stopServer() {
    server.stop();
  }

  @BeforeEach
  void chooseDatabase() {
    databases++;
    database = "market" + databases;
  }

  @Test
  void functionInPublicThatFitsBetterDoesNotRunAsTheAdministrator() throws IOException {
    roles();

    migrate(
        trojan(
            "public.has_schema_privilege(a text, b oid, c text) RETURNS boolean",
            "pg_catalog.has_schema_privilege(a, b, c)"));
    var again = roles();

    assertThat(again.exitCode()).as(again.output()).isZero();
    assertNobodyEscalated();
  }

  @Test
  void operatorInPublicThatFitsBetterDoesNotRunAsTheAdministrator() throws IOException {
    roles();

    migrate(
        trojan("public.unlike(a name, b name) RETURNS boolean", "true")
            + "CREATE OPERATOR public.!~~ (LEFTARG = name, RIGHTARG = name, FUNCTION = public.unlike);");
    var again = roles();

    assertThat(again.exitCode()).as(again.output()).isZero();
    assertNobodyEscalated();
  }

  /** The owner of a database may set this for all who connect to it. */
  @Test
  void searchPathOfTheDatabaseDoesNotApplyToTheAdministrator() throws IOException {
    roles();

    migrate(
        trojan("public.format(a text, b name) RETURNS text", "pg_catalog.format(a, b)")
            + trojan(
                "public.has_schema_privilege(a name, b oid, c text) RETURNS boolean",
                "pg_catalog.has_schema_privilege(a, b, c)")
            + "CREATE SCHEMA attic; GRANT USAGE ON SCHEMA attic TO %1$s_reader; ALTER DATABASE %1$s SET search_path = public, pg_catalog;"
                .formatted(database));
    var again = roles();

    assertThat(again.exitCode()).as(again.output()).isZero();
    assertNobodyEscalated();
    assertThat(
            server.sql(
                database,
                "SELECT has_schema_privilege('%s_reader', 'attic', 'USAGE')".formatted(database)))
        .containsExactly("f");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "role = 'pg_monitor'",
        "default_transaction_read_only = on",
        "client_encoding = 'SJIS'",
        "local_preload_libraries = 'missing'",
        "statement_timeout = 1",
        "default_tablespace = 'missing'",
      })
  void settingsOfTheDatabaseDoNotApplyToTheRolesJob(String setting) throws IOException {
    roles();

    migrate("ALTER DATABASE %s SET %s;".formatted(database, setting));
    var again = roles("{migrations: any, extensions: [citext]}");

    assertThat(again.exitCode()).as(again.output()).isZero();
  }

  @Test
  void sessionsOfPrivilegedRolesHaveTheirOwnSearchPathInEachDatabase() throws IOException {
    roles();
    migrate("ALTER DATABASE %s SET search_path = public, pg_catalog;".formatted(database));
    server.sql("postgres", "GRANT CONNECT ON DATABASE %s TO backup".formatted(database));

    for (var role : PRIVILEGED) {
      // The exporter is let into no other database, whatever it is granted.
      for (var each :
          List.of("postgres", role.equals(Postgres.METRICS_ROLE) ? "postgres" : database)) {
        assertThat(directly(role, each, "SHOW search_path").output())
            .as("%s in %s", role, each)
            .isEqualTo("pg_catalog, pg_temp\n");
      }
    }
  }

  /** With a pooler before 1.19, passwords are looked up in the database of the client. */
  @Test
  void lookUpInADatabaseRunsNothingOfItsOwner() throws IOException {
    roles();
    migrate(
        trojan("public.now() RETURNS timestamptz", "pg_catalog.now()")
            + "ALTER DATABASE %s SET search_path = public, pg_catalog;".formatted(database));

    var answer =
        directly(
            Postgres.POOLER_ROLE,
            database,
            "SELECT username FROM pgbouncer.user_lookup('%s_migrator')".formatted(database));

    assertThat(answer.output()).isEqualTo(database + "_migrator\n");
    assertNobodyEscalated();
  }

  @Test
  void passwordsAreNotLookedUpInASchemaOfSomebodyElse() throws IOException {
    roles();
    server.sql(database, "ALTER SCHEMA pgbouncer OWNER TO %s_owner".formatted(database));

    var again = roles();

    assertThat(again.exitCode()).isNotZero();
    assertThat(again.output())
        .contains(
            "ERROR:  %1$s_owner may create objects in schema pgbouncer of database %1$s, which only the administrator may: find out why, and drop the schema"
                .formatted(database));
  }

  @Test
  void extensionsAreWhereOnlyTheAdministratorCreatesObjects() throws IOException {
    roles("{migrations: any, extensions: [citext, uuid-ossp]}");

    assertThat(
            server.sql(
                database,
                "SELECT extname, extnamespace::regnamespace FROM pg_extension WHERE extname <> 'plpgsql' ORDER BY 1"))
        .containsExactly("citext|extensions", "uuid-ossp|extensions");
    assertThat(
            as("migrator", "CREATE FUNCTION extensions.f() RETURNS int LANGUAGE sql RETURN 1")
                .output())
        .contains("permission denied for schema extensions");
  }

  @Test
  void extensionsNeedNoSchemaInQueries() throws IOException {
    roles("{migrations: any, extensions: [citext]}");

    assertThat(as("migrator", "SELECT 'A'::citext = 'a'").output()).isEqualTo("t\n");
  }

  @Test
  void searchPathIsThatOfTheConfigWhateverTheOwnerHasChosen() throws IOException {
    roles("{migrations: any, schemas: [sales, public]}");
    migrate("ALTER DATABASE %s SET search_path = attic;".formatted(database));

    roles("{migrations: any, schemas: [sales, public]}");

    assertThat(as("migrator", "SHOW search_path").output())
        .isEqualTo("sales, public, extensions\n");
  }

  /** Its script runs as the administrator, and finds what is in its schema. */
  @Test
  void noExtensionGoesIntoASchemaOfTheOwner() throws IOException {
    roles();
    migrate("CREATE SCHEMA extensions;");

    var again = roles("{migrations: any, extensions: [citext]}");

    assertThat(again.exitCode()).isNotZero();
    assertThat(again.output())
        .contains(
            "ERROR:  %1$s_owner may create objects in schema extensions of database %1$s"
                .formatted(database));
    assertThat(server.sql(database, "SELECT extname FROM pg_extension WHERE extname = 'citext'"))
        .isEmpty();
  }

  /** Of the extension that another one needs, its script finds the schema too. */
  @Test
  void noExtensionNeedsOneInASchemaOfTheOwner() throws IOException {
    roles();
    migrate("CREATE EXTENSION cube SCHEMA public;");

    var again = roles("{migrations: any, extensions: [earthdistance]}");

    assertThat(again.exitCode()).isNotZero();
    assertThat(again.output())
        .contains(
            "ERROR:  %1$s_owner, pg_database_owner may create objects in schema public of database %1$s"
                .formatted(database));
  }

  @Test
  void extensionThatIsThereStaysWhereItIs() throws IOException {
    roles();
    migrate("CREATE EXTENSION citext SCHEMA public;");

    var again = roles("{migrations: any, extensions: [citext]}");

    assertThat(again.exitCode()).as(again.output()).isZero();
    assertThat(
            server.sql(
                database,
                "SELECT extnamespace::regnamespace FROM pg_extension WHERE extname = 'citext'"))
        .containsExactly("public");
  }

  @Test
  void extensionThatTheImageDoesNotHaveIsNamed() throws IOException {
    var result = roles("{migrations: any, extensions: [unheard_of]}");

    assertThat(result.exitCode()).isNotZero();
    assertThat(result.output()).contains("extension \"unheard_of\" is not available");
  }

  /** In the maintenance database the administrator writes tables, and others read them. */
  @Test
  void onlyTheAdministratorCreatesObjectsInTheMaintenanceDatabase() throws IOException {
    server.sql("postgres", "GRANT CREATE ON SCHEMA public TO PUBLIC");
    server.sql("postgres", "GRANT CREATE, TEMPORARY ON DATABASE postgres TO PUBLIC");

    roles();

    assertThat(
            server.sql(
                "postgres",
                """
                SELECT rolname, nspname FROM pg_roles r, pg_namespace n
                  WHERE NOT rolsuper AND rolname <> 'pg_database_owner'
                    AND has_schema_privilege(r.oid, n.oid, 'CREATE')
                UNION ALL SELECT rolname, 'database' FROM pg_roles r
                  WHERE NOT rolsuper AND rolname <> 'pg_database_owner'
                    AND has_database_privilege(r.oid, 'postgres', 'CREATE, TEMPORARY')
                UNION ALL SELECT rolname, relname FROM pg_roles r, pg_class c
                  WHERE NOT rolsuper AND relnamespace = 'nordfaas'::regnamespace
                    AND relkind = 'r' AND has_table_privilege(r.oid, c.oid, 'TRIGGER')
                """))
        .isEmpty();
    assertThat(as("migrator", "postgres", "SELECT 1").output())
        .contains("permission denied for database \"postgres\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CREATE EVENT TRIGGER e ON ddl_command_end EXECUTE FUNCTION f()",
        "COPY (SELECT 1) TO PROGRAM 'true'",
        "COPY goods FROM '/etc/passwd'",
        "CREATE FUNCTION g() RETURNS int LANGUAGE c AS 'libc', 'getpid'",
        "ALTER SYSTEM SET archive_command = 'true'",
        "ALTER DATABASE ${database} SET session_preload_libraries = 'auto_explain'",
        "ALTER ROLE postgres SET search_path = public",
        "ALTER ROLE ALL SET search_path = public",
        "ALTER ROLE postgres IN DATABASE ${database} SET search_path = public",
        "ALTER ROLE pgbouncer PASSWORD 'known'",
        "CREATE ROLE another SUPERUSER",
        "GRANT postgres TO ${database}_migrator",
        "GRANT pg_execute_server_program TO ${database}_owner",
        "SET SESSION AUTHORIZATION postgres",
        "SELECT * FROM pg_authid",
        "SELECT * FROM pgbouncer.user_lookup('${database}_migrator')",
        "CREATE OR REPLACE FUNCTION pgbouncer.user_lookup(text) RETURNS text LANGUAGE sql RETURN 1",
        "DROP SCHEMA pgbouncer CASCADE",
        "ALTER SCHEMA pgbouncer OWNER TO ${database}_owner",
        "CREATE CAST (text AS int) WITH INOUT AS IMPLICIT",
        "CREATE SUBSCRIPTION s CONNECTION 'dbname=postgres' PUBLICATION p WITH (connect = false)",
        "ALTER DATABASE postgres SET search_path = public",
        "ALTER DEFAULT PRIVILEGES FOR ROLE postgres GRANT ALL ON TABLES TO PUBLIC",
      })
  void ownerIsRefused(String statement) throws IOException {
    roles();
    migrate(
        "CREATE TABLE goods (t text); CREATE FUNCTION f() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';");

    for (var role : List.of("none", database + "_owner")) {
      as("migrator", "ALTER ROLE %s_migrator SET role = %s".formatted(database, role));

      var result = as("migrator", statement.replace("${database}", database));

      assertThat(result.output())
          .as(role)
          .containsPattern(
              "ERROR: +(permission denied|must (be|have)|only superusers|.*not allowed)");
    }
  }

  private void assertNobodyEscalated() {
    assertThat(server.sql("postgres", "SELECT rolname FROM pg_roles WHERE rolsuper"))
        .containsExactly("postgres");
    assertThat(proof()).doesNotExist();
  }

  /** What the trojan's program writes, next to the server's own files. */
  private Path proof() {
    return serverFolder.resolve("data").resolve(database);
  }

  private String trojan(String signature, String result) {
    return TROJAN.formatted(signature, database + "_migrator", proof(), result);
  }

  /** As the Job for migrations does. */
  private void migrate(String sql) {
    var result =
        as("migrator", "BEGIN; SET LOCAL ROLE %s_owner; %s COMMIT".formatted(database, sql));
    assertThat(result.exitCode()).as(result.output()).isZero();
  }

  private PostgresServer.Result as(String suffix, String query) {
    return as(suffix, database, query);
  }

  private PostgresServer.Result as(String suffix, String in, String query) {
    return directly(database + "_" + suffix, in, query);
  }

  private static PostgresServer.Result directly(String role, String in, String query) {
    var password = role.equals(Postgres.SUPERUSER) ? "superuser's" : "password of " + role;
    return server.directly(role, password, in, query);
  }

  private PostgresServer.Result roles() throws IOException {
    return roles("{migrations: any}");
  }

  /** The Job for roles. */
  private PostgresServer.Result roles(String settings) throws IOException {
    var target = Files.createDirectories(folder.resolve("roles"));
    for (var file : RolesJob.files(config(database, settings), List.of()).entrySet()) {
      Files.writeString(target.resolve(file.getKey()), file.getValue());
    }
    var passwords = new TreeMap<String, String>();
    for (var role :
        List.of(
            Postgres.POOLER_ROLE,
            Postgres.BACKUP_ROLE,
            Postgres.METRICS_ROLE,
            SqlRole.migrator(database))) {
      passwords.put(SqlRole.passwordVariable(role), "password of " + role);
    }
    return server.script(target.resolve("roles.sh"), Map.copyOf(passwords));
  }

  /** Backups and metrics are on, and so are their roles. */
  private static PostgresConfig config(String database, String settings) {
    return PatchedConfig.of(
            "oslo",
            "set: {nordfaas:postgres.databases: {%s: %s}, nordfaas:postgres.dropDatabases: []}"
                .formatted(database, settings))
        .postgres();
  }
}
