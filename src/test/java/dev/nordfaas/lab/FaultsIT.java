package dev.nordfaas.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.lab.OrderLoad.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/**
 * One fault each, under a steady load of orders and calls. Every 202 ends as one row, no order is
 * two rows, clients that retry once are not without an answer for longer than the stated time, and
 * everything is back without hands.
 */
@ThreeVpses
@Order(2)
class FaultsIT {
  /** Orders and calls per second: as many of each. */
  private static final int RATE = Integer.getInteger("faults.rate", 20);

  private static final Duration BEFORE = Duration.ofSeconds(3);
  private static final Duration AFTER = Duration.ofSeconds(Integer.getInteger("faults.after", 12));

  /** ackWait, within which a killed worker's messages are given out again, and some. */
  private static final Duration UNTIL_PROCESSED = Duration.ofSeconds(100);

  private static final Duration UNTIL_WHOLE = Duration.ofSeconds(150);
  private static final Path RESULTS = Path.of("target/faults.tsv");

  private static String known;
  private final String test = "fault-" + UUID.randomUUID().toString().substring(0, 8);

  @BeforeAll
  static void anOrderToRead() throws IOException {
    known = "fault-known-" + UUID.randomUUID().toString().substring(0, 8);
    assertThat(Lab.postOrder(known).status()).isEqualTo(202);
    assertThat(Lab.eventually(() -> Lab.orders(known), rows -> !rows.isEmpty())).hasSize(1);
    Files.deleteIfExists(RESULTS);
  }

  @AfterEach
  void heal() {
    Lab.run("lab/network", "heal").ok();
    for (var node : List.of("lab-1", "lab-2", "lab-3")) {
      Lab.run("lab/power", "thaw", node).ok();
      Lab.run("lab/power", "on", node).ok();
    }
  }

  /** All processes of a container end at once, as with kill -9: in the first pod by its name. */
  @ParameterizedTest
  @CsvSource({
    "edge, app.kubernetes.io/name=edge, caddy, 5",
    "openfaas, app.kubernetes.io/name=gateway, gateway, 5",
    "openfaas, app.kubernetes.io/name=gateway, faas-netes, 5",
    "openfaas-fn, app.kubernetes.io/name=intake, intake, 5",
    "nats, app.kubernetes.io/name=nats, nats, 10",
    "openfaas-fn, app.kubernetes.io/name=order-processor-worker, order-processor-worker, 5",
    "openfaas-fn, app.kubernetes.io/name=order-processor, order-processor, 5",
    "postgres, app.kubernetes.io/name=pgbouncer, pgbouncer, 10",
    "kube-system, k8s-app=kube-dns, coredns, 10",
  })
  void aKilledContainer(String namespace, String selector, String container, int limit)
      throws IOException {
    var pod =
        Lab.objects("pods", "--namespace=" + namespace, "--selector=" + selector).stream()
            .filter(it -> it.at("/status/phase").stringValue().equals("Running"))
            .min(Comparator.comparing(it -> it.at("/metadata/name").stringValue()))
            .orElseThrow();

    survives(container + " killed", limit, () -> killContainer(pod, container));
  }

  /** What a node itself runs; everything of that name on the node. */
  @ParameterizedTest
  @CsvSource({
    "lab-2, kubelet, 5",
    "lab-2, containerd, 5",
    "lab-3, etcd, 10",
    "lab-1, kube-apiserver, 10",
  })
  void aKilledProcessOfANode(String node, String process, int limit) throws IOException {
    survives(
        process + " on " + node + " killed",
        limit,
        () ->
            Lab.inVpsOf(
                    node, "pkill", "-9", "-x", process.substring(0, Math.min(15, process.length())))
                .ok());
  }

  @ParameterizedTest
  @CsvSource({"5%, loss", "50ms, delay"})
  void aBadNetworkBetweenAllNodes(String value, String kind) throws IOException {
    survives(
        kind + " of " + value + " between all nodes",
        15,
        () -> {
          Lab.run("lab/network", kind, "all", "all", value).ok();
          pause(Duration.ofSeconds(8));
          Lab.run("lab/network", "heal").ok();
        });
  }

  /** A node without the database, whose single instance is not moved. */
  @ParameterizedTest
  @CsvSource({"switched off, 20", "frozen, 20", "cut off, 20"})
  void aLostNode(String how, int limit) throws IOException {
    var database = nodeOf("postgres", "app.kubernetes.io/name=postgres");
    var node =
        Stream.of("lab-3", "lab-2", "lab-1")
            .filter(it -> !it.equals(database))
            .findFirst()
            .orElseThrow();
    survives(
        "node " + how,
        limit,
        () -> {
          switch (how) {
            case "switched off" -> Lab.run("lab/power", "off", node).ok();
            case "frozen" -> Lab.run("lab/power", "freeze", node).ok();
            default -> Lab.run("lab/network", "isolate", node, "--and-outside").ok();
          }
          pause(Duration.ofSeconds(15));
          Lab.run("lab/network", "heal").ok();
          Lab.run("lab/power", "thaw", node).ok();
          Lab.run("lab/power", "on", node).ok();
        });
  }

