package dev.nordfaas.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What docs/runbook.md marks as tested on three VPSes, as it stands there: each test does what a
 * section says, and leaves three whole nodes with the committed config.
 */
@ThreeVpses
@Order(3)
class RunbookIT {
  /** Of the tests that take longer than a minute or two. */
  private static final String LONG = "lab3-faults";

  /** Orders, and calls, a second. */
  private static final int RATE = 5;

  private static final Duration UNTIL_WHOLE = Duration.ofMinutes(6);

  /** ackWait, within which a lost worker's messages are given out again, and five attempts. */
  private static final Duration UNTIL_PROCESSED = Duration.ofMinutes(5);

  /** What docs/runbook.md promises of the edge's address. */
  private static final Duration ADDRESS_MOVES = Duration.ofSeconds(5);

  /** So long the API takes a node that is silent for ready, and some. */
  private static final Duration UNTIL_NOT_READY = Duration.ofSeconds(100);

  @TempDir private static Path folder;
  private static Operator operator;
  private static String known;

  private final String test = "runbook-" + UUID.randomUUID().toString().substring(0, 8);

  @BeforeAll
  static void anOrderToRead() throws IOException {
    becomesWhole();
    known = "known-" + UUID.randomUUID().toString().substring(0, 8);
    assertThat(Lab.postOrder(known).status()).isEqualTo(202);
    assertThat(Lab.eventually(() -> Lab.orders(known), rows -> !rows.isEmpty())).hasSize(1);
    operator = Operator.in(folder);
  }

  @BeforeEach
  void everythingIsThere() {
    becomesWhole();
  }

  @AfterEach
  void switchEverythingOn() throws IOException {
    for (var node : ThreeServers.NAMES) {
      power("on", node);
      Lab.run("lab/shell", "kubectl", "uncordon", node); // of a restart that was not finished
    }
    operator.configure(UnaryOperator.identity());
  }

  @Test
  void inspect() {
    assertThat(operator.does("inspect")).contains(ThreeServers.NAMES).doesNotContain("NotReady");
    assertThat(operator.triesOn("lab-2", "inspect-node").output())
        .contains(" lab-2 ", "'/var/lib/nordfaas/k3s/cordoned': No such file or directory");
  }

  @Test
  void readOnlyTheKubeconfigAgain() {
    assertThat(operator.does("read-the-kubeconfig"))
        .containsPattern("lab3-kubeconfig replaced|lab3-kubeconfig created replacement");
    assertThat(operator.does("inspect")).contains(ThreeServers.NAMES);
  }

  @Test
  @Tag(LONG)
  void theApiIsDownWithTheFirstServer() throws IOException {
    power("off", "lab-1");

    var other = answers(ThreeServers.address("lab-2"));
    assertThat(other.ok()).contains(ThreeServers.NAMES);
    theApiAnswers();
    // Until then, requests to the operator's webhook still go to its pod there, too.
    assertThat(Lab.eventually(UNTIL_NOT_READY, () -> ThreeServers.isReady("lab-1"), it -> !it))
        .as("lab-1 is ready, says the API")
        .isFalse();
    operator.configure(config -> edit(config, "defaultPoolSize: 20\n", "defaultPoolSize: 19\n"));
    assertThat(operator.does("without-the-first-server"))
        .containsPattern("postgres-pooler\\S* updated");

    power("on", "lab-1");
    operator.configure(UnaryOperator.identity());
    operator.does("without-the-first-server");
    becomesWhole();
  }

  @ParameterizedTest
  @ValueSource(strings = {"lab-1", "lab-2", "lab-3"})
  @Tag(LONG)
  void restartANode(String node) throws IOException {
    var takesWrites = ThreeServers.ofThePrimary().equals(Optional.of(node));
    var before = bootId(node);
    Sent sent;
    try (var load = OrderLoad.start(ThreeServers.EDGE, RATE, RATE, test, known)) {
      operator.with("NODE", node).does("restart");
      becomesWhole();
      sent = stop(load);
    }

    assertThat(bootId(node)).isNotEqualTo(before);
    everyAcceptedOrderIsARow(sent);
    assertThat(sent.failedOrders()).as("orders that failed twice").isEmpty();
    if (!takesWrites) {
      assertThat(sent.failedCalls()).as("calls that failed twice").isEmpty();
    }
  }

