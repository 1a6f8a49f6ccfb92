package dev.nordfaas.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.config.FunctionConfig.DatabaseAccess;
import dev.nordfaas.config.FunctionConfig.Grant;
import dev.nordfaas.config.RoleSettings;
import dev.nordfaas.config.check.PatchedConfig;
import dev.nordfaas.testing.Fixtures;
import dev.nordfaas.testing.PostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The roles Job's script, with a real server and a real pooler. */
@Timeout(120)
class RolesScriptTest {
  private static final Migration CREATE =
      new Migration(1, "V1__goods.sql", "CREATE TABLE goods (id int PRIMARY KEY, name text);\n");
  private static final Migration ALTER =
      new Migration(2, "V2__price.sql", "ALTER TABLE goods ADD price numeric(10, 2)");

  /** PgBouncer knows the databases that it is told, and each test has its own. */
  private static final int MOST_TESTS = 60;

  @TempDir static Path serverFolder;
  private static PostgresServer server;
  private static int databases;

  @TempDir Path folder;
  private String database;

  @BeforeAll
  static void startServer() {
    server = PostgresServer.start(serverFolder, PostgresConf.pgHba(Fixtures.oslo().postgres()));
    var databases =
        IntStream.rangeClosed(1, MOST_TESTS)
            .mapToObj(number -> "shop%d: {migrations: any}".formatted(number))
            .collect(Collectors.joining(", ", "{", "}"));
    var config =
        PatchedConfig.of(
                "oslo",
                ("set: {nordfaas:postgres.databases: %s,"
                        + " nordfaas:postgres.pooler.image: 'pgbouncer:1.18.0',"
                        + " nordfaas:postgres.pooler.maxPreparedStatements: 0}")
                    .formatted(databases))
            .postgres();
    server.startPooler(
        PgBouncerIni.of(config, ConnectionBudget.of(config, List.of()), List.of()),
        PgBouncerIni.userlist("password of pgbouncer", Optional.empty()));
  }

  @AfterAll
  static void stopServer() {
    server.stop();
  }

  @BeforeEach
  void chooseDatabase() {
    databases++;
    database = "shop" + databases;
  }

  /**
   * Without the first, an instance that was the primary never becomes a standby: seen with 1.30.0.
   */
  @Test
  void rolesOfCloudNativePgConnectWhereOthersMayNot() throws IOException {
    for (var role : List.of("streaming_replica", "cnpg_metrics_exporter")) {
      server.sql("postgres", "CREATE ROLE %s LOGIN".formatted(role));
    }
    var config =
        PatchedConfig.of(
                "oslo",
                "{set: {nordfaas:postgres.highAvailability: true, nordfaas:postgres.databases: {%s: {}}}, remove: [nordfaas:postgres.backup, nordfaas:postgres.exporterImage]}"
                    .formatted(database))
            .postgres();

    var made =
        server.script(
            write("roles", RolesJob.files(config, List.of()), "roles.sh"),
            Map.of("PASSWORD_PGBOUNCER", "password of pgbouncer"));

    assertThat(made.exitCode()).as(made.output()).isZero();
    assertThat(
            server.sql(
                "postgres",
                "SELECT rolname || ' ' || datname FROM pg_roles, pg_database"
                    + " WHERE rolname IN ('streaming_replica', 'cnpg_metrics_exporter')"
                    + " AND datname IN ('postgres', 'template1', '%s')".formatted(database)
                    + " AND has_database_privilege(rolname, datname, 'CONNECT') ORDER BY 1"))
        .containsExactly(
            "cnpg_metrics_exporter postgres",
            "cnpg_metrics_exporter " + database,
            "streaming_replica postgres");
  }

