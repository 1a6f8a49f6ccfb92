package dev.nordfaas.lab;

import static org.assertj.core.api.Assertions.assertThat;

import com.pulumi.automation.AutomationException;
import dev.nordfaas.engine.EngineProject;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * Three instances of PostgreSQL under CloudNativePG: what a client behind PgBouncer that connects
 * anew for each row notices when they change places, and that no row is missing that it was told is
 * stored.
 */
@ThreeVpses
@Order(3)
class HighAvailabilityIT {
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  /**
   * The longest that there is no commit while a server that is gone is replaced by another. On a
   * busy machine most of it is Barman Cloud, which the new one asks for the log first.
   */
  private static final Duration FAILOVER = Duration.ofSeconds(90);

  /** The same if the server is told to make way. */
  private static final Duration SWITCHOVER = Duration.ofSeconds(60);

  /** The same if its node is gone: first Kubernetes has to count it as lost. */
  private static final Duration LOST_NODE = Duration.ofSeconds(120);

  private static final String READY = "3 Cluster in healthy state";
  private static final String NAMESPACE = "--namespace=postgres";
  private static final String CLUSTER = "clusters.postgresql.cnpg.io/postgres";

  private static SqlClient client;

  @BeforeAll
  static void createTable() {
    client = SqlClient.ofAFunction("order-processor");
    sql(primary(), "CREATE TABLE IF NOT EXISTS public.commits (id text PRIMARY KEY)");
    sql(primary(), "GRANT INSERT, SELECT ON public.commits TO orders_writer");
  }

  @AfterAll
  static void close() {
    client.close();
  }

  @BeforeEach
  void waitUntilThreeInstancesAreReady() {
    waitUntilReady();
  }

  @Test
  void rolesAndTablesAreThereBehindPgBouncer() {
    assertThat(client.query("SELECT current_user || count(*)::text FROM orders").ok())
        .startsWith("order_processor");
    assertThat(client.run("psql -XAtqc 'show server_version'").ok()).isNotBlank();
  }

  @Test
  void aCommitWaitsUntilItIsOnTwoInstances() {
    assertThat(sql(primary(), "SHOW synchronous_standby_names").get(0)).startsWith("ANY 1 (");
    var states = List.of("quorum", "quorum");
    assertThat(
            Lab.eventually(
                PATIENCE,
                () -> sql(primary(), "SELECT sync_state FROM pg_stat_replication"),
                states::equals))
        .isEqualTo(states);
    var receivers = standbys().stream().map(Receiver::of).toList();
    receivers.forEach(it -> it.signal("STOP"));
    CompletableFuture<Lab.Result> commit;
    try {
      commit = insertLater("on-two");
      assertThat(commit.completeOnTimeout(null, 5, TimeUnit.SECONDS).join()).isNull();
    } finally {
      receivers.get(0).signal("CONT");
    }
    try {
      Lab.eventually(PATIENCE, () -> rows("on-two"), List.of("1")::equals);
    } finally {
      receivers.get(1).signal("CONT");
    }
    assertThat(rows("on-two")).containsExactly("1");
  }

  @Test
  @Tag("lab3-faults")
  void aPrimaryWhosePodIsGoneIsReplacedAndNoCommitIsLost() throws Exception {
    var before = primary();

    var outage =
        whileWriting(
            "deleted",
            () -> Lab.kubectl(NAMESPACE, "delete", "pod", before, "--grace-period=0", "--force"));

    assertThat(primary()).isNotEqualTo(before);
    assertThat(outage).isLessThan(FAILOVER);
  }

  @Test
  @Tag("lab3-faults")
  void aKilledServerLosesNoCommit() throws Exception {
    var postmaster =
        sql(primary(), "SELECT split_part(pg_read_file('postmaster.pid'), E'\\n', 1)").get(0);
    var pod = primary();

    var outage = whileWriting("killed", () -> inPod(pod, "sh", "-c", "kill -9 " + postmaster));

    assertThat(outage).isLessThan(FAILOVER);
  }

