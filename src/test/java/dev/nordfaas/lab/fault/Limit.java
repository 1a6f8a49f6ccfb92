package dev.nordfaas.lab.fault;

import java.time.Duration;

/**
 * The longest time in which nothing may succeed.
 *
 * @param gap that time
 * @param since from when on it holds
 */
public record Limit(Duration gap, Since since) {
  /** From when on a limit holds. */
  public enum Since {
    /** All the time. */
    FAULT,
    /** Once the fault has ended; while it lasts, nothing need succeed. */
    END
  }

  /** One that holds all the time. */
  public static Limit of(int seconds) {
    return new Limit(Duration.ofSeconds(seconds), Since.FAULT);
  }

  /** One that holds once the fault has ended. */
  public static Limit afterwards(int seconds) {
    return new Limit(Duration.ofSeconds(seconds), Since.END);
  }

  /** Some times as long. */
  public Limit times(int factor) {
    return new Limit(gap.multipliedBy(factor), since);
  }

  /** As in the table: {@code 5}, or {@code 60*} once the fault has ended. */
  public String text() {
    return gap.toSeconds() + (since == Since.END ? "*" : "");
  }
}
