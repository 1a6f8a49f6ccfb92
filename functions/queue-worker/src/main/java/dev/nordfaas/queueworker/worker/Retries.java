package dev.nordfaas.queueworker.worker;

import java.util.Set;

/** Which answers of a function may be others next time. */
public final class Retries {
  /** Statuses of the 4xx that may be. */
  static final Set<Integer> RETRIED = Set.of(408, 425, 429);

  private Retries() {}

  /** Whether another attempt may end better than this status. */
  public static boolean mayHelp(int status) {
    return status >= 500 || RETRIED.contains(status);
  }
}