  @Test
  void changesNothingTheSecondTime() throws IOException {
    var seller = "seller_of_" + database;
    var first = run(List.of(seller), CREATE, ALTER);
    var before = state();

    var second = run(List.of(seller), CREATE, ALTER);

    assertThat(first.output())
        .contains(database + ": applying V1__goods.sql", database + ": applying V2__price.sql")
        .contains(seller + ": password set");
    assertThat(second.exitCode()).isZero();
    assertThat(second.output()).contains(seller + ": unchanged").doesNotContain("applying");
    assertThat(state()).isEqualTo(before);
  }

  @Test
  void tablesBelongToTheOwnerAndServeTheFunction() throws IOException {
    assertThat(run(List.of("seller"), CREATE).exitCode()).isZero();

    assertThat(server.sql(database, "SELECT tableowner FROM pg_tables WHERE tablename = 'goods'"))
        .containsExactly(database + "_owner");
    assertThat(as("seller", "INSERT INTO goods VALUES (1, 'skis')")).isEmpty();
    assertThat(as("seller", "UPDATE goods SET name = 'sledge'")).isEmpty();
    assertThat(as("seller", "DROP TABLE goods")).contains("must be owner of table goods");
    assertThat(as("seller", "CREATE TABLE mine (id int)")).contains("permission denied");
    assertThat(as("seller", "SELECT * FROM nordfaas.schema_migrations"))
        .contains("permission denied for schema nordfaas");
  }

  @Test
  void appliesWhatIsNew() throws IOException {
    run(List.of(), CREATE);

    var result = run(List.of(), CREATE, ALTER);

    assertThat(result.output()).doesNotContain("V1__").contains("applying V2__price.sql");
    assertThat(applied()).containsExactly("1|V1__goods.sql", "2|V2__price.sql");
  }

  @Test
  void refusesAFileThatHasBeenChangedSinceItWasApplied() throws IOException {
    run(List.of(), CREATE);

    var result = run(List.of(), new Migration(1, CREATE.file(), "DROP TABLE goods;"), ALTER);

    assertThat(result.exitCode()).isNotZero();
    assertThat(result.output())
        .contains(
            "ERROR:  V1__goods.sql has been changed since it was applied: undo that, and put the change into a new file");
    assertThat(applied()).containsExactly("1|V1__goods.sql");
  }

  @Test
  void refusesAFileThatComesBeforeOneThatHasBeenApplied() throws IOException {
    run(List.of(), new Migration(5, "V5__goods.sql", CREATE.sql()));

    var result = run(List.of(), ALTER, new Migration(5, "V5__goods.sql", CREATE.sql()));

    assertThat(result.exitCode()).isNotZero();
    assertThat(result.output())
        .contains(
            "ERROR:  V2__price.sql comes before V5__goods.sql, which has been applied: give it the next version");
  }

  @Test
  void leavesNothingOfAFileThatFails() throws IOException {
    var broken =
        new Migration(
            2, "V2__two.sql", "CREATE TABLE half (id int);\nALTER TABLE nowhere ADD id int;");

    var result = run(List.of(), CREATE, broken);

    assertThat(result.exitCode()).isNotZero();
    assertThat(result.output())
        .contains("%s.V2__two.sql:2: ERROR:  relation \"nowhere\"".formatted(database));
    assertThat(applied()).containsExactly("1|V1__goods.sql");
    assertThat(server.sql(database, "SELECT to_regclass('public.half') IS NULL"))
        .containsExactly("t");
    assertThat(run(List.of(), CREATE, ALTER).exitCode()).isZero();
  }

  @Test
  void settingsOfAFileDoNotReachTheNext() throws IOException {
    var elsewhere =
        new Migration(
            1, "V1__a.sql", "CREATE SCHEMA a; SELECT set_config('search_path', 'a', false);");

    run(List.of(), elsewhere, new Migration(2, "V2__goods.sql", CREATE.sql()));

    assertThat(server.sql(database, "SELECT to_regclass('public.goods') IS NOT NULL"))
        .containsExactly("t");
  }

