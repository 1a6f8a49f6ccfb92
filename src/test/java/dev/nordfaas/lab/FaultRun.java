package dev.nordfaas.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.lab.Fault.Under;
import dev.nordfaas.lab.fault.Limit.Since;
import dev.nordfaas.lab.fault.Limits;
import dev.nordfaas.lab.fault.Measurement;
import dev.nordfaas.lab.fault.Noticed;
import dev.nordfaas.lab.fault.Results;
import dev.nordfaas.lab.fault.Shuffle;
import dev.nordfaas.lab.fault.Traffic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Faults, one after the other: each under a steady load, with what has to hold afterwards.
 *
 * <p>Properties: {@code faults.seed} and {@code faults.rounds}; {@code faults.only}, a regular
 * expression that finds the names of those that are meant; {@code faults.rate}, of each kind of
 * request, or {@code faults.orders}, {@code .calls} and {@code .sessions}; {@code faults.resume},
 * to leave out what has passed in the rounds of the same seed in the file of results.
 */
final class FaultRun implements AutoCloseable {
  /** For so long clients have to succeed for the service to be there. */
  private static final Duration STEADY = Duration.ofMillis(2_500);

  /** A load that has just begun is slow. */
  private static final Duration UNTIL_STEADY = Duration.ofSeconds(90);

  /** What clients may need beyond a limit, so that the limit is what fails. */
  private static final Duration GRACE = Duration.ofSeconds(45);

  /** While pods start again the load goes on, up to this. */
  private static final Duration UNDER_LOAD = Duration.ofSeconds(30);

  private static final long SEED =
      Long.getLong("faults.seed", new SecureRandom().nextInt(1_000_000));

  private final Path file;
  private final Rates rates;
  private final int leniency;
  private final String known;
  private final Map<String, SqlClient> pods;
  private final List<Debt> debts = new ArrayList<>();

  /**
   * Requests per second.
   *
   * @param orders how many orders
   * @param calls how many calls
   * @param sessions how many rows of sessions
   */
  record Rates(int orders, int calls, int sessions) {
    /** Those that are given, or else these. */
    Rates given() {
      return new Rates(rate("orders", orders), rate("calls", calls), rate("sessions", sessions));
    }

    private static int rate(String kind, int otherwise) {
      return Integer.getInteger("faults." + kind, Integer.getInteger("faults.rate", otherwise));
    }

    OrderLoad.Manner manner() {
      return OrderLoad.Manner.of(orders, calls);
    }
  }

  /**
   * A fault in a round.
   *
   * @param number of the round, from 1
   */
  record Round(int number, Fault fault) {
    @Override
    public String toString() {
      return "%s (round %d)".formatted(fault.name(), number);
    }
  }

  /** Accepted orders that have yet to be looked for. */
  private record Debt(Round round, String prefix, Map<String, String> accepted) {}

  private FaultRun(
      Path file, Rates rates, int leniency, String known, Map<String, SqlClient> pods) {
    this.file = file;
    this.rates = rates;
    this.leniency = leniency;
    this.known = known;
    this.pods = pods;
  }

  /**
   * Makes what the load needs.
   *
   * @param name of the file of results
   * @param otherwise requests per second if none are given
   * @param leniency how many times as long as its limits a fault may be noticed
   */
  static FaultRun open(String name, Rates otherwise, int leniency) throws IOException {
    heal();
    assertThat(FullVolume.leftBehind())
        .as("volumes that a run has left behind in another's place: start with a fresh lab")
        .isEmpty();
    var rates = otherwise.given();
    var file = Path.of("target", name);
    if (resumed(file).isEmpty()) {
      Results.begin(file, about(rates));
    }
    var known = "fault-known-" + UUID.randomUUID().toString().substring(0, 8);
    assertThat(Lab.eventually(() -> Lab.postOrder(known).status(), status -> status == 202))
        .as("the status of an order before any fault")
        .isEqualTo(202);
    var row = "select order_id from public.orders where order_id = '%s'".formatted(known);
    assertThat(Lab.eventually(() -> Database.tryQuery(row), rows -> !rows.isEmpty()))
        .containsExactly(known);
    Lab.sql(
        """
        CREATE TABLE IF NOT EXISTS %1$s (id text PRIMARY KEY, tries int NOT NULL DEFAULT 1);
        GRANT SELECT, INSERT, UPDATE ON %1$s TO orders_writer
        """
            .formatted(SqlSessions.TABLE));
    SqlClient.deleteAll();
    var pods = new LinkedHashMap<String, SqlClient>();
    for (var node : ThreeServers.NAMES) {
      pods.put(node, SqlClient.ofAFunction("order-processor", node));
    }
    return new FaultRun(file, rates, leniency, known, pods);
  }

