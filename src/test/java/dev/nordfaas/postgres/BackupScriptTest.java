package dev.nordfaas.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.config.PostgresConfig;
import dev.nordfaas.config.check.PatchedConfig;
import dev.nordfaas.testing.LateDoor;
import dev.nordfaas.testing.Ports;
import dev.nordfaas.testing.PostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The script of the backup Jobs, with a real server and a stand-in of pgBackRest. */
@Timeout(120)
class BackupScriptTest {
  private static final PostgresConfig CONFIG =
      PatchedConfig.of(
              "oslo",
              "set: {nordfaas:postgres.databases: {shop: {}}, nordfaas:postgres.dropDatabases: []}")
          .postgres();

  /**
   * Connects as its first act, and what it says where it is refused was seen with pgBackRest 2.45
   * on K3s v1.34.4+k3s1. The code of another failure is that of a repository that cannot be
   * written.
   */
  private static final String PGBACKREST =
      """
      #!/bin/sh
      case " $* " in *' backup '*) ;; *) exit 0 ;; esac
      if ! psql --no-psqlrc --username=backup --dbname=postgres --command='SELECT 1' >/dev/null 2>&1; then
        echo 'ERROR: [056]: unable to find primary cluster - cannot proceed' >&2
        exit 56
      fi
      exit "${PGBACKREST_CODE:-0}"
      """;

  private static final String NO_RESPONSE =
      "127.0.0.1:%1$d - no response; a new pod is let through after up to two seconds";

  @TempDir static Path serverFolder;
  @TempDir static Path folder;
  private static PostgresServer server;

  @BeforeAll
  static void startServer() throws IOException {
    server = PostgresServer.start(serverFolder, PostgresConf.pgHba(CONFIG));
    var roles = Files.createDirectories(folder.resolve("roles"));
    write(roles, RolesJob.files(CONFIG, List.of()));
    write(folder, BackupManifests.files(CONFIG.backup().orElseThrow()));
    var bin = Files.createDirectories(folder.resolve("bin"));
    Files.writeString(bin.resolve("pgbackrest"), PGBACKREST).toFile().setExecutable(true);
    runRoles();
  }

  @AfterAll
  static void stopServer() {
    server.stop();
  }

  @BeforeEach
  void neverBackedUp() {
    server.sql(
        "postgres",
        "UPDATE nordfaas.backups SET started_at = NULL, succeeded_at = NULL, failed_at = NULL");
  }

  @Test
  void backupOfANewPodThatIsRefusedAtFirstSucceeds() throws IOException {
    try (var door = LateDoor.to(server.port(), Duration.ofMillis(1800))) {
      var result = backup(door.port(), "full", Map.of());

      assertThat(result.output())
          .matches(
              "waiting for the database, [0-2] of 240 s: %s\n"
                  .formatted(NO_RESPONSE.formatted(door.port())));
      assertThat(result.exitCode()).isZero();
    }
    assertThat(recorded("full")).isEqualTo("started succeeded");
  }

  @Test
  void firstBackupOfANewPodThatIsRefusedAtFirstSucceeds() throws IOException {
    try (var door = LateDoor.to(server.port(), Duration.ofMillis(1800))) {
      assertThat(backup(door.port(), "prepare", Map.of()).exitCode()).isZero();
    }
    assertThat(recorded("full")).isEqualTo("started succeeded");
  }

