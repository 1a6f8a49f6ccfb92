package dev.nordfaas.queueworker.worker;

import java.time.Duration;

/** What happens to a message after an attempt. */
sealed interface Verdict {
  /** It is done. */
  record Done() implements Verdict {}

  /** It is to be redelivered, after a while. */
  record Retry(Duration delay, String reason) implements Verdict {}

  /** It is a dead letter. */
  record Dead(String reason) implements Verdict {}

  /**
   * Judges an answer.
   *
   * @param answer the function's answer
   * @param attempt which attempt it was, from 1
   * @param maxDeliver maximum number of attempts
   * @param backoff the wait after each attempt, unless the answer names one
   */
  static Verdict of(Answer answer, long attempt, int maxDeliver, Backoff backoff) {
    if (answer.status().isEmpty()) {
      return again(answer, answer.text(), attempt, maxDeliver, backoff);
    }
    var status = answer.status().getAsInt();
    if (status >= 200 && status < 300) {
      return new Done();
    }
    var reason = "the function answered " + status;
    return Retries.mayHelp(status)
        ? again(answer, reason, attempt, maxDeliver, backoff)
        : new Dead(reason);
  }

  private static Verdict again(
      Answer answer, String reason, long attempt, int maxDeliver, Backoff backoff) {
    return attempt >= maxDeliver
        ? new Dead("%s, in attempt %d of %d".formatted(reason, attempt, maxDeliver))
        : new Retry(answer.retryAfter().orElseGet(() -> backoff.after(attempt)), reason);
  }
}