  @Test
  @Tag(LONG)
  void aServerThatIsNotTheFirst() throws IOException {
    var lost = withoutTheOnlyDatabase("lab-3", "lab-2");
    var steps = operator.with("bergen-2", lost);
    var others = startsOfK3s(lost);
    Sent sent;
    try (var load = OrderLoad.start(ThreeServers.EDGE, RATE, RATE, test, known)) {
      power("off", lost);
      theApiAnswers();
      steps.does("forget-server");
      power("replace", lost);
      steps.does("replace-server");
      forgetClaims(steps, lost);
      becomesWhole();
      sent = stop(load);
    }

    everyAcceptedOrderIsARow(sent);
    assertThat(startsOfK3s(lost)).as("K3s of the others was left alone").isEqualTo(others);
    assertThat(changed(steps.does("replace-server"))).isEmpty();
  }

  @Test
  @Tag(LONG)
  void theFirstServer() throws IOException {
    var first = withoutTheOnlyDatabase("lab-1", "lab-2", "lab-3");
    var next = ThreeServers.NAMES.get(first.equals("lab-1") ? 1 : 0);
    var steps = operator.with("bergen-1", first).with("bergen-2", first);
    if (!first.equals("lab-1")) {
      operator.configure(config -> withFirstServer(config, first));
      steps.does("replace-first-server");
    }
    Sent sent;
    try (var load = OrderLoad.start(ThreeServers.EDGE, RATE, RATE, test, known)) {
      power("off", first);
      theApiAnswers();
      steps.does("forget-first-server");
      power("replace", first);
      var refused = steps.tries("replace-first-server");
      assertThat(refused.exitCode()).as(refused.output()).isNotZero();
      assertThat(refused.output())
          .contains(first + " has no data of a cluster, and https://")
          .contains("runs one already");
      operator.configure(config -> withFirstServer(config, next));
      steps.does("replace-first-server");
      forgetClaims(steps, first);
      becomesWhole();
      sent = stop(load);
    }

    everyAcceptedOrderIsARow(sent);
    assertThat(changed(steps.does("replace-first-server"))).isEmpty();
    operator.configure(UnaryOperator.identity());
    steps.does("replace-first-server");
    becomesWhole();
  }

  @Test
  @Tag(LONG)
  void aNodeGetsANewDiskAndKeepsItsName() throws IOException {
    var node = withoutTheOnlyDatabase("lab-2", "lab-3");
    power("replace", node);

    var refused = operator.tries("refused");

    assertThat(refused.exitCode()).as(refused.output()).isNotZero();
    assertThat(refused.output())
        .contains(
            "etcd refuses %s: it has a member of this name, with another disk".formatted(node));
    Lab.inVpsOf("lab-1", thatHelps(refused.output())).ok();
    operator.does("refused");
    forgetClaims(operator.with("bergen-2", node), node);
    becomesWhole();
  }

  /** The command that `up` names; the lab has no {@code k3s}, but its {@code kubectl}. */
  private static String[] thatHelps(String output) {
    var commands =
        Pattern.compile("(?m)^ +sudo k3s (kubectl [ -~]+)$")
            .matcher(output)
            .results()
            .map(found -> found.group(1).strip())
            .distinct()
            .toList();
    assertThat(commands).as("commands that help, in: %s", output).hasSize(1);
    return commands.get(0).split(" ");
  }

