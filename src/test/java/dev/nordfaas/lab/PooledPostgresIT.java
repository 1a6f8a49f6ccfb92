package dev.nordfaas.lab;

import static org.assertj.core.api.Assertions.assertThat;

import com.pulumi.automation.AutomationException;
import dev.nordfaas.engine.EngineProject;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** PostgreSQL behind PgBouncer: who gets in, and what a client notices when something breaks. */
@EndToEnd
class PooledPostgresIT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final String NO_ANSWER = "(timeout expired|Connection refused|No route to host)";
  private static SqlClient client;
  private static EngineProject project;

  @BeforeAll
  static void open() throws IOException, AutomationException {
    client = SqlClient.ofAFunction();
    project = Lab.openProject();
  }

  @AfterAll
  static void undo() throws IOException, AutomationException {
    client.close();
    project.close();
    Lab.applyOriginal();
  }

  private static void set(String key, String value) throws AutomationException {
    project.set(key, value);
  }

  /** {@code make bench} does it with 10000. */
  @Test
  @Tag("lab-faults")
  void manyClientsAreServedOverTheConnectionsOfOnePool() {
    assertThat(Lab.run("bench/pooler", "--clients", "500", "--seconds", "10", "--rounds", "1").ok())
        .contains("| 500 clients | ")
        .contains("No transaction failed, none was lost");
  }

  @Test
  void aWrongPasswordIsRefusedAndTheRightOneIsNot() {
    assertThat(client.run("PGPASSWORD=wrong psql -XAtqc 'select 1'").output())
        .contains("FATAL:  SASL authentication failed");
    assertThat(client.query("select 1").ok()).isEqualTo("1\n");
  }

  @Test
  void aRoleWhoseTimeIsOverIsRefusedUntilItHasMore() {
    Lab.sql("ALTER ROLE order_status VALID UNTIL '2020-01-01'");
    try {
      var refused = client.query("select 1");

      assertThat(refused.exitCode()).isEqualTo(2);
      assertThat(refused.output()).contains("FATAL");
    } finally {
      Lab.sql("ALTER ROLE order_status VALID UNTIL 'infinity'");
    }
    assertThat(client.query("select 1").ok()).isEqualTo("1\n");
  }

  @Test
  void aPodThatIsNoDeclaredFunctionGetsNoAnswerFromPgBouncer() {
    try (var stranger = SqlClient.ofAStranger()) {
      assertThat(stranger.query("select 1").output()).containsPattern(NO_ANSWER);
    }
  }

  @Test
  void aFunctionGetsNoAnswerFromPostgresItself() {
    assertThat(
            client
                .run(
                    "PGHOST=postgres.postgres.svc.cluster.local PGPORT=5432 psql -XAtqc 'select 1'")
                .output())
        .containsPattern(NO_ANSWER);
  }

  @Test
  void aFunctionDoesNotGetIntoThePoolForMigrations() {
    assertThat(client.run("PGDATABASE=orders_migrations psql -XAtqc 'create table mine (id int)'"))
        .satisfies(result -> assertThat(result.exitCode()).isNotZero())
        .satisfies(result -> assertThat(result.output()).contains("permission denied"));
  }

  @Test
  @Tag("lab-faults")
  void functionsAnswerAgainByThemselvesAfterPgBouncerWasKilled() {
    functionsAnswerAgainAfterAKill("pgbouncer");
  }

  @Test
  @Tag("lab-faults")
  void functionsAnswerAgainByThemselvesAfterPostgresWasKilled() {
    functionsAnswerAgainAfterAKill("postgres");
  }

  /** An answer that is not there yet is an error, and no restart of the function mends it. */
  private static void functionsAnswerAgainAfterAKill(String name) {
    var order = "kill-" + UUID.randomUUID();
    storeOrder(order);
    var before = Workloads.read();

    Lab.kubectl(
        "--namespace=postgres",
        "delete",
        "pods",
        "--selector=app.kubernetes.io/name=" + name,
        "--grace-period=0",
        "--force");

    assertThat(Lab.eventually(PATIENCE, () -> status(order), code -> code == 200)).isEqualTo(200);
    assertThat(before.changedUntil(Workloads.read())).doesNotContain("openfaas-fn/order-status");
    assertThat(rows(order)).containsExactly("1");
  }

  @Test
  @Tag("lab-faults")
  void aClientThatReconnectsOnceGetsThroughARollOfTwoPgBouncers() throws Exception {
    set("postgres.pooler.replicas", "2");
    set("postgres.pooler.defaultPoolSize", "5"); // the lab has no memory for twice the connections
    project.up();
    var before = Workloads.read();
    var session =
        CompletableFuture.supplyAsync(
            () ->
                client.run(
                    """
                    end=$(($(date +%s) + 90)) lost=0 refused=0
                    while [ "$(date +%s)" -lt "$end" ]; do
                      psql -XAtqc 'select 1' >/dev/null || { refused=$((refused + 1)); continue; }
                      i=0
                      while [ $i -lt 200 ] && [ "$(date +%s)" -lt "$end" ]; do
                        echo 'select pg_sleep(0.05);' && i=$((i + 1))
                      done | psql -XAtq >/dev/null 2>&1 || lost=$((lost + 1))
                    done
                    echo "refused $refused lost $lost"
                    """));

    set("postgres.pooler.resources.limits.memory", "300Mi");
    project.up();
    var output = session.get().ok();

    assertThat(before.changedUntil(Workloads.read())).containsExactly("postgres/pgbouncer");
    assertThat(output).contains("refused 0 ");
  }

  @Test
  void anotherPasswordUnderLoadFailsNoCall() throws Exception {
    var order = "rotation-" + UUID.randomUUID();
    storeOrder(order);
    try (var load = Load.startReading(50, "/order-status/orders/" + order)) {
      set("functions.order-status.database.passwordVersion", "2");
      project.up();
      Thread.sleep(5_000);

      assertThat(load.stop()).containsOnlyKeys("200");
    }
    assertThat(Lab.sql("select rolvaliduntil > now() from pg_roles where rolname = 'order_status'"))
        .containsExactly("t");
    assertThat(Lab.sql("select rolcanlogin from pg_roles where rolname = 'order_status_2'"))
        .containsExactly("t");
  }

  /**
   * With a file system of its own instead of the volume, which has room for little. Whether the
   * client is told depends on what runs out first: without room for its log the server ends, and
   * says so in its own log alone.
   */
  @Test
  @Tag("lab-faults")
  void aFullVolumeLosesNothingAndWorkGoesOnWhenThereIsRoom() {
    var order = "full-" + UUID.randomUUID();
    storeOrder(order);
    try (var volume = SmallVolume.ofPostgres(64)) {
      var filled = Lab.trySql("CREATE TABLE filler AS SELECT generate_series(1, 20000000)");
      assertThat(filled.exitCode()).isNotZero();
      assertThat(filled.output() + log() + log("--previous")).contains("No space left on device");

      volume.grow(1024);

      assertThat(Lab.eventually(PATIENCE, () -> rows(order), List.of("1")::equals))
          .containsExactly("1");
      var next = "room-" + UUID.randomUUID();
      storeOrder(next);
      assertThat(status(next)).isEqualTo(200);
      assertThat(Lab.sql("SELECT to_regclass('filler') IS NULL")).containsExactly("t");
    }
  }

  /** What the server has written in this life, or in the one before if it had one. */
  private static String log(String... which) {
    var command =
        new ArrayList<>(
            List.of("lab/shell", "kubectl", "--namespace=postgres", "logs", "postgres-0"));
    command.add("--container=postgres");
    command.addAll(List.of(which));
    return Lab.run(command.toArray(String[]::new)).output();
  }

  private static int status(String order) {
    return Lab.edge("/order-status/orders/" + order).status();
  }

  private static List<String> rows(String order) {
    return Lab.trySql("select count(*) from orders where order_id = '" + order + "'")
        .output()
        .lines()
        .toList();
  }

  private static void storeOrder(String order) {
    assertThat(Lab.eventually(PATIENCE, () -> Lab.postOrder(order).status(), code -> code == 202))
        .isEqualTo(202);
    assertThat(Lab.eventually(PATIENCE, () -> rows(order), List.of("1")::equals))
        .containsExactly("1");
  }
}