  /** Results of the same seed that are gone on with. */
  private static Optional<Results> resumed(Path file) throws IOException {
    if (!Boolean.getBoolean("faults.resume") || !Files.exists(file)) {
      return Optional.empty();
    }
    return Optional.of(Results.read(file))
        .filter(it -> Long.toString(SEED).equals(it.about().get("seed")));
  }

  private static SortedMap<String, String> about(Rates rates) throws IOException {
    var about = new TreeMap<String, String>();
    about.put("date", LocalDate.now().toString());
    about.put(
        "commit",
        Lab.run("git", "describe", "--always", "--dirty", "--abbrev=12").output().strip());
    about.put(
        "machine",
        "%d cores, %s GiB, load average %s before"
            .formatted(Runtime.getRuntime().availableProcessors(), gibibytes(), loadAverage()));
    about.put(
        "requests per second",
        "%d orders, %d calls, %d rows of sessions"
            .formatted(rates.orders(), rates.calls(), rates.sessions()));
    about.put("seed", Long.toString(SEED));
    about.put("rounds", Integer.toString(rounds()));
    about.put(
        "PostgreSQL",
        Database.isCluster() ? "three instances, CloudNativePG" : "a single instance");
    return about;
  }

  private static String loadAverage() throws IOException {
    return Files.readString(Path.of("/proc/loadavg")).split(" ")[0];
  }

  private static long gibibytes() throws IOException {
    var line = Files.readAllLines(Path.of("/proc/meminfo")).get(0);
    return Math.round(Long.parseLong(line.replaceAll("\\D", "")) / 1024.0 / 1024.0);
  }

  private static int rounds() {
    return Integer.getInteger("faults.rounds", 1);
  }

  /** The faults that are meant, round by round, in the order of the seed; it is printed. */
  static Stream<Round> of(boolean inShort, String name) throws IOException {
    System.out.printf("the order of the faults: -Dfaults.seed=%d%n", SEED);
    var only = Pattern.compile(System.getProperty("faults.only", ""));
    var done = resumed(Path.of("target", name));
    var meant =
        IntStream.rangeClosed(1, rounds())
            .boxed()
            .flatMap(
                number ->
                    Shuffle.of(Faults.all(Shuffle.random(SEED, number)), SEED, number).stream()
                        .map(fault -> new Round(number, fault)))
            .filter(round -> !inShort || round.fault().inShort())
            .filter(round -> only.matcher(round.fault().name()).find())
            .filter(
                round ->
                    done.filter(it -> it.passed(round.fault().name(), round.number())).isEmpty())
            .toList();
    assertThat(meant).as("faults whose names '%s' finds, and that are not done", only).isNotEmpty();
    System.out.printf("%d faults%n", meant.size());
    return meant.stream();
  }

  /** Ends whatever a fault, or a run that was killed, has left behind. */
  static void heal() {
    Lab.run("lab/network", "heal").ok();
    for (var node : ThreeServers.NAMES) {
      Lab.run("lab/power", "thaw", node).ok();
      Lab.run("lab/power", "on", node).ok();
    }
  }

  /** Breaks it, and asserts what has to hold. */
  void survives(Round round) throws IOException {
    survives(round, false);
  }