  @Test
  @Tag(LONG)
  void aNodeOfTheEdge() throws IOException {
    var lost = VirtualAddress.node();
    Sent sent;
    try (var load = OrderLoad.start(ThreeServers.EDGE, RATE, RATE, test, known)) {
      power("off", lost);
      var began = System.nanoTime();
      var next =
          Lab.eventually(Duration.ofSeconds(20), VirtualAddress::nodes, found -> !found.isEmpty());
      var moved = Duration.ofNanos(System.nanoTime() - began);
      assertThat(next).as("node with the edge's address").isNotEmpty();
      assertThat(moved).as("until another node has the address").isLessThan(ADDRESS_MOVES);

      assertThat(Lab.eventually(UNTIL_NOT_READY, () -> ThreeServers.isReady(lost), ready -> !ready))
          .as("%s is ready, says the API", lost)
          .isFalse();
      operator.configure(
          config ->
              edit(config, "    tls: internal", "    maxRequestBody: 3Ki\n    tls: internal"));
      operator.does("change-the-edge");
      assertThat(statusOfALargeOrder(ThreeServers.EDGE)).isEqualTo("413");

      power("on", lost);
      assertThat(
              Lab.eventually(
                  UNTIL_WHOLE,
                  () -> statusOfALargeOrder(ThreeServers.address(lost)),
                  "413"::equals))
          .as("of the edge that is back")
          .isEqualTo("413");
      becomesWhole();
      sent = stop(load);
    }

    everyAcceptedOrderIsARow(sent);
    operator.configure(UnaryOperator.identity());
    operator.does("change-the-edge");
  }

  @Test
  @Tag(LONG)
  void fromOneReplicaToThree() throws IOException {
    operator.configure(RunbookIT::withOneReplica);
    operator.does("more-replicas");
    Sent sent;
    try (var load = OrderLoad.start(ThreeServers.EDGE, RATE, RATE, test, known)) {
      operator.configure(UnaryOperator.identity());
      operator.does("more-replicas");
      becomesWhole();
      sent = stop(load);
    }

    everyAcceptedOrderIsARow(sent);
    assertThat(sent.failedOrders()).as("orders that failed twice").isEmpty();
    assertThat(sent.failedCalls()).as("calls that failed twice").isEmpty();
    assertThat(JetStream.ask().current()).containsEntry("orders", List.of(true, true));
  }

  private static String withOneReplica(String config) {
    var one =
        edit(
            config,
            "        maxBytes: 1Gi\n        replicas: 3\n",
            "        maxBytes: 1Gi\n        replicas: 1\n");
    one = edit(one, "gateway:0.27.0\n      replicas: 3\n", "gateway:0.27.0\n      replicas: 1\n");
    return edit(one, "      scale: {min: 3, max: 3}\n", "      scale: {min: 1, max: 1}\n");
  }

  /**
   * What became of the requests of a load.
   *
   * @param accepted orders, and the ids that came with each 202
   */
  private record Sent(
      Map<String, String> accepted, List<String> failedOrders, List<String> failedCalls) {}

  private Sent stop(OrderLoad load) throws IOException {
    var accepted = new TreeMap<String, String>();
    var orders = new ArrayList<String>();
    var calls = new ArrayList<String>();
    for (var outcome : load.stop()) {
      var isOrder = outcome.id().startsWith(test);
      if (isOrder && outcome.succeeded()) {
        accepted.put(outcome.id(), outcome.call());
      }
      if (!outcome.succeeded()) {
        (isOrder ? orders : calls).add(outcome.toString());
      }
    }
    System.out.printf(
        "runbook: %s: %d orders accepted, failed twice: %d orders, %d calls%n%s",
        test, accepted.size(), orders.size(), calls.size(), lines(orders, calls));
    return new Sent(accepted, orders, calls);
  }

  private static String lines(List<String> orders, List<String> calls) {
    return Stream.concat(orders.stream().limit(30), calls.stream().limit(10))
        .map("  %s%n"::formatted)
        .collect(Collectors.joining());
  }

