package dev.nordfaas.generated;

import dev.nordfaas.generated.Checker.Refusal;
import dev.nordfaas.generated.ConfigGenerator.Drawn;
import dev.nordfaas.plan.Plan;
import dev.nordfaas.render.Renderer;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Draws configs, renders them, and asks every program that the files are for. */
final class Run implements AutoCloseable {
  private static final int TRIES_TO_SHRINK = 600;
  private static final int REPORTED_EACH = 250;

  private final ConfigGenerator generator;
  private final PrintStream log;
  private final List<Checker> checkers =
      List.of(
          new KubernetesChecker(),
          new CloudInitChecker(),
          new HostChecker(),
          new CaddyChecker(),
          new PgBouncerChecker(),
          new PostgresChecker(),
          new NatsChecker());
  private final Map<String, Failure> failures = new LinkedHashMap<>();
  private final Map<String, Integer> counts = new TreeMap<>();
  private final Map<String, Long> nanos = new TreeMap<>();
  private final SortedSet<String> changed = new TreeSet<>();
  private int drawn;
  private int tried;
  private int accepted;

  /**
   * Something that should not have been accepted, or should have been.
   *
   * @param number of the first config that shows it
   * @param config that config
   * @param message what was said
   */
  record Failure(String kind, int number, GeneratedConfig config, String message) {}

  Run(long seed, PrintStream log) {
    this.generator = new ConfigGenerator(seed);
    this.log = log;
    log.printf("generated: seed %d%n", seed);
  }

  /** Checks the configs of the numbers. */
  void check(int from, int to) {
    for (var number = from; number < to; number++) {
      check(number);
      if ((number + 1) % REPORTED_EACH == 0) {
        log.println("generated: " + this);
      }
    }
  }

  private void check(int number) {
    var begin = System.nanoTime();
    Drawn config;
    try {
      config = generator.draw(number);
    } catch (ConfigGenerator.Crash e) {
      add(number, e.config(), List.of(refusal("rules", e.getCause())));
      return;
    } finally {
      took("drawing", begin);
    }
    drawn++;
    tried += config.tried();
    accepted += config.accepted();
    changed.addAll(config.changed());
    add(number, config.config(), refusals(config.plan()));
  }

  private void took(String what, long begin) {
    nanos.merge(what, System.nanoTime() - begin, Long::sum);
  }

  private void add(int number, GeneratedConfig config, List<Refusal> refusals) {
    for (var refusal : refusals) {
      counts.merge(refusal.kind(), 1, Integer::sum);
      if (!failures.containsKey(refusal.kind())) {
        failures.put(
            refusal.kind(),
            new Failure(refusal.kind(), number, config, refusal.file() + ": " + refusal.message()));
        log.printf(
            "generated: config %d: %s: %s: %s%n",
            number, refusal.checker(), refusal.file(), refusal.message());
      }
    }
  }

  private List<Refusal> refusals(Plan plan) {
    var begin = System.nanoTime();
    Rendering rendering;
    try {
      rendering = new Rendering(Renderer.render(plan));
    } catch (RuntimeException e) {
      return List.of(refusal("rendering", e));
    } finally {
      took("rendering", begin);
    }
    var refusals = new ArrayList<Refusal>();
    for (var checker : checkers) {
      var start = System.nanoTime();
      refusals.addAll(checker.check(rendering));
      took(checker.getClass().getSimpleName(), start);
    }
    return refusals;
  }

  private static Refusal refusal(String what, Throwable thrown) {
    var cause = thrown;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return new Refusal(what, cause.getStackTrace()[0].toString(), cause.toString());
  }

  /** The smallest config that fails like that. */
  GeneratedConfig smallest(Failure failure) {
    return Smallest.of(
        failure.config(),
        config -> refusals(config).stream().anyMatch(it -> it.kind().equals(failure.kind())),
        TRIES_TO_SHRINK);
  }

  private List<Refusal> refusals(GeneratedConfig config) {
    try {
      return config.plan().map(this::refusals).orElse(List.of());
    } catch (RuntimeException e) {
      return List.of(refusal("rules", e));
    }
  }

  /** One of each kind. */
  List<Failure> failures() {
    return List.copyOf(failures.values());
  }

  /** How many configs failed like that. */
  int count(Failure failure) {
    return counts.getOrDefault(failure.kind(), 0);
  }

  /** The part of the configs that the rules were asked about which they accepted. */
  double acceptance() {
    return tried == 0 ? 1 : (double) accepted / tried;
  }

  /** The keys that had another value in no accepted config. */
  SortedSet<String> neverChanged() {
    var never = new TreeSet<>(generator.keys());
    never.removeAll(changed);
    return never;
  }

  /** For people who wait. */
  @Override
  public String toString() {
    var text = new StringBuilder();
    text.append(
        "%d configs checked; %d of %d changes accepted (%.0f %%); %d of %d keys changed; %d kinds of failures"
            .formatted(
                drawn,
                accepted,
                tried,
                100 * acceptance(),
                changed.size(),
                generator.keys().size(),
                failures.size()));
    nanos.forEach((what, time) -> text.append("; %s %d s".formatted(what, time / 1_000_000_000)));
    return text.toString();
  }

  @Override
  public void close() {
    checkers.forEach(Checker::close);
  }
}