  /** The same; only {@link #assertNothingIsOwed} looks whether accepted orders became rows. */
  void survivesAndOwes(Round round) throws IOException {
    survives(round, true);
  }

  private void survives(Round round, boolean owes) throws IOException {
    System.out.printf("%tT %s%n", LocalTime.now(), round);
    try {
      breaksAndIsWholeAgain(round, owes);
    } catch (IOException | RuntimeException | AssertionError e) {
      try {
        heal();
      } catch (AssertionError more) {
        e.addSuppressed(more);
      }
      throw e;
    }
  }

  private void breaksAndIsWholeAgain(Round round, boolean owes) throws IOException {
    assertThat(eventually(Duration.ofSeconds(150), Whole::problems, List::isEmpty))
        .as("what was missing before '%s'", round)
        .isEmpty();
    var prefix = "fault-" + UUID.randomUUID().toString().substring(0, 8);
    var prepared = round.fault().preparation().prepare(new Under(prefix, known, rates));
    var breakage = prepared.limits(prepared.limits().times(leniency));
    try {
      var noticed = underLoad(round, breakage, prefix);
      judge(round, breakage, prefix, noticed, owes);
    } finally {
      breakage.steps().putBack().run();
    }
  }

  /** Looks whether all held that has to hold, and writes down what was measured. */
  private void judge(Round round, Breakage breakage, String prefix, Noticed noticed, boolean owes)
      throws IOException {
    var accepted = new TreeMap<>(noticed.accepted());
    accepted.putAll(Noticed.accepted(breakage.alsoSent().get()));
    var times = breakage.times();
    var problems = new ArrayList<String>();
    var began = System.nanoTime();
    var letters = 0L;
    if (owes) {
      debts.add(new Debt(round, prefix, accepted));
    } else {
      letters = processed(prefix, accepted, times.untilProcessed(), problems);
    }
    var processed = since(began);
    problems.addAll(eventually(times.untilWhole(), Whole::problems, List::isEmpty));
    var whole = since(began);
    problems.addAll(lostRows(prefix, noticed));
    problems.addAll(tooLong(noticed, breakage.limits()));
    record(round, breakage.limits(), noticed, letters, processed, whole, problems);
    assertThat(problems)
        .as("%s; what clients were answered: %s", round, noticed.failures())
        .isEmpty();
  }

  /** As {@link Lab#eventually}, but without asking more often than a busy machine can answer. */
  private static <T> T eventually(Duration patience, Supplier<T> value, Predicate<T> expected) {
    return Lab.eventually(
        patience,
        () -> {
          var found = value.get();
          if (!expected.test(found)) {
            MixedLoad.pause(Duration.ofSeconds(1));
          }
          return found;
        },
        expected);
  }

  private static Duration since(long nanos) {
    return Duration.ofNanos(System.nanoTime() - nanos);
  }

  private Noticed underLoad(Round round, Breakage breakage, String prefix) throws IOException {
    var manner = rates.manner().patience(breakage.times().patience());
    var from =
        pods.entrySet().stream()
            .filter(pod -> !breakage.nodes().contains(pod.getKey()))
            .map(Map.Entry::getValue)
            .toList();
    try (var load = MixedLoad.start(manner, prefix, known, from, rates.sessions())) {
      var all = EnumSet.allOf(Traffic.class);
      assertThat(load.untilSteady(all, 0, STEADY, UNTIL_STEADY))
          .as("steady service before '%s': %s", round, load.failures())
          .isTrue();
      var began = System.currentTimeMillis();
      long ended;
      try {
        breakage.steps().happen().run();
        var left = began + breakage.times().lasts().toMillis() - System.currentTimeMillis();
        MixedLoad.pause(Duration.ofMillis(Math.max(0, left)));
        if (breakage.times().untilBack()) {
          load.untilSteady(allTheTime(breakage.limits()), began, STEADY, patience(breakage));
        }
      } finally {
        breakage.steps().heal().run();
        ended = System.currentTimeMillis();
      }
      load.untilSteady(all, ended, STEADY, patience(breakage));
      eventually(UNDER_LOAD, Whole::unready, List::isEmpty);
      return new Noticed(load.stop(), began, ended);
    }
  }