  @Test
  void olderPoolerLetsFunctionsInAndNobodyElse() throws IOException {
    run(List.of("seller", "clerk"), CREATE);

    assertThat(as("seller", "SELECT current_user")).isEqualTo("seller\n");
    assertThat(server.throughPooler("seller", "wrong", database, "SELECT 1").output())
        .contains("SASL authentication failed");
    assertThat(server.throughPooler("postgres", "superuser's", database, "SELECT 1").exitCode())
        .isNotZero();
    assertThat(server.throughPooler("seller", "password of seller", "postgres", "SELECT 1"))
        .extracting(PostgresServer.Result::exitCode)
        .isNotEqualTo(0);

    run(List.of("clerk"), CREATE);

    assertThat(server.throughPooler("seller", "password of seller", database, "SELECT 1").output())
        .contains("FATAL");
    assertThat(as("clerk", "SELECT count(*) FROM goods")).isEqualTo("0\n");
  }

  @Test
  void formerPasswordIsValidForAWhile() throws IOException {
    runAs(List.of(SqlRole.of("waiter", access(1, "1h"))), CREATE);

    runAs(List.of(SqlRole.of("waiter", access(2, "1h"))), CREATE);

    assertThat(as("waiter", "SELECT count(*) FROM goods")).isEqualTo("0\n");
    assertThat(as("waiter_2", "SELECT count(*) FROM goods")).isEqualTo("0\n");
    assertThat(left("waiter")).isBetween(3_000L, 3_600L);
    assertThat(left("waiter_2")).isEqualTo(-1);
  }

  @Test
  void formerPasswordIsNotValidForLongerBecauseTheJobRunsAgain() throws IOException {
    runAs(List.of(SqlRole.of("baker", access(1, "1h"))), CREATE);
    runAs(List.of(SqlRole.of("baker", access(2, "1h"))), CREATE);
    var before = until("baker");

    runAs(List.of(SqlRole.of("baker", access(2, "1h"))), CREATE, ALTER);

    assertThat(until("baker")).isEqualTo(before);
  }

  @Test
  void formerPasswordIsRefusedWhenItsTimeIsOver() throws Exception {
    runAs(List.of(SqlRole.of("smith", access(1, "1s"))), CREATE);
    runAs(List.of(SqlRole.of("smith", access(2, "1s"))), CREATE);
    Thread.sleep(1_500);

    assertThat(as("smith", "SELECT 1")).contains("FATAL").doesNotContain("1\n");
    assertThat(as("smith_2", "SELECT 1")).isEqualTo("1\n");

    runAs(List.of(SqlRole.of("smith", access(2, "1s"))), CREATE);

    assertThat(server.sql(database, "SELECT rolcanlogin FROM pg_roles WHERE rolname = 'smith'"))
        .containsExactly("f");
  }

  @Test
  void thirdPasswordIsOfTheFirstRoleAgain() throws IOException {
    for (var version = 1; version <= 3; version++) {
      runAs(List.of(SqlRole.of("miller", access(version, "1h"))), CREATE);
    }

    assertThat(as("miller", "SELECT 1")).isEqualTo("1\n");
    assertThat(left("miller")).isEqualTo(-1);
    assertThat(left("miller_2")).isPositive();
  }

  @Test
  void roleWhoseTimeIsOverIsRefused() throws IOException {
    var over =
        new DatabaseAccess(
            database,
            Grant.WRITE,
            1,
            false,
            1,
            Duration.ofDays(1),
            Optional.of("2020-01-31T22:59:59Z"),
            RoleSettings.NONE);

    runAs(List.of(SqlRole.of("guest", over)), CREATE);

    assertThat(as("guest", "SELECT 1")).contains("FATAL").doesNotContain("1\n");

    runAs(List.of(new SqlRole("guest", database)), CREATE);

    assertThat(as("guest", "SELECT 1")).isEqualTo("1\n");
  }

