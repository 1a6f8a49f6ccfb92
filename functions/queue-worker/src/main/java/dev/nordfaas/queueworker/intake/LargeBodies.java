package dev.nordfaas.queueworker.intake;

import dev.nordfaas.jsoncheck.JsonCheck;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The thread that checks large bodies, so that the event loop answers others meanwhile. There is
 * one: a body as a tree takes many times its size, so there is never more than one such tree.
 */
final class LargeBodies {
  /** Smaller ones are checked sooner than another thread would start. */
  static final int MIN_BYTES = 16 << 10;

  private static final int MAX_WAITING = 64;

  private final ThreadPoolExecutor executor =
      new ThreadPoolExecutor(
          1,
          1,
          1,
          TimeUnit.MINUTES,
          new ArrayBlockingQueue<>(MAX_WAITING),
          task -> {
            var thread = new Thread(null, task, "large-bodies", JsonCheck.STACK_BYTES);
            thread.setDaemon(true);
            return thread;
          });

  /**
   * Runs the task on that thread.
   *
   * @throws RejectedExecutionException if too many are waiting
   */
  <T> CompletableFuture<T> run(Supplier<T> task) {
    return CompletableFuture.supplyAsync(task, executor);
  }

  /** Ends the thread once everything is done. */
  void close() {
    executor.shutdown();
  }
}