  private interface Fault {
    void happen() throws IOException;
  }

  private void survives(String what, int limit, Fault fault) throws IOException {
    List<Outcome> outcomes;
    try (var load = OrderLoad.start("10.77.0.10", RATE, RATE, test, known)) {
      pause(BEFORE);
      fault.happen();
      pause(AFTER);
      outcomes = load.stop();
    }
    var accepted =
        outcomes.stream()
            .filter(outcome -> outcome.kind().equals("order") && outcome.last().equals("202"))
            .map(Outcome::id)
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(accepted).as("accepted orders").hasSizeGreaterThan(RATE);
    var began = System.nanoTime();
    var rows =
        Lab.eventually(UNTIL_PROCESSED, () -> Lab.orders(test), it -> it.containsAll(accepted));
    var processed = (System.nanoTime() - began) / 1_000_000_000;
    var pending = Lab.eventually(UNTIL_WHOLE, FaultsIT::notReady, List::isEmpty);
    var orders = gap(outcomes, "order");
    var calls = gap(outcomes, "call");
    record(what, outcomes, orders, calls, processed);

    assertThat(rows).as("202, and no row").containsAll(accepted);
    assertThat(Lab.sql("select count(*) - count(distinct order_id) from orders"))
        .as("rows of an order that is there already")
        .containsExactly("0");
    assertThat(pending).as("pods that are not ready").isEmpty();
    assertThat(orders).as("longest time without an accepted order").isLessThan(limit * 1000L);
    assertThat(calls).as("longest time without an answered call").isLessThan(limit * 1000L);
  }

  /** The longest time, in milliseconds, in which no request succeeded. */
  private static long gap(List<Outcome> outcomes, String kind) {
    var answered =
        outcomes.stream()
            .filter(outcome -> outcome.kind().equals(kind) && outcome.succeeded())
            .map(Outcome::answered)
            .sorted()
            .toList();
    var end = outcomes.stream().mapToLong(Outcome::sent).max().orElse(0);
    var times = new ArrayList<>(List.of(0L));
    times.addAll(answered);
    times.add(Math.max(end, times.get(times.size() - 1)));
    var longest = 0L;
    for (var i = 1; i < times.size(); i++) {
      longest = Math.max(longest, times.get(i) - times.get(i - 1));
    }
    return longest;
  }

  private static void record(
      String what, List<Outcome> outcomes, long orders, long calls, long processed)
      throws IOException {
    var failed = outcomes.stream().filter(outcome -> !outcome.succeeded()).count();
    var retried = outcomes.stream().filter(it -> it.succeeded() && !it.succeededAtOnce()).count();
    Files.writeString(
        RESULTS,
        "%s\t%d\t%d\t%d\t%.1f\t%.1f\t%d\n"
            .formatted(
                what, outcomes.size(), retried, failed, orders / 1000.0, calls / 1000.0, processed),
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
    outcomes.stream()
        .filter(outcome -> !outcome.succeededAtOnce())
        .collect(
            Collectors.groupingBy(
                it -> it.kind() + ": " + it.first() + ", then " + it.last(), Collectors.counting()))
        .forEach((how, times) -> System.out.printf("%s: %d × %s%n", what, times, how));
  }

  /** Pods that should run and do not, and nodes that are not ready. */
  private static List<String> notReady() {
    var all = new ArrayList<String>();
    for (var pod : Lab.objects("pods", "--all-namespaces")) {
      var ofJob = pod.at("/metadata/ownerReferences/0/kind").stringValue("").equals("Job");
      if (!ofJob && !isReady(pod)) {
        all.add(pod.at("/metadata/name").stringValue());
      }
    }
    for (var node : Lab.objects("nodes")) {
      if (!isReady(node)) {
        all.add(node.at("/metadata/name").stringValue());
      }
    }
    return all;
  }

  private static boolean isReady(JsonNode object) {
    for (var condition : object.at("/status/conditions")) {
      if (condition.get("type").stringValue().equals("Ready")) {
        return condition.get("status").stringValue().equals("True");
      }
    }
    return false;
  }

  private static String nodeOf(String namespace, String selector) {
    return Lab.objects("pods", "--namespace=" + namespace, "--selector=" + selector)
        .get(0)
        .at("/spec/nodeName")
        .stringValue();
  }

  /** Kills all processes of a container where it runs. */
  private static void killContainer(JsonNode pod, String container) {
    var id = "";
    for (var status : pod.at("/status/containerStatuses")) {
      if (status.get("name").stringValue().equals(container)) {
        id = status.get("containerID").stringValue().replaceFirst("^.*//", "");
      }
    }
    assertThat(id).as("container %s of %s", container, pod.at("/metadata/name")).isNotEmpty();
    Lab.inVpsOf(
            pod.at("/spec/nodeName").stringValue(),
            "sh",
            "-c",
            "find /sys/fs/cgroup -path '*%s*' -name cgroup.procs -exec cat {} + | sort -u | xargs kill -9"
                .formatted(id))
        .ok();
  }

  private static void pause(Duration duration) {
    try {
      TimeUnit.MILLISECONDS.sleep(duration.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
