package dev.nordfaas;

import java.time.Duration;
import java.util.concurrent.ForkJoinPool;
import java.util.logging.Filter;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * A pause in the loop with which Pulumi's SDK waits for the engine. {@code
 * DeploymentImpl.DefaultRunner} of 1.36.1 asks all tasks without a pause whether they are done, and
 * so keeps a core busy and the heap growing for as long as {@code up} takes. All that its turns do
 * outside of itself is to log how many tasks remain: the pause is in the filter of that logger.
 */
final class RunnerPause {
  /** The SDK's logger; held, as the JVM forgets loggers and their filters otherwise. */
  private static final Logger LOGGER =
      Logger.getLogger("com.pulumi.deployment.internal.DeploymentImpl");

  /** How the SDK begins what it logs once in each turn. */
  private static final String TURN = "Remaining tasks [";

  /** Adds at most as much to a small run, after its last task. */
  private static final Duration SHORTEST = Duration.ofMillis(20);

  private static final Duration LONGEST = Duration.ofMillis(500);

  /** How much longer than a turn the pause after it is. */
  private static final int TIMES = 9;

  private RunnerPause() {}

  /**
   * Has the loop pause from now on. The SDK has to have started: it sets the logger's level. Does
   * nothing the second time, unless the SDK has started again since.
   */
  static void begin() {
    var level = LOGGER.getLevel() == null ? Level.INFO : LOGGER.getLevel();
    if (LOGGER.getFilter() instanceof Pausing && level.equals(Level.FINEST)) {
      return;
    }
    LOGGER.setFilter(new Pausing(level));
    LOGGER.setLevel(Level.FINEST);
  }

  /**
   * How long to pause after a turn: a turn writes all remaining tasks as text, so with a thousand
   * functions it takes as long as the shortest pause.
   */
  static Duration after(Duration turn) {
    var pause = turn.multipliedBy(TIMES);
    if (pause.compareTo(SHORTEST) < 0) {
      return SHORTEST;
    }
    return pause.compareTo(LONGEST) > 0 ? LONGEST : pause;
  }

  /** Lets through what the logger's level let through before. */
  private static final class Pausing implements Filter {
    private final Level level;
    private volatile long turnBegan = System.nanoTime();

    Pausing(Level level) {
      this.level = level;
    }

    @Override
    public boolean isLoggable(LogRecord message) {
      if (message.getMessage().startsWith(TURN)) {
        pause(after(Duration.ofNanos(System.nanoTime() - turnBegan)));
        turnBegan = System.nanoTime();
      }
      return message.getLevel().intValue() >= level.intValue();
    }
  }

  /** The pool gets another thread meanwhile: it is the one that all tasks share. */
  private static void pause(Duration time) {
    try {
      ForkJoinPool.managedBlock(new Sleep(time));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static final class Sleep implements ForkJoinPool.ManagedBlocker {
    private final Duration time;
    private boolean over;

    Sleep(Duration time) {
      this.time = time;
    }

    @Override
    public boolean block() throws InterruptedException {
      Thread.sleep(time.toMillis());
      over = true;
      return true;
    }

    @Override
    public boolean isReleasable() {
      return over;
    }
  }
}