  private static Duration patience(Breakage breakage) {
    return breakage.limits().longest().gap().plus(GRACE);
  }

  private static Set<Traffic> allTheTime(Limits limits) {
    return Arrays.stream(Traffic.values())
        .filter(kind -> limits.of(kind).since() == Since.FAULT)
        .collect(Collectors.toCollection(() -> EnumSet.noneOf(Traffic.class)));
  }

  /** Waits until accepted orders are rows or dead letters; returns how many are the latter. */
  private static long processed(
      String prefix, Map<String, String> accepted, Duration patience, List<String> problems) {
    if (accepted.isEmpty()) {
      problems.add("no order was accepted");
      return 0;
    }
    var found = AcceptedOrders.find(prefix, accepted, patience);
    problems.addAll(found.missing());
    return found.deadLetters();
  }

  /** Rows that a session was told are stored, and orders that are more than one. */
  private static List<String> lostRows(String prefix, Noticed noticed) {
    var problems = new ArrayList<>(AcceptedOrders.twice(prefix));
    var ofSessions = "select id from %s where id like '%s-%%'".formatted(SqlSessions.TABLE, prefix);
    var there =
        eventually(
            Duration.ofSeconds(30),
            () -> Set.copyOf(Database.tryQuery(ofSessions)),
            found -> found.containsAll(noticed.stored()));
    noticed.stored().stream()
        .filter(id -> !there.contains(id))
        .forEach(
            id ->
                problems.add("row %s was acknowledged to its session, and is gone".formatted(id)));
    return problems;
  }

  private static List<String> tooLong(Noticed noticed, Limits limits) {
    var problems = new ArrayList<String>();
    for (var kind : Traffic.values()) {
      var gap = noticed.gap(kind, limits);
      if (gap.compareTo(limits.of(kind).gap()) > 0) {
        problems.add(
            "no %s succeeded for %d ms; at most %s s are allowed"
                .formatted(kind.word(), gap.toMillis(), limits.of(kind).text()));
      }
    }
    return problems;
  }

  private void record(
      Round round,
      Limits limits,
      Noticed noticed,
      long letters,
      Duration processed,
      Duration whole,
      List<String> problems)
      throws IOException {
    var gaps = new EnumMap<Traffic, Duration>(Traffic.class);
    for (var kind : Traffic.values()) {
      gaps.put(kind, noticed.gap(kind, limits));
    }
    var measurement =
        new Measurement(
            round.fault().name(),
            round.fault().kind(),
            round.number(),
            problems.isEmpty(),
            Measurement.text(limits),
            gaps,
            noticed.longestWait(limits),
            noticed.outcomes().size(),
            noticed.retried(),
            noticed.failed(),
            letters,
            processed,
            whole);
    Results.add(file, measurement);
    System.out.printf("%tT %s: %s%n", LocalTime.now(), round, measurement.summary());
    noticed
        .failures()
        .forEach((how, times) -> System.out.printf("%s: %d × %s%n", round, times, how));
  }

  /** What {@link #survivesAndOwes} has left open. */
  void assertNothingIsOwed() {
    var problems = new ArrayList<String>();
    for (var debt : debts) {
      var ofOne = new ArrayList<String>();
      processed(debt.prefix(), debt.accepted(), Breakage.Times.UNTIL_PROCESSED, ofOne);
      ofOne.forEach(problem -> problems.add("%s: %s".formatted(debt.round(), problem)));
    }
    debts.clear();
    assertThat(problems).isEmpty();
  }

  /** Leaves the lab as it was. */
  @Override
  public void close() {
    pods.values().forEach(SqlClient::close);
    Lab.sql("DROP TABLE IF EXISTS " + SqlSessions.TABLE);
  }
}