  @Test
  void aSwitchoverLosesNoCommit() throws Exception {
    var next = standbys().get(0);

    var outage = whileWriting("switched", () -> promote(next));

    assertThat(primary()).isEqualTo(next);
    assertThat(outage).isLessThan(SWITCHOVER);
  }

  /** Neither the node from which the lab looks in, nor the one with the client. */
  @Test
  @Tag("lab3-faults")
  void aPrimaryWhoseNodeIsSwitchedOffIsReplacedAndNoCommitIsLost() throws Exception {
    var node =
        Stream.of("lab-2", "lab-3")
            .filter(it -> !it.equals(client.node()))
            .findFirst()
            .orElseThrow();
    var there = podOn(node);
    if (!primary().equals(there)) {
      promote(there);
      assertThat(Lab.eventually(PATIENCE, HighAvailabilityIT::primary, there::equals))
          .isEqualTo(there);
      waitUntilReady();
    }

    Duration outage;
    try {
      outage =
          whileWriting(
              "lost",
              () -> {
                Lab.run("lab/power", "off", node).ok();
                Lab.eventually(PATIENCE, HighAvailabilityIT::primary, it -> !it.equals(there));
                assertThat(primary()).isNotEqualTo(there);
                Lab.run("lab/power", "on", node).ok();
              });
    } finally {
      Lab.run("lab/power", "on", node).ok();
    }

    assertThat(outage).isLessThan(LOST_NODE);
  }

  private static String podOn(String node) {
    return instances().stream()
        .filter(pod -> pod.at("/spec/nodeName").stringValue("").equals(node))
        .map(pod -> pod.at("/metadata/name").stringValue())
        .findFirst()
        .orElseThrow();
  }

  /** More memory: each instance gets another pod, the standbys first. */
  @Test
  @Tag("lab3-faults")
  void anUpWithOtherResourcesRollsTheInstancesOneByOne() throws Exception {
    try (var project = Lab.openProject()) {
      var before = pods();
      project.set("postgres.resources.requests.memory", "1216Mi");
      project.set("postgres.resources.limits.memory", "1216Mi");

      var outage = whileWriting("rolled", () -> up(project));

      assertThat(pods()).doesNotContainAnyElementsOf(before).hasSize(3);
      assertThat(outage).isLessThan(SWITCHOVER);
    } finally {
      Lab.applyOriginal();
    }
  }

  private static void up(EngineProject project) {
    try {
      project.up();
    } catch (AutomationException e) {
      throw new AssertionError(e);
    }
    waitUntilReady();
  }

  /**
   * Writes rows until the deed is done and three instances are ready again; all that were
   * acknowledged are there then.
   *
   * @return the longest time without a commit
   */
  private static Duration whileWriting(String name, Runnable deed) throws IOException {
    var writer = CompletableFuture.supplyAsync(() -> client.run(WRITER.formatted(name)));
    Lab.eventually(PATIENCE, () -> written(name), count -> count > 5);
    deed.run();
    var after = written(name);
    waitUntilReady();
    Lab.eventually(PATIENCE, () -> written(name), count -> count > after + 20);
    client.run("touch /tmp/stop-" + name);
    var acknowledged = writer.join().ok().lines().map(Acknowledged::parse).toList();

    assertThat(sql(primary(), "SELECT id FROM public.commits WHERE id LIKE '" + name + "-%'"))
        .containsAll(acknowledged.stream().map(Acknowledged::id).toList());
    var longest = Duration.ZERO;
    for (var i = 1; i < acknowledged.size(); i++) {
      var gap = acknowledged.get(i).at().minus(acknowledged.get(i - 1).at());
      longest = longest.compareTo(gap) < 0 ? gap : longest;
    }
    System.out.printf(
        "%s: %d commits, none for %d ms%n", name, acknowledged.size(), longest.toMillis());
    return longest;
  }

