package dev.nordfaas.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.config.FunctionConfig.DatabaseAccess;
import dev.nordfaas.config.PostgresConfig.DatabaseConfig;
import dev.nordfaas.manifest.Scripts;
import dev.nordfaas.testing.PostgresConfigs;
import dev.nordfaas.testing.PostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
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

  @TempDir static Path serverFolder;
  private static PostgresServer server;
  private static int databases;

  @TempDir Path folder;
  private String database;

  @BeforeAll
  static void startServer() {
    server = PostgresServer.start(serverFolder, PostgresConf.pgHba());
    server.startPooler(
        PgBouncerIni.of(PostgresConfigs.pooler(0, Optional.empty()), List.of()),
        PgBouncerIni.userlist("password of pgbouncer"));
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
            "ERROR:  V1__goods.sql has been changed since it was applied: undo that, and make a new file of it");
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
    assertThat(server.sql(database, "SELECT to_regclass('half') IS NULL")).containsExactly("t");
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
        new DatabaseAccess(database, 1, 1, Duration.ofDays(1), Optional.of("2020-01-31T22:59:59Z"));

    runAs(List.of(SqlRole.of("guest", over)), CREATE);

    assertThat(as("guest", "SELECT 1")).contains("FATAL").doesNotContain("1\n");

    runAs(List.of(new SqlRole("guest", database)), CREATE);

    assertThat(as("guest", "SELECT 1")).isEqualTo("1\n");
  }

  private DatabaseAccess access(int passwordVersion, String overlap) {
    return new DatabaseAccess(
        database, 1, passwordVersion, Duration.parse("PT" + overlap), Optional.empty());
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
    var files =
        RolesSql.files(
            Map.of(database, new DatabaseConfig(List.of(), Optional.empty())),
            roles,
            Map.of(database, List.of(migrations)),
            List.of());
    var script = folder.resolve("roles.sh");
    Files.writeString(script, Scripts.read(RolesSql.class, "roles.sh"));
    for (var file : files.entrySet()) {
      Files.writeString(folder.resolve(file.getKey()), file.getValue());
    }
    var passwords = new TreeMap<>(Map.of("PASSWORD_PGBOUNCER", "password of pgbouncer"));
    roles.forEach(
        role -> passwords.put(SqlRole.passwordVariable(role.name()), "password of " + role.name()));
    return server.script(script, passwords);
  }
}
