package dev.nordfaas.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.config.ByteSize;
import dev.nordfaas.config.FunctionConfig.Grant;
import dev.nordfaas.config.PostgresConfig;
import dev.nordfaas.config.RoleSettings;
import dev.nordfaas.config.RoleSettings.Isolation;
import dev.nordfaas.config.check.PatchedConfig;
import dev.nordfaas.testing.PostgresServer;
import dev.nordfaas.testing.StartupPacket;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What a function's session starts with, from a client's packet, the pooler and the role, with a
 * real server and a real pooler in transaction mode.
 */
@Timeout(120)
class RoleSettingsTest {
  private static final String DATABASE = "shop";

  /** Longer than PgBouncer takes to read its files, and to close a connection. */
  private static final int TRIES = 100;

  @TempDir static Path serverFolder;
  private static PostgresServer server;

  @TempDir Path folder;

  @BeforeAll
  static void startServer() {
    var config = config("[public]");
    server = PostgresServer.start(serverFolder, PostgresConf.pgHba(config));
    server.startPooler(
        ini(config, List.of()), PgBouncerIni.userlist("password of pgbouncer", Optional.empty()));
  }

  @AfterAll
  static void stopServer() {
    server.stop();
  }

  @Test
  void tablesAreFoundInTheOrderOfTheSchemas() throws IOException {
    roles(config("[stock, sales]"), role("seller"));
    for (var schema : List.of("public", "sales", "stock")) {
      server.sql(
          DATABASE,
          "SET ROLE shop_owner; CREATE TABLE %1$s.place AS SELECT '%1$s' AS name"
              .formatted(schema));
    }
    server.sql(DATABASE, "SET ROLE shop_owner; CREATE TABLE public.hidden (id int)");

    assertThat(as("seller", "SHOW search_path")).isEqualTo("stock, sales, extensions\n");
    assertThat(as("seller", "SELECT name FROM place")).isEqualTo("stock\n");
    assertThat(as("seller", "SELECT * FROM hidden")).contains("relation \"hidden\" does not exist");
  }

  /** CVE-2018-1058: nobody finds what another function could have put in front of it. */
  @Test
  void functionsCreateNothingWhereOthersLook() throws IOException {
    roles(config("[public, sales]"), role("mallory"));

    for (var schema : List.of("public", "sales", "pg_temp")) {
      assertThat(
              as(
                  "mallory",
                  "CREATE FUNCTION %s.lower(text) RETURNS text LANGUAGE sql RETURN ''"
                      .formatted(schema)))
          .as(schema)
          .contains("ERROR:  permission denied");
    }
  }

  @Test
  void settingsOfTheRoleHoldInEachTransaction() throws IOException {
    roles(
        config("[public]"),
        role(
            "clerk",
            new RoleSettings(
                Optional.of(Duration.ofMillis(250)),
                Optional.of(Duration.ofMillis(100)),
                Optional.of(Duration.ofSeconds(10)),
                Optional.of(ByteSize.parse("16Mi")),
                Optional.of(Isolation.REPEATABLE_READ))));

    assertThat(as("clerk", "SHOW statement_timeout")).isEqualTo("250ms\n");
    assertThat(as("clerk", "SHOW lock_timeout")).isEqualTo("100ms\n");
    assertThat(as("clerk", "SHOW idle_in_transaction_session_timeout")).isEqualTo("10s\n");
    assertThat(as("clerk", "SHOW work_mem")).isEqualTo("16MB\n");
    assertThat(as("clerk", "SHOW transaction_isolation")).isEqualTo("repeatable read\n");
    assertThat(as("clerk", "SELECT pg_sleep(5)"))
        .contains("canceling statement due to statement timeout");
  }

  @Test
  void settingsThatAreNotInTheConfigAreRemoved() throws IOException {
    roles(config("[public]"), role("baker", timeout(Duration.ofSeconds(7))));
    server.sql("postgres", "ALTER ROLE baker SET lock_timeout = '3s'");
    server.sql("postgres", "ALTER ROLE baker IN DATABASE postgres SET jit = on");

    roles(config("[public]"), role("baker"));

    assertThat(
            server.sql(
                "postgres",
                "SELECT datname, setconfig FROM pg_db_role_setting LEFT JOIN pg_database d ON d.oid = setdatabase JOIN pg_roles r ON r.oid = setrole WHERE rolname = 'baker'"))
        .containsExactly("shop|{\"search_path=public, extensions\"}");
  }

  @Test
  void formerRoleHasTheSameSettings() throws IOException {
    var former = new SqlRole.Former("smith", Duration.ofHours(1));
    roles(config("[public]"), role("smith"));

    roles(
        config("[sales]"),
        new SqlRole(
            "smith_2",
            DATABASE,
            Grant.WRITE,
            Optional.empty(),
            Optional.of(former),
            timeout(Duration.ofSeconds(7))));

    for (var name : List.of("smith", "smith_2")) {
      assertThat(direct(name, "SHOW statement_timeout")).as(name).isEqualTo("7s\n");
      assertThat(direct(name, "SHOW search_path")).as(name).isEqualTo("sales, extensions\n");
    }
  }

