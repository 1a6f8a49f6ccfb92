package dev.nordfaas.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Backups of the three instances in the lab's store: the archive of the log, base backups, and a
 * cluster restored from both.
 */
@ThreeVpses
@Order(4)
class ClusterBackupIT {
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final String NAMESPACE = "--namespace=postgres";
  private static final Path DOCUMENT = Path.of("docs/postgres-backup.md");

  private final String test = "backup-" + UUID.randomUUID().toString().substring(0, 8);

  @Test
  void aFinishedSegmentOfTheLogArrivesInTheStore() {
    assertArchived(finishSegment());

    assertThat(isArchiving()).isTrue();
  }

  @Test
  void upHasMadeTheFirstBackup() {
    assertThat(
            Lab.eventually(
                PATIENCE,
                () -> backups().stream().filter(ClusterBackupIT::isFull).toList(),
                found -> found.stream().anyMatch(ClusterBackupIT::isCompleted)))
        .as("%s", backups())
        .anyMatch(ClusterBackupIT::isCompleted);
  }

  @Test
  void aBackupIsTakenIntoTheStore() {
    var backup = takeBackup();

    var folder = inStore("base").resolve(backup.at("/status/backupId").stringValue());
    assertThat(folder.resolve("backup.info")).isNotEmptyFile();
    assertThat(folder.resolve("data.tar.gz")).isNotEmptyFile();
  }

  /** As its document says, from the document itself. */
  @Test
  @Tag("lab3-faults")
  void aClusterRestoredToASecondHasWhatWasThereThen() throws IOException {
    takeBackup();
    var before = test + "-before";
    Lab.sql("create table if not exists public.restored (id text primary key)");
    Lab.sql("insert into public.restored values ('" + before + "')");
    var time = Lab.sql("select clock_timestamp()").get(0);
    Lab.sql("select pg_sleep(2)");
    Lab.sql("insert into public.restored values ('" + test + "-after')");
    assertArchived(finishSegment());

    try {
      run(block("time=").replaceFirst("time='[^']*'", "time='" + time + "'"));

      assertThat(restored("select id from public.restored where id like '" + test + "-%'"))
          .containsExactly(before);
    } finally {
      run(block("kubectl --namespace postgres delete cluster/restored"));
    }
  }

  /** What is committed meanwhile is archived later, and nobody has to wait for it. */
  @Test
  @Tag("lab3-faults")
  void withoutItsStoreTheDatabaseGoesOnAndArchivesLater() {
    Lab.run("lab/store", "off").ok();
    String segment;
    try {
      segment = finishSegment();
      assertThat(
              Lab.eventually(
                  PATIENCE,
                  () -> isArchiving() ? "archiving" : "not archiving",
                  "not archiving"::equals))
          .isEqualTo("not archiving");
      assertThat(Lab.postOrder(test).status()).isEqualTo(202);
      assertThat(Lab.eventually(() -> Lab.orders(test), rows -> !rows.isEmpty()))
          .containsExactly(test);
    } finally {
      Lab.run("lab/store", "on").ok();
    }
    assertArchived(segment);
    assertThat(Lab.eventually(PATIENCE, ClusterBackupIT::isArchiving, it -> it)).isTrue();
  }

  /** Ends the current segment of the log, and gives its name. */
  private static String finishSegment() {
    return Lab.sql(
            "select pg_walfile_name(pg_switch_wal()) from pg_logical_emit_message(false, 'lab', '')")
        .get(0);
  }

  private static void assertArchived(String segment) {
    var file = inStore("wals").resolve(segment.substring(0, 16)).resolve(segment + ".gz");
    assertThat(Lab.eventually(PATIENCE, () -> Files.exists(file), it -> it))
        .as("%s; the archiver: %s", file, Lab.trySql("select * from pg_stat_archiver").output())
        .isTrue();
  }

  /** A folder of the cluster in the bucket, as Barman Cloud names it. */
  private static Path inStore(String folder) {
    return Lab.bucket().resolve("postgres/postgres").resolve(folder);
  }

  private static boolean isArchiving() {
    return Lab.kubectl(
            NAMESPACE,
            "get",
            "cluster/postgres",
            "--output=jsonpath={.status.conditions[?(@.type==\"ContinuousArchiving\")].status}")
        .equals("True");
  }

  /** Makes a backup as a {@code ScheduledBackup} does. */
  private JsonNode takeBackup() {
    Lab.apply(
        """
        apiVersion: postgresql.cnpg.io/v1
        kind: Backup
        metadata: {name: %s, namespace: postgres}
        spec: {cluster: {name: postgres}, method: barmanObjectStore}
        """
            .formatted(test));
    var backup =
        Lab.eventually(
            PATIENCE,
            this::backup,
            it -> isCompleted(it) || it.at("/status/phase").stringValue("").equals("failed"));
    assertThat(isCompleted(backup)).as("%s", backup.get("status")).isTrue();
    return backup;
  }

  private JsonNode backup() {
    return new JsonMapper()
        .readTree(
            Lab.kubectl(NAMESPACE, "get", "backup.postgresql.cnpg.io/" + test, "--output=json"));
  }

  private static List<JsonNode> backups() {
    return Lab.objects("backups.postgresql.cnpg.io", NAMESPACE);
  }

  private static boolean isFull(JsonNode backup) {
    return backup.at("/metadata/name").stringValue().startsWith("postgres-backup-full-");
  }

  private static boolean isCompleted(JsonNode backup) {
    return backup.at("/status/phase").stringValue("").equals("completed");
  }

  /** The commands of the document that begin so, up to the next text. */
  private static String block(String begin) throws IOException {
    var lines = Files.readAllLines(DOCUMENT);
    var from =
        lines.indexOf(
            lines.stream()
                .filter(line -> line.startsWith("    " + begin))
                .findFirst()
                .orElseThrow());
    return lines.subList(from, lines.size()).stream()
        .takeWhile(line -> line.startsWith("    "))
        .map(line -> line.substring(4))
        .collect(Collectors.joining("\n", "", "\n"));
  }

  private static void run(String commands) {
    System.out.println(
        Lab.run("bash", "-euc", "kubectl() { lab/shell kubectl \"$@\"; }\n" + commands).ok());
  }

  private static List<String> restored(String query) {
    return Lab.kubectl(
            NAMESPACE,
            "exec",
            "restored-1",
            "--container=postgres",
            "--",
            "psql",
            "-XAtq",
            "--dbname=orders",
            "--command=" + query)
        .lines()
        .toList();
  }
}
