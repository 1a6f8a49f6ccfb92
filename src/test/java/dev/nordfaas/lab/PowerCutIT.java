package dev.nordfaas.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.pulumi.automation.AutomationException;
import dev.nordfaas.lab.fault.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * VPSes that lose their power under load, and of the volumes of NATS and PostgreSQL what was not
 * synced. Every 202 ends as a row or a dead letter; with {@code syncInterval: 1s}, and all VPSes
 * cut at once, those before the last second.
 *
 * <p>For a lab that was made with {@code LAB_FORGET=1 make lab-up STACK=lab3}. {@code -Dcuts=5}
 * cuts each that often; a failure names its seed, and {@code -Dcuts.seed=} chooses the same
 * instants.
 */
@Tag("lab3-faults")
@Tag("lab3-powercut")
@ExtendWith(ShowLabLogs.class)
@Order(100)
class PowerCutIT {
  private static final int CUTS = Integer.getInteger("cuts", 1);
  private static final long SEED = Long.getLong("cuts.seed", System.nanoTime());

  /** Orders per second. */
  private static final int RATE = Integer.getInteger("cuts.rate", 40);

  /** An fsync takes its time, and so does a client that learns of its 202. */
  private static final Duration SLACK = Duration.ofMillis(500);

  /** ackWait, within which the messages of a worker that is gone are given out again, and some. */
  private static final Duration QUIET = Duration.ofSeconds(75);

  private static final Duration UNTIL_WHOLE = Duration.ofMinutes(6);

  /**
   * What NATS writes of a changed stream without an fsync, as it does with any interval but 0s, is
   * written by the kernel within 30 s.
   */
  private static final Duration UNTIL_WRITTEN = Duration.ofSeconds(40);

  private static final Path RESULTS = Path.of("target/power-cuts.tsv");

  private static String syncInterval = "0s";

  @BeforeAll
  static void needsDisksThatForget() throws IOException {
    assumeTrue(
        Files.exists(Lab.STATE.resolve("disk/forget")),
        "this lab's disks forget nothing: LAB_FORGET=1 make lab-up STACK=lab3");
    Files.deleteIfExists(RESULTS);
  }

  @AfterAll
  static void restore() throws IOException, AutomationException {
    if (!syncInterval.equals("0s")) {
      Lab.applyOriginal();
    }
  }

  @ParameterizedTest
  @CsvSource({"0s, all", "0s, one", "1s, all", "1s, one"})
  void everyAcceptedOrderIsARowOrADeadLetter(String interval, String which) throws Exception {
    syncEvery(interval);
    var random = new Random(SEED);
    for (var cut = 1; cut <= CUTS; cut++) {
      var what =
          "syncInterval %s, power cut %d of %s, seed %d".formatted(interval, cut, which, SEED);
      var outcome = which.equals("all") ? cutAll(random) : cutOne(random);
      record(interval, which, outcome);

      assertThat(outcome.accepted()).as("%s: accepted orders", what).isGreaterThan(RATE);
      assertThat(Lab.sql("select count(*) - count(distinct order_id) from orders"))
          .as("%s: rows of an order that is there already", what)
          .containsExactly("0");
      if (interval.equals("1s") && which.equals("all")) {
        assertThat(outcome.oldest())
            .as("%s: age of the oldest of %d lost orders", what, outcome.lost().size())
            .isLessThanOrEqualTo(Duration.ofSeconds(1).plus(SLACK));
      } else {
        assertThat(outcome.lost())
            .as("%s: how long before it lost orders had their 202", what)
            .isEmpty();
      }
    }
  }

  /**
   * What became of the orders of one power cut.
   *
   * @param lost how long before the power cut each lost order had its 202
   * @param back seconds from the power's return until a new order was a row
   */
  private record Cut(int accepted, List<Duration> lost, long back) {
    Duration oldest() {
      return lost.stream().max(Duration::compareTo).orElse(Duration.ZERO);
    }
  }

  private static Cut cutAll(Random random) throws IOException {
    var test = test();
    List<Outcome> outcomes;
    try (var load = OrderLoad.start(ThreeServers.EDGE, RATE, 0, test, test)) {
      pause(Duration.ofMillis(6000 + random.nextInt(6000)));
      Lab.run(power("cut", ThreeServers.NAMES)).ok();
      outcomes = load.stop();
    }
    Lab.run(power("on", ThreeServers.NAMES)).ok();
    return result(test, outcomes);
  }