  @Test
  void failsWithTheReasonWhereTheDatabaseStaysAway() {
    var nobody = Ports.free();
    var result = backup(nobody, "diff", Map.of("WAIT_SECONDS", "3"));

    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.output().lines())
        .hasSize(3)
        .contains("the diff backup was not started")
        .anyMatch(
            line ->
                line.matches(
                    "the server at 127\\.0\\.0\\.1 accepts no connections, after \\d s: 127\\.0\\.0\\.1:%d - no response"
                        .formatted(nobody)));
  }

  @Test
  void failureIsInTheDatabaseAndTheCodeIsThatOfPgBackRest() {
    var result = backup(server.port(), "diff", Map.of("PGBACKREST_CODE", "41"));

    assertThat(result.exitCode()).isEqualTo(41);
    assertThat(result.output()).isEqualTo("the diff backup failed with code 41\n");
    assertThat(recorded("diff")).isEqualTo("started failed");
  }

  @Test
  void nothingIsOverdueAfterAFullBackup() {
    assertThat(backup(server.port(), "full", Map.of()).exitCode()).isZero();

    assertThat(overdue()).containsExactly("diff 0", "full 0");
  }

  @Test
  void bothAreOverdueWhereThereNeverWasABackup() {
    assertThat(overdue()).noneMatch(line -> line.endsWith(" 0")).hasSize(2);
  }

  /** Each day one of the two, and a full one each Sunday. */
  @Test
  void backupThatDoesNotStartIsOverdueAnHourAndAQuarterAfterItsTime() {
    backup(server.port(), "full", Map.of());

    age("25 hours 14 minutes");
    assertThat(overdue()).containsExactly("diff 0", "full 0");
    age("2 minutes");
    assertThat(overdue()).containsExactly("diff 60", "full 0");
    age("6 days");
    assertThat(overdue().get(1)).isEqualTo("full 60");
  }

  @Test
  void backupThatOnlyStartsIsOverdueSixHoursLater() {
    backup(server.port(), "full", Map.of());

    age("25 hours 16 minutes");
    backup(server.port(), "diff", Map.of("PGBACKREST_CODE", "41"));
    assertThat(overdue()).containsExactly("diff 0", "full 0");
    age("6 hours");
    assertThat(overdue()).containsExactly("diff 60", "full 0");
  }

  @Test
  void backupThatCannotReachTheDatabaseStaysOverdueAndOneThatCanDoesNot() {
    backup(server.port(), "full", Map.of());
    age("2 days");

    backup(Ports.free(), "diff", Map.of("WAIT_SECONDS", "0"));
    assertThat(overdue().get(0)).isNotEqualTo("diff 0");

    backup(server.port(), "diff", Map.of());
    assertThat(overdue()).containsExactly("diff 0", "full 0");
  }

  @Test
  void rolesScriptRunAgainWritesNothing() {
    backup(server.port(), "full", Map.of());
    var before = server.sql("postgres", "SELECT xmin, b FROM nordfaas.backups b ORDER BY type");

    runRoles();

    assertThat(server.sql("postgres", "SELECT xmin, b FROM nordfaas.backups b ORDER BY type"))
        .isEqualTo(before);
  }

  private static PostgresServer.Result backup(int port, String argument, Map<String, String> more) {
    var environment = new TreeMap<>(more);
    environment.put("PATH", folder.resolve("bin") + ":" + System.getenv("PATH"));
    return server.scriptAs(
        Postgres.BACKUP_ROLE,
        "password of backup",
        port,
        environment,
        folder.resolve(BackupManifests.BACKUP_SCRIPT).toString(),
        argument);
  }

  private static void runRoles() {
    var result =
        server.script(
            folder.resolve("roles/roles.sh"),
            Map.of(
                "PASSWORD_PGBOUNCER", "password of pgbouncer",
                "PASSWORD_BACKUP", "password of backup",
                "PASSWORD_METRICS", "password of metrics"));
    assertThat(result.exitCode()).as(result.output()).isZero();
  }

  /** Makes everything so much older. */
  private static void age(String by) {
    server.sql(
        "postgres",
        "UPDATE nordfaas.backups SET started_at = started_at - interval '%1$s', succeeded_at = succeeded_at - interval '%1$s', failed_at = failed_at - interval '%1$s'"
            .formatted(by));
  }

  private static String recorded(String type) {
    return server
        .sql(
            "postgres",
            "SELECT concat_ws(' ', CASE WHEN started_at > now() - interval '1 minute' THEN 'started' END, CASE WHEN succeeded_at >= started_at THEN 'succeeded' END, CASE WHEN failed_at >= started_at THEN 'failed' END) FROM nordfaas.backups WHERE type = '%s'"
                .formatted(type))
        .get(0);
  }

  /** What the exporter's question is answered, in minutes and in seconds of full ones. */
  private static List<String> overdue() {
    var queries = PostgresExporter.queries(CONFIG).orElseThrow();
    var query = queries.substring(queries.indexOf("query: |") + 8, queries.indexOf("  master:"));
    return server.sql(
        "postgres",
        "SELECT type || ' ' || (overdue_seconds / 60)::int * 60 FROM (%s) backups ORDER BY 1"
            .formatted(query));
  }

  private static void write(Path target, Map<String, String> files) throws IOException {
    for (var file : files.entrySet()) {
      Files.writeString(target.resolve(file.getKey()), file.getValue());
    }
  }
}