  /** Or a dead letter, as the function answered five times that there is no database. */
  private void everyAcceptedOrderIsARow(Sent sent) {
    assertThat(sent.accepted()).hasSizeGreaterThan(RATE);
    var found = AcceptedOrders.find(test, sent.accepted(), UNTIL_PROCESSED);
    System.out.printf("runbook: %s: %d dead letters%n", test, found.deadLetters());
    assertThat(found.missing()).isEmpty();
    assertThat(AcceptedOrders.twice(test)).isEmpty();
  }

  private static void becomesWhole() {
    assertThat(Lab.eventually(UNTIL_WHOLE, Whole::problems, List::isEmpty))
        .as("what is missing")
        .isEmpty();
  }

  private static void power(String what, String node) {
    Lab.run("lab/power", what, node).ok();
  }

  /** Of the nodes, the first on which the only copy of a database is not. */
  private static String withoutTheOnlyDatabase(String... nodes) {
    var database = ThreeServers.ofTheOnlyDatabase();
    return Arrays.stream(nodes)
        .filter(node -> !database.equals(Optional.of(node)))
        .findFirst()
        .orElseThrow();
  }

  /** Through its virtual address, which may have been on the node that is lost. */
  private static void theApiAnswers() {
    answers("10.77.0.9").ok();
  }

  private static Lab.Result answers(String address) {
    return Lab.eventually(
        () -> operator.with("ADDRESS", address).tries("another-server"),
        result -> result.exitCode() == 0);
  }

  private static void forgetClaims(Operator steps, String lost) {
    var claims =
        steps
            .does("lost-claims")
            .lines()
            .filter(line -> line.startsWith(lost + " "))
            .distinct()
            .map(line -> line.split(" "))
            .toList();
    assertThat(claims).as("claims of volumes on %s", lost).isNotEmpty();
    for (var claim : claims) {
      var forgotten = steps.with("NAMESPACE", claim[1]).with("CLAIM", claim[2]);
      for (var pod : ThreeServers.podsOf(claim[1], claim[2])) {
        forgotten.with("POD", pod).does("forget-claim");
      }
    }
  }

  private static String bootId(String node) {
    return Lab.inVpsOf(node, "cat", "/proc/sys/kernel/random/boot_id").ok().strip();
  }

  /** When K3s has started on each node but one. */
  private static String startsOfK3s(String except) {
    return ThreeServers.NAMES.stream()
        .filter(node -> !node.equals(except))
        .map(
            node ->
                node
                    + ": "
                    + Lab.inVpsOf(
                            node,
                            "systemctl",
                            "show",
                            "k3s",
                            "--property=ExecMainStartTimestampMonotonic")
                        .ok()
                        .strip())
        .collect(Collectors.joining(", "));
  }

  /** What `up` says that it has changed. */
  private static List<String> changed(String output) {
    return output
        .lines()
        .filter(line -> line.matches(" +[-+~]+ .* (created|updated|replaced|deleted).*"))
        .toList();
  }

  private String statusOfALargeOrder(String address) {
    return Lab.run(
            "curl",
            "--silent",
            "--output",
            "/dev/null",
            "--write-out",
            "%{http_code}",
            "--max-time",
            "10",
            "--cacert",
            Lab.authority().toString(),
            "--resolve",
            "%s:443:%s".formatted(Lab.DOMAIN, address),
            "--header",
            "Content-Type: application/json",
            "--data",
            Lab.order("large-" + test, "x".repeat(5000)),
            "https://%s/orders".formatted(Lab.DOMAIN))
        .output();
  }

  private static String withFirstServer(String config, String name) {
    return edit(
        config, "  nordfaas:k3s:\n", "  nordfaas:k3s:\n    firstServer: %s\n".formatted(name));
  }

  private static String edit(String config, String from, String to) {
    assertThat(config.indexOf(from)).as(from).isNotNegative().isEqualTo(config.lastIndexOf(from));
    return config.replace(from, to);
  }
}
