package dev.nordfaas.queueworker.worker;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;

/** How long a message waits after a failed attempt. */
record Backoff(List<Duration> steps) {
  private static final Duration FIRST = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofMinutes(1);

  /** Number of doublings after which {@link #LONGEST} is certainly reached. */
  private static final long MAX_DOUBLINGS = 10;

  /** The longest wait that there is. */
  Duration longest() {
    return steps.stream().max(Comparator.naturalOrder()).orElse(LONGEST);
  }

  /** The wait after an attempt, counted from 1. Without steps 1 s, doubled each time up to 60 s. */
  Duration after(long attempt) {
    if (!steps.isEmpty()) {
      return steps.get((int) Math.min(attempt, steps.size()) - 1);
    }
    var wait = FIRST.multipliedBy(1L << Math.min(attempt - 1, MAX_DOUBLINGS));
    return wait.compareTo(LONGEST) < 0 ? wait : LONGEST;
  }
}