  @Test
  void functionThatReadsChangesNothing() throws IOException {
    var auditor = new SqlRole("auditor", database, Grant.READ);

    runAs(List.of(auditor, new SqlRole("seller", database)), CREATE);

    assertThat(as("seller", "INSERT INTO goods VALUES (1, 'skis')")).isEmpty();
    assertThat(as("auditor", "SELECT name FROM goods")).isEqualTo("skis\n");
    assertThat(as("auditor", "UPDATE goods SET name = 'sledge'"))
        .contains("permission denied for table goods");
  }

  @Test
  void functionThatMayOnlyReadFromNowOnLosesTheRest() throws IOException {
    runAs(List.of(new SqlRole("porter", database)), CREATE);

    runAs(List.of(new SqlRole("porter", database, Grant.READ)), CREATE);

    assertThat(as("porter", "SELECT count(*) FROM goods")).isEqualTo("0\n");
    assertThat(as("porter", "INSERT INTO goods VALUES (1, 'skis')"))
        .contains("permission denied for table goods");
  }

  @Test
  void tablesOfADeclaredSchemaServeTheFunction() throws IOException {
    var create = new Migration(1, "V1__sales.sql", "CREATE TABLE sales.bills (id int);");

    runWith("{migrations: any, schemas: [sales]}", "[]", sellers(), create);

    assertThat(as("seller", "SELECT count(*) FROM sales.bills")).isEqualTo("0\n");
    assertThat(as("seller", "SELECT count(*) FROM bills")).isEqualTo("0\n");
    assertThat(as("seller", "CREATE TABLE sales.mine (id int)")).contains("permission denied");
  }

  @Test
  void schemaThatLeavesTheListIsKeptAndClosed() throws IOException {
    var create = new Migration(1, "V1__sales.sql", "CREATE TABLE sales.bills (id int);");
    runWith("{migrations: any, schemas: [sales, public]}", "[]", sellers(), create);

    runWith("{migrations: any, schemas: [public]}", "[]", sellers(), create);

    assertThat(as("seller", "SELECT count(*) FROM sales.bills"))
        .contains("permission denied for schema sales");
    assertThat(server.sql(database, "SELECT count(*) FROM sales.bills")).containsExactly("0");
  }

  @Test
  void byteOrderMarkAtTheStartIsNoPartOfTheFile() throws IOException {
    var marked = new Migration(1, "V1__goods.sql", "\ufeff" + CREATE.sql());

    assertThat(run(List.of(), marked).exitCode()).isZero();
    assertThat(applied()).containsExactly("1|V1__goods.sql");
  }

  @Test
  void fileMayCopyItsOwnData() throws IOException {
    var copy =
        new Migration(
            2,
            "V2__data.sql",
            "COPY goods FROM stdin;\n1\tskis; it's $$\n2\t\\N\n\\.\nDELETE FROM goods WHERE id = 2;");

    assertThat(run(List.of(), CREATE, copy).exitCode()).isZero();
    assertThat(server.sql(database, "SELECT * FROM public.goods"))
        .containsExactly("1|skis; it's $$");
  }

  @Test
  void versionMayBeATimeInATableFromBefore() throws IOException {
    run(List.of(), CREATE);
    server.sql(database, "ALTER TABLE nordfaas.schema_migrations ALTER version TYPE integer");
    var late = new Migration(20240131120000L, "V20240131120000__price.sql", ALTER.sql());

    assertThat(run(List.of(), CREATE, late).exitCode()).isZero();
    assertThat(applied())
        .containsExactly("1|V1__goods.sql", "20240131120000|V20240131120000__price.sql");
  }

  @Test
  void concurrentIndexIsCreatedOutsideATransactionAndBelongsToTheOwner() throws IOException {
    var result = run(List.of(), CREATE, index("goods"));

    assertThat(result.exitCode()).as(result.output()).isZero();
    assertThat(
            server.sql(
                database,
                "SELECT indisvalid, pg_get_userbyid(relowner) FROM pg_index JOIN pg_class c ON c.oid = indexrelid WHERE relname = 'by_name'"))
        .containsExactly("t|%s_owner".formatted(database));
    assertThat(applied()).containsExactly("1|V1__goods.sql", "2|V2__index.sql");
    assertThat(run(List.of(), CREATE, index("goods")).output()).doesNotContain("applying");
  }

