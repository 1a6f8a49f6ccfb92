package dev.nordfaas.lab;

import dev.nordfaas.lab.fault.Limits;
import dev.nordfaas.lab.fault.Outcome;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * A fault that has found what it is about.
 *
 * @param limits how long clients may be without success
 * @param steps what is done
 * @param times how long that takes, and what follows
 * @param nodes those that are hit: clients on them are not asked
 * @param alsoSent what became of requests besides those of the steady load, once they have ended
 */
record Breakage(
    Limits limits, Steps steps, Times times, Set<String> nodes, Supplier<List<Outcome>> alsoSent) {
  private static final Step NOTHING = () -> {};

  Breakage {
    nodes = Set.copyOf(nodes);
  }

  /** Something that is done to the lab. */
  interface Step {
    void run() throws IOException;
  }

  /**
   * What is done.
   *
   * @param happen what breaks
   * @param heal what ends it
   * @param putBack what prepared it, undone
   */
  record Steps(Step happen, Step heal, Step putBack) {}

  /**
   * How long it takes.
   *
   * @param lasts how long it lasts at least
   * @param untilBack whether it lasts, besides, until clients succeed again in spite of it
   * @param patience how long a client waits for an answer
   * @param untilProcessed how long after the load accepted orders may take to be rows or dead
   *     letters
   * @param untilWhole how long after that everything may take to be ready again
   */
  record Times(
      Duration lasts,
      boolean untilBack,
      Duration patience,
      Duration untilProcessed,
      Duration untilWhole) {
    /** ackWait, within which a killed worker's messages are given out again, and some. */
    static final Duration UNTIL_PROCESSED = Duration.ofSeconds(100);

    private static final Times USUAL =
        new Times(
            Duration.ZERO, false, Duration.ofSeconds(10), UNTIL_PROCESSED, Duration.ofSeconds(150));
  }

  /** What is over at once, and heals by itself. */
  static Breakage of(Limits limits, Step happen) {
    return new Breakage(
        limits, new Steps(happen, NOTHING, NOTHING), Times.USUAL, Set.of(), List::of);
  }

  /** The same, and something else before it. */
  Breakage after(Step first) {
    Step both =
        () -> {
          first.run();
          steps.happen().run();
        };
    return with(new Steps(both, steps.heal(), steps.putBack()));
  }

  /** The same, but it lasts until it is ended. */
  Breakage lasting(int seconds, Step heal) {
    return with(new Steps(steps.happen(), heal, steps.putBack()))
        .with(
            new Times(
                Duration.ofSeconds(seconds),
                times.untilBack(),
                times.patience(),
                times.untilProcessed(),
                times.untilWhole()));
  }

  /** The same, but it also lasts until clients succeed again in spite of it. */
  Breakage untilBack() {
    return with(
        new Times(
            times.lasts(), true, times.patience(), times.untilProcessed(), times.untilWhole()));
  }

  /** The same, with something to undo, whatever happens. */
  Breakage putBack(Step step) {
    return with(new Steps(steps.happen(), steps.heal(), step));
  }

  /** The same; these nodes are hit. */
  Breakage on(String... hit) {
    return new Breakage(limits, steps, times, Set.of(hit), alsoSent);
  }

  /** The same, with clients that wait so long for an answer. */
  Breakage patience(int seconds) {
    return with(
        new Times(
            times.lasts(),
            times.untilBack(),
            Duration.ofSeconds(seconds),
            times.untilProcessed(),
            times.untilWhole()));
  }

  /** The same, with more time for what follows. */
  Breakage within(Duration untilProcessed, Duration untilWhole) {
    return with(
        new Times(times.lasts(), times.untilBack(), times.patience(), untilProcessed, untilWhole));
  }

  /** The same with other requests besides those of the steady load. */
  Breakage alsoSending(Supplier<List<Outcome>> requests) {
    return new Breakage(limits, steps, times, nodes, requests);
  }

  /** The same within other limits. */
  Breakage limits(Limits others) {
    return new Breakage(others, steps, times, nodes, alsoSent);
  }

  private Breakage with(Steps others) {
    return new Breakage(limits, others, times, nodes, alsoSent);
  }

  private Breakage with(Times others) {
    return new Breakage(limits, steps, others, nodes, alsoSent);
  }
}
