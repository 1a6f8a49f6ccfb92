package dev.nordfaas.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Backups of PostgreSQL, and the way back. It comes late: what others wrote may be gone after. */
@EndToEnd
@Order(Integer.MAX_VALUE - 10)
class RestoreIT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final String id = UUID.randomUUID().toString();

  @Test
  void upHasMadeAFullBackup() {
    assertThat(Lab.sql("SELECT 1 FROM pg_stat_archiver WHERE archived_count > 0"))
        .containsExactly("1");
    assertThat(inPostgres("pgbackrest", "--stanza=postgres", "info"))
        .contains("status: ok", "cipher: aes-256-cbc", "full backup: ");
  }

  @Test
  void rowsBeforeTheChosenTimeAreThereAndLaterOnesAreNot() throws Exception {
    storeOrder("before-" + id);
    var time = Lab.sql("SELECT clock_timestamp()").get(0);
    assertThat(Lab.sql("SELECT pg_sleep(1)")).isNotNull();
    storeOrder("after-" + id);

    var output = Lab.run("tools/restore-postgres", "--yes", "lab", "--to", time).ok();

    assertThat(output)
        .contains("PostgreSQL is running with all databases restored as they were at ");
    assertThat(rows("before-" + id)).containsExactly("1");
    assertThat(rows("after-" + id)).containsExactly("0");
    storeOrder("later-" + id);
    try (var project = Lab.openProject()) {
      assertThat(Lab.changes(project.up())).isEmpty();
    }
    assertThat(backup("differential")).isEqualTo("Complete");
  }

  @Test
  @Tag("lab-faults")
  void timeBeforeTheFirstBackupChangesNothing() {
    storeOrder("kept-" + id);

    var result = Lab.run("tools/restore-postgres", "--yes", "lab", "--to", "2020-01-01 00:00+00");

    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.output())
        .contains("unable to find backup set with stop time less than")
        .contains("the restore failed before it changed anything");
    assertThat(
            Lab.eventually(
                PATIENCE, () -> rowsOrNone("kept-" + id), rows -> rows.equals(List.of("1"))))
        .containsExactly("1");
  }

  @Test
  @Tag("lab-faults")
  void failedBackupIsAFailedJobAndInTheDatabase() {
    var repository =
        Lab.inVps("sh", "-c", "ls -d /var/lib/rancher/k3s/storage/*_postgres_postgres-backup")
            .strip();
    Lab.inVps("chmod", "-R", "a-w", repository + "/backup");
    try {
      assertThat(backup("full")).isEqualTo("Failed");
    } finally {
      Lab.inVps("chmod", "-R", "u+w", repository + "/backup");
    }
    assertThat(status("failed_at > coalesce(succeeded_at, '-infinity')")).containsExactly("t");
    assertThat(lastFull("failure")).isGreaterThan(lastFull("success"));

    assertThat(backup("full")).isEqualTo("Complete");
    assertThat(status("succeeded_at > failed_at")).containsExactly("t");
    assertThat(lastFull("success")).isGreaterThan(lastFull("failure"));
  }

  /** Its pod is refused at first, as every new pod is. */
  @Test
  void scheduledBackupWaitsUntilItsPodIsLetThrough() {
    var job = start("differential");

    assertThat(end(job)).isEqualTo("Complete");
    assertThat(Lab.kubectl("--namespace=postgres", "logs", "job/" + job))
        .containsPattern("waiting for the database, [0-9] of 240 s: postgres:5432 - no response");
  }

  @Test
  @Tag("lab-faults")
  void backupThatCannotReachTheDatabaseIsOverdueInTheMetrics() {
    var failed = status("failed_at");
    var policy = "networkpolicy/postgres-backup";
    var egress =
        Lab.kubectl("--namespace=postgres", "get", policy, "--output=jsonpath={.spec.egress}");
    patch(policy, "[]");
    try {
      // As if its time had come and gone.
      inPostgres(
          "psql",
          "--username=postgres",
          "--command=UPDATE nordfaas.backups SET started_at = started_at - succeeds_within,"
              + " succeeded_at = succeeded_at - succeeds_within");

      assertThat(end(start("full", "WAIT_SECONDS=5"))).isEqualTo("Failed");

      assertThat(status("failed_at")).isEqualTo(failed);
      assertThat(Exporters.postgres().sum("nordfaas_backup_overdue_seconds", "type=\"full\""))
          .isPositive();
    } finally {
      patch(policy, egress);
    }
    assertThat(backup("full")).isEqualTo("Complete");
    assertThat(Exporters.postgres().values("nordfaas_backup_overdue_seconds"))
        .containsExactly(0.0, 0.0);
  }

  private static void patch(String policy, String egress) {
    Lab.kubectl(
        "--namespace=postgres",
        "patch",
        policy,
        "--type=json",
        "--patch=[{\"op\": \"replace\", \"path\": \"/spec/egress\", \"value\": %s}]"
            .formatted(egress));
  }

  /** What Prometheus reads of when a full backup last ended so. */
  private static double lastFull(String end) {
    return Exporters.postgres()
        .sum("nordfaas_backup_last_%s_timestamp_seconds".formatted(end), "type=\"full\"");
  }

  /** Makes a backup as the CronJob would, and says how its Job ended. */
  private static String backup(String type) {
    return end(start(type));
  }

  /**
   * Starts a Job as the CronJob would, but for variables, and gives its name. Where kubectl has no
   * variable to set, it prints nothing: hence the one that nobody reads.
   */
  private static String start(String type, String... variables) {
    var job = "test-" + UUID.randomUUID();
    Lab.inVps(
        "sh",
        "-euc",
        """
        kubectl --namespace=postgres create job "$1" --from="cronjob/postgres-backup-$2" --dry-run=client --output=yaml |
          kubectl set env --local --filename=- --output=yaml LAB_TEST=yes $3 | kubectl create --filename=-
        """,
        "sh",
        job,
        type,
        String.join(" ", variables));
    return job;
  }

  private static String end(String job) {
    return Lab.eventually(
        PATIENCE,
        () ->
            Lab.kubectl(
                    "--namespace=postgres",
                    "get",
                    "job",
                    job,
                    "--output=jsonpath={.status.conditions[?(@.status==\"True\")].type}")
                .replaceAll("(SuccessCriteriaMet|FailureTarget) ?", "")
                .strip(),
        ended -> !ended.isEmpty());
  }

  private static List<String> status(String condition) {
    return inPostgres(
            "psql",
            "--username=postgres",
            "--no-align",
            "--tuples-only",
            "--command=SELECT " + condition + " FROM nordfaas.backups WHERE type = 'full'")
        .lines()
        .toList();
  }

  private static String inPostgres(String... command) {
    var arguments =
        new java.util.ArrayList<>(
            List.of("--namespace=postgres", "exec", "postgres-0", "--container=postgres", "--"));
    arguments.addAll(List.of(command));
    return Lab.kubectl(arguments.toArray(String[]::new));
  }

  private static void storeOrder(String order) {
    assertThat(Lab.postOrder(order).status()).isEqualTo(202);
    assertThat(Lab.eventually(PATIENCE, () -> rowsOrNone(order), rows -> rows.equals(List.of("1"))))
        .containsExactly("1");
  }

  private static List<String> rowsOrNone(String order) {
    try {
      return rows(order);
    } catch (AssertionError e) {
      return List.of(); // PostgreSQL does not run yet
    }
  }

  private static List<String> rows(String order) {
    return Lab.sql("SELECT count(*) FROM orders WHERE order_id = '%s'".formatted(order));
  }
}