  private static Cut cutOne(Random random) throws IOException {
    var test = test();
    var vps = List.of(ThreeServers.NAMES.get(random.nextInt(ThreeServers.NAMES.size())));
    List<Outcome> outcomes;
    try (var load = OrderLoad.start(ThreeServers.EDGE, RATE, 0, test, test)) {
      pause(Duration.ofMillis(6000 + random.nextInt(6000)));
      Lab.run(power("cut", vps)).ok();
      pause(Duration.ofSeconds(5));
      Lab.run(power("on", vps)).ok();
      pause(Duration.ofSeconds(10));
      outcomes = load.stop();
    }
    return result(test, outcomes);
  }

  private static Cut result(String test, List<Outcome> outcomes) {
    var answered = new HashMap<String, Long>();
    outcomes.stream()
        .filter(outcome -> outcome.last().equals("202"))
        .forEach(outcome -> answered.put(outcome.id(), outcome.answered()));
    var began = System.nanoTime();
    // What is said of pods and nodes may be from before the power cut.
    assertThat(Lab.eventually(UNTIL_WHOLE, PowerCutIT::anOrderBecomesARow, Boolean::booleanValue))
        .as("a new order becomes a row after a power cut")
        .isTrue();
    var back = (System.nanoTime() - began) / 1_000_000_000;
    var pending = Lab.eventually(UNTIL_WHOLE, Whole::unready, List::isEmpty);
    assertThat(pending).as("pods and nodes that are not ready after a power cut").isEmpty();
    var missing = new TreeSet<>(answered.keySet());
    missing.removeAll(rowsWhenNoMoreCome(test, missing));
    if (!missing.isEmpty()) {
      var dead = deadLetters();
      missing.removeIf(dead::contains);
    }
    // With all of them gone, no answer came after the power cut.
    var last = answered.values().stream().mapToLong(Long::longValue).max().orElse(0);
    var lost = missing.stream().map(id -> Duration.ofMillis(last - answered.get(id))).toList();
    return new Cut(answered.size(), lost, back);
  }

  private static boolean anOrderBecomesARow() {
    var id = test();
    try {
      return Lab.postOrder(id).status() == 202
          && !Lab.eventually(() -> Lab.orders(id), rows -> !rows.isEmpty()).isEmpty();
    } catch (AssertionError noAnswer) {
      return false;
    }
  }

  /** The rows once all are there, or once no more have come for a while. */
  private static TreeSet<String> rowsWhenNoMoreCome(String test, TreeSet<String> wanted) {
    var rows = Lab.orders(test);
    while (!rows.containsAll(wanted)) {
      var before = rows;
      rows = Lab.eventually(QUIET, () -> Lab.orders(test), it -> it.size() > before.size());
      if (rows.size() == before.size()) {
        break;
      }
    }
    return rows;
  }

  /** Everything that is shown of the dead letters, bodies included. */
  private static String deadLetters() {
    var shown = new StringBuilder();
    Lab.run("tools/dead-letters", "lab3", "list")
        .ok()
        .lines()
        .map(line -> line.strip().split("\\s+")[0])
        .filter(sequence -> sequence.matches("\\d+"))
        .forEach(
            sequence -> shown.append(Lab.run("tools/dead-letters", "lab3", "show", sequence).ok()));
    return shown.toString();
  }

  private static void syncEvery(String interval) throws IOException, AutomationException {
    if (interval.equals(syncInterval)) {
      return;
    }
    try (var project = Lab.openProject()) {
      project.set("nats.syncInterval", interval);
      project.up();
    }
    syncInterval = interval;
    assertThat(Lab.eventually(UNTIL_WHOLE, Whole::unready, List::isEmpty)).isEmpty();
    pause(UNTIL_WRITTEN);
  }

  private static void record(String interval, String which, Cut cut) throws IOException {
    Files.writeString(
        RESULTS,
        "%s\t%s\t%d\t%d\t%.2f\t%d\t%d\n"
            .formatted(
                interval,
                which,
                cut.accepted(),
                cut.lost().size(),
                cut.oldest().toMillis() / 1000.0,
                cut.back(),
                SEED),
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }

  private static String test() {
    return "power-" + UUID.randomUUID().toString().substring(0, 8);
  }

  private static String[] power(String command, List<String> vpses) {
    return Stream.concat(Stream.of("lab/power", command), vpses.stream()).toArray(String[]::new);
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