  @Test
  void concurrentIndexThatFailsIsMadeAgainByTheNextRun() throws IOException {
    run(List.of(), CREATE);
    server.sql(database, "INSERT INTO public.goods VALUES (1, 'skis'), (2, 'skis')");

    var failed = run(List.of(), CREATE, index("public.\"goods\""));

    assertThat(failed.exitCode()).isNotZero();
    assertThat(failed.output()).contains("could not create unique index \"by_name\"");
    assertThat(isValid("by_name")).containsExactly("f");
    assertThat(applied()).containsExactly("1|V1__goods.sql");

    server.sql(database, "DELETE FROM public.goods WHERE id = 2");
    var second = run(List.of(), CREATE, index("public.\"goods\""));

    assertThat(second.exitCode()).as(second.output()).isZero();
    assertThat(isValid("by_name")).containsExactly("t");
    assertThat(applied()).containsExactly("1|V1__goods.sql", "2|V2__index.sql");
  }

  /** The run ended between the statement and its record. */
  @Test
  void concurrentIndexThatIsThereIsOnlyRecorded() throws IOException {
    run(List.of(), CREATE, index("goods"));
    server.sql(database, "DELETE FROM nordfaas.schema_migrations WHERE version = 2");

    assertThat(run(List.of(), CREATE, index("goods")).exitCode()).isZero();
    assertThat(applied()).containsExactly("1|V1__goods.sql", "2|V2__index.sql");
  }

  @Test
  void concurrentIndexIsDroppedOutsideATransaction() throws IOException {
    var drop = new Migration(3, "V3__drop.sql", "DROP INDEX CONCURRENTLY IF EXISTS by_name;");

    assertThat(run(List.of(), CREATE, index("goods"), drop).exitCode()).isZero();
    assertThat(isValid("by_name")).isEmpty();
  }

  private static Migration index(String table) {
    return new Migration(
        2,
        "V2__index.sql",
        "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS by_name ON %s (name);".formatted(table));
  }

  private List<String> isValid(String index) {
    return server.sql(
        database,
        "SELECT indisvalid FROM pg_index JOIN pg_class c ON c.oid = indexrelid WHERE relname = '%s'"
            .formatted(index));
  }

  @Test
  void migrationCannotBecomeTheAdministrator() throws IOException {
    var result = runAs(List.of(), new Migration(1, "V1__up.sql", "RESET ROLE; SET ROLE postgres;"));

    assertThat(result.exitCode()).isNotZero();
    assertThat(result.output()).contains("permission denied to set role \"postgres\"");
  }

  @Test
  void dropsOnlyTheDatabaseThatItIsTold() throws IOException {
    var old = database;
    runAs(List.of(), CREATE);
    chooseDatabase();

    runAs(List.of(), CREATE);

    assertThat(databases()).contains(old, database);

    runWith("{migrations: any}", "[" + old + "]", List.of(), CREATE);

    assertThat(databases()).contains(database).doesNotContain(old);
    assertThat(
            server.sql(
                database,
                "SELECT rolname FROM pg_roles WHERE rolname LIKE '%s\\_%%'".formatted(old)))
        .isEmpty();
  }

  @Test
  void doesNotDropADatabaseOfAnotherOwner() throws IOException {
    server.sql("postgres", "CREATE DATABASE foreign_one");

    var result = runWith("{migrations: any}", "[foreign_one]", List.of(), CREATE);

    assertThat(result.exitCode()).isZero();
    assertThat(databases()).contains("foreign_one");
  }

  private List<SqlRole> sellers() {
    return List.of(new SqlRole("seller", database));
  }

  private List<String> databases() {
    return server.sql("postgres", "SELECT datname FROM pg_database");
  }

