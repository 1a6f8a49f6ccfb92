package dev.nordfaas.queueworker.worker;

import java.util.Set;

/** Which answers of a function may differ next time. */
public final class Retries {
  /** The 4xx statuses that may. */
  static final Set<Integer> RETRIED = Set.of(408, 425, 429);

  private Retries() {}

  /** Whether another attempt may have a better outcome than this status. */
  public static boolean mayHelp(int status) {
    return status >= 500 || RETRIED.contains(status);
  }
}