  /** Connections that the pooler has already are from before. */
  @Test
  void changeReachesTheConnectionsOfThePooler() throws Exception {
    var before = role("miller");
    roles(config("[public]"), before);
    server.reloadPooler(ini(config("[public]"), List.of(before)));
    assertThat(as("miller", "SHOW search_path")).isEqualTo("public, extensions\n");

    roles(config("[sales]"), before);
    assertThat(as("miller", "SHOW search_path"))
        .as("without a change of the pooler's files")
        .isEqualTo("public, extensions\n");
    server.reloadPooler(ini(config("[sales]"), List.of(before)));

    var found = "";
    for (var tries = 0; tries < TRIES && !found.startsWith("sales"); tries++) {
      Thread.sleep(50);
      found = as("miller", "SHOW search_path");
    }
    assertThat(found).isEqualTo("sales, extensions\n");
  }

  @Test
  void poolerEndsWhatTakesTooLong() throws Exception {
    roles(config("[public]"), role("cooper"));
    var usual = ini(config("[public]"), List.of());
    assertThat(as("cooper", "SELECT pg_sleep(2)")).isEqualTo("\n");

    server.reloadPooler(usual.replace("query_timeout = 0", "query_timeout = 1"));
    Thread.sleep(500);
    var ended = as("cooper", "SELECT pg_sleep(5)");
    server.reloadPooler(usual);
    Thread.sleep(500);

    assertThat(ended).contains("FATAL:  query timeout");
    assertThat(as("cooper", "SELECT 1")).isEqualTo("1\n");
  }

  @ParameterizedTest
  @CsvSource({
    "PGTZ, Asia/Tokyo, timezone, Asia/Tokyo",
    "PGDATESTYLE, German, datestyle, 'German, DMY'",
    "PGCLIENTENCODING, LATIN1, client_encoding, LATIN1",
    "PGAPPNAME, till, application_name, till",
  })
  void poolerKeepsForEachClient(String variable, String value, String setting, String shown)
      throws IOException {
    roles(config("[public]"), role("tailor"));

    assertThat(
            server
                .throughPooler(
                    "tailor",
                    "password of tailor",
                    DATABASE,
                    "SHOW " + setting,
                    Map.of(variable, value))
                .output())
        .isEqualTo(shown + "\n");
    assertThat(as("tailor", "SHOW " + setting)).isNotEqualTo(shown + "\n");
  }

  @ParameterizedTest
  @CsvSource({
    "client_encoding, UTF8, ''",
    "DateStyle, ISO, ''",
    "TimeZone, UTC, ''",
    "standard_conforming_strings, on, ''",
    "application_name, till, ''",
    "extra_float_digits, 2, ''",
    "options, -c search_path=sales, unsupported startup parameter: options",
    "search_path, sales, unsupported startup parameter: search_path",
    "statement_timeout, 5s, unsupported startup parameter: statement_timeout",
    "lock_timeout, 5s, unsupported startup parameter: lock_timeout",
    "work_mem, 64MB, unsupported startup parameter: work_mem",
    "geqo, off, unsupported startup parameter: geqo",
    "IntervalStyle, iso_8601, unsupported startup parameter: IntervalStyle",
  })
  void clientMaySendNothingThatWouldBeDropped(String name, String value, String answer)
      throws IOException {
    roles(config("[public]"), role("weaver"));
    as("weaver", "SELECT 1"); // waits until the pooler listens

    assertThat(
            StartupPacket.answer(
                server.poolerPort(), Map.of("user", "weaver", "database", DATABASE, name, value)))
        .isEqualTo(answer);
  }

  /** Why it may be ignored: numbers are exact without it. */
  @Test
  void floatsAreExactWithoutExtraDigits() throws IOException {
    roles(config("[public]"), role("potter"));

    assertThat(as("potter", "SELECT 0.1::float8 + 0.2::float8"))
        .isEqualTo(Double.toString(0.1 + 0.2) + "\n");
  }

  private static RoleSettings timeout(Duration duration) {
    return new RoleSettings(
        Optional.of(duration),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private static SqlRole role(String name) {
    return new SqlRole(name, DATABASE);
  }

  private static SqlRole role(String name, RoleSettings settings) {
    return new SqlRole(name, DATABASE, Grant.WRITE, Optional.empty(), Optional.empty(), settings);
  }

  private static String as(String user, String query) {
    return server.throughPooler(user, "password of " + user, DATABASE, query).output();
  }

  private static String direct(String user, String query) {
    return server.directly(user, "password of " + user, DATABASE, query).output();
  }

  private static String ini(PostgresConfig config, List<SqlRole> roles) {
    return PgBouncerIni.of(config, ConnectionBudget.of(config, roles), roles);
  }

  /** The Job for roles. */
  private void roles(PostgresConfig config, SqlRole role) throws IOException {
    var target = Files.createDirectories(folder.resolve("roles"));
    for (var file : RolesJob.files(config, List.of(role)).entrySet()) {
      Files.writeString(target.resolve(file.getKey()), file.getValue());
    }
    var passwords = new TreeMap<String, String>();
    for (var name : List.of(Postgres.POOLER_ROLE, role.name())) {
      passwords.put(SqlRole.passwordVariable(name), "password of " + name);
    }
    var result = server.script(target.resolve("roles.sh"), passwords);
    assertThat(result.exitCode()).as(result.output()).isZero();
  }

  private static PostgresConfig config(String schemas) {
    return PatchedConfig.of(
            "oslo",
            """
            set:
              nordfaas:postgres.databases: {%s: {schemas: %s}}
              nordfaas:postgres.dropDatabases: []
              nordfaas:postgres.pooler.image: 'pgbouncer:1.18.0'
              nordfaas:postgres.pooler.maxPreparedStatements: 0
            remove: [nordfaas:postgres.backup, nordfaas:postgres.exporterImage]
            """
                .formatted(DATABASE, schemas))
        .postgres();
  }
}