  private DatabaseAccess access(int passwordVersion, String overlap) {
    return new DatabaseAccess(
        database,
        Grant.WRITE,
        1,
        false,
        passwordVersion,
        Duration.parse("PT" + overlap),
        Optional.empty(),
        RoleSettings.NONE);
  }

  /** The seconds that a role may still log in for; -1: for ever. */
  private long left(String role) {
    return Long.parseLong(
        server
            .sql(
                database,
                "SELECT CASE WHEN isfinite(u) THEN extract(epoch FROM u - now())::int ELSE -1 END FROM (SELECT coalesce(rolvaliduntil, 'infinity') u FROM pg_roles WHERE rolname = '%s') r"
                    .formatted(role))
            .get(0));
  }

  private List<String> until(String role) {
    return server.sql(
        database, "SELECT rolvaliduntil FROM pg_roles WHERE rolname = '%s'".formatted(role));
  }

  private String as(String user, String query) {
    return server.throughPooler(user, "password of " + user, database, query).output();
  }

  private List<String> applied() {
    return server.sql(database, "SELECT version, file FROM nordfaas.schema_migrations ORDER BY 1");
  }

  /** Roles with their verifiers, grants, and when each migration was applied. */
  private List<String> state() {
    return server.sql(
        database,
        """
        SELECT a::text FROM pg_authid a
        UNION ALL SELECT m::text FROM pg_auth_members m
        UNION ALL SELECT c::text FROM pg_class c WHERE relacl IS NOT NULL
        UNION ALL SELECT d::text FROM pg_default_acl d
        UNION ALL SELECT t::text FROM nordfaas.schema_migrations t
        ORDER BY 1
        """);
  }

  private PostgresServer.Result run(List<String> functions, Migration... migrations)
      throws IOException {
    return runAs(functions.stream().map(name -> new SqlRole(name, database)).toList(), migrations);
  }

  private PostgresServer.Result runAs(List<SqlRole> roles, Migration... migrations)
      throws IOException {
    return runWith("{migrations: any}", "[]", roles, migrations);
  }

  /** Roles first, then migrations if that went well, as the Jobs do it. */
  private PostgresServer.Result runWith(
      String settings, String dropped, List<SqlRole> roles, Migration... migrations)
      throws IOException {
    var config =
        PatchedConfig.of(
                "oslo",
                "{set: {nordfaas:postgres.databases: {%s: %s}, nordfaas:postgres.dropDatabases: %s}, remove: [nordfaas:postgres.backup, nordfaas:postgres.exporterImage]}"
                    .formatted(database, settings, dropped))
            .postgres();
    var passwords = new TreeMap<>(Map.of("PASSWORD_PGBOUNCER", "password of pgbouncer"));
    roles.forEach(
        role -> passwords.put(SqlRole.passwordVariable(role.name()), "password of " + role.name()));
    var migrator = SqlRole.migrator(database);
    passwords.put(SqlRole.passwordVariable(migrator), "password of " + migrator);
    var made = server.script(write("roles", RolesJob.files(config, roles), "roles.sh"), passwords);
    if (made.exitCode() != 0) {
      return made;
    }
    var steps = MigrationsJob.files(Map.of(database, List.of(migrations)));
    var login =
        Map.of(
            "DATABASE",
            database,
            "PGDATABASE",
            database + PgBouncerIni.MIGRATIONS_SUFFIX,
            "PGPASSWORD",
            "password of " + migrator,
            "PGUSER",
            migrator);
    var applied = server.scriptThroughPooler(write("migrations", steps, "migrations.sh"), login);
    return new PostgresServer.Result(applied.exitCode(), made.output() + applied.output());
  }

  private Path write(String name, Map<String, String> files, String script) throws IOException {
    var target = Files.createDirectories(folder.resolve(name));
    for (var file : files.entrySet()) {
      Files.writeString(target.resolve(file.getKey()), file.getValue());
    }
    return target.resolve(script);
  }
}