  /** Prints the time and the id of each row that is committed. */
  private static final String WRITER =
      """
      i=0
      while [ ! -e /tmp/stop-%1$s ]; do
        i=$((i + 1))
        ! timeout 10 psql -Xqc "INSERT INTO public.commits VALUES ('%1$s-$i')" >/dev/null 2>&1 || echo "$(date +%%s%%3N) %1$s-$i"
      done
      """;

  private record Acknowledged(Duration at, String id) {
    static Acknowledged parse(String line) {
      var parts = line.split(" ");
      return new Acknowledged(Duration.ofMillis(Long.parseLong(parts[0])), parts[1]);
    }
  }

  private static long written(String name) {
    try {
      return Long.parseLong(
          sql(primary(), "SELECT count(*) FROM public.commits WHERE id LIKE '" + name + "-%'")
              .get(0));
    } catch (AssertionError | IndexOutOfBoundsException e) {
      return 0; // no primary at the moment
    }
  }

  private static List<String> rows(String id) {
    return sql(primary(), "SELECT count(*) FROM public.commits WHERE id = '" + id + "'");
  }

  private static CompletableFuture<Lab.Result> insertLater(String id) {
    return CompletableFuture.supplyAsync(
        () -> client.query("INSERT INTO public.commits VALUES ($$%s$$)".formatted(id)));
  }

  /** The process of a standby that receives the log, and confirms it to the primary. */
  private record Receiver(String pod, String pid) {
    static Receiver of(String pod) {
      return new Receiver(pod, sql(pod, "SELECT pid FROM pg_stat_wal_receiver").get(0));
    }

    void signal(String signal) {
      inPod(pod, "sh", "-c", "kill -%s %s".formatted(signal, pid));
    }
  }

  /** What {@code kubectl cnpg promote} does (source: internal/cmd/plugin/promote, v1.30.0). */
  static void promote(String pod) {
    Lab.kubectl(
        NAMESPACE,
        "patch",
        CLUSTER,
        "--subresource=status",
        "--type=merge",
        "--patch={\"status\": {\"targetPrimary\": \"%s\", \"phase\": \"Switchover in progress\"}}"
            .formatted(pod));
  }

  private static void waitUntilReady() {
    assertThat(Lab.eventually(PATIENCE, HighAvailabilityIT::state, READY::equals))
        .as("%s", instances())
        .isEqualTo(READY);
  }

  private static String state() {
    return Lab.kubectl(
        NAMESPACE, "get", CLUSTER, "--output=jsonpath={.status.readyInstances} {.status.phase}");
  }

  private static String primary() {
    return Lab.kubectl(NAMESPACE, "get", CLUSTER, "--output=jsonpath={.status.currentPrimary}");
  }

  private static List<String> standbys() {
    var primary = primary();
    return instances().stream()
        .map(pod -> pod.at("/metadata/name").stringValue())
        .filter(name -> !name.equals(primary))
        .toList();
  }

  /** The ids of the instances' pods. */
  private static List<String> pods() {
    return instances().stream().map(pod -> pod.at("/metadata/uid").stringValue()).toList();
  }

  private static List<JsonNode> instances() {
    var pods =
        new ArrayList<>(Lab.objects("pods", NAMESPACE, "--selector=cnpg.io/podRole=instance"));
    pods.sort(Comparator.comparing(pod -> pod.at("/metadata/name").stringValue()));
    return pods;
  }

  private static List<String> sql(String pod, String query) {
    return inPod(pod, "psql", "-XAtq", "--dbname=orders", "--command=" + query).lines().toList();
  }

  private static String inPod(String pod, String... command) {
    var arguments = new ArrayList<>(List.of(NAMESPACE, "exec", pod, "--container=postgres", "--"));
    arguments.addAll(List.of(command));
    return Lab.kubectl(arguments.toArray(String[]::new));
  }
}
