package dev.nordfaas.queueworker.connect;

import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Retries a pod's first connection for a while: K3s refuses the connections of a new pod for up to
 * two seconds, until its network policies include the pod's address.
 */
public final class FirstConnection {
  /** The longest time to retry. */
  public static final Duration PATIENCE = Duration.ofSeconds(15);

  private static final Duration PAUSE = Duration.ofMillis(500);

  private FirstConnection() {}

  /**
   * What connects.
   *
   * @param <T> what it returns
   */
  public interface Attempt<T> {
    T make() throws IOException, InterruptedException;
  }

  /**
   * Tries until an attempt succeeds, or fails in a way that is not worth retrying, or the time is
   * up.
   *
   * @param patience how long to start attempts
   * @param again whether a failure is worth another attempt
   * @param waiting called once with the reason for waiting
   * @throws IOException of the last attempt
   */
  public static <T> T make(
      Duration patience, Predicate<IOException> again, Consumer<String> waiting, Attempt<T> attempt)
      throws IOException, InterruptedException {
    var end = System.nanoTime() + patience.toNanos();
    var told = false;
    while (true) {
      try {
        return attempt.make();
      } catch (IOException e) {
        if (!again.test(e) || System.nanoTime() + PAUSE.toNanos() > end) {
          throw e;
        }
        if (!told) {
          waiting.accept(reason(e));
          told = true;
        }
        Thread.sleep(PAUSE.toMillis());
      }
    }
  }

  private static String reason(IOException failure) {
    var message = failure.getMessage();
    return message == null ? failure.getClass().getSimpleName() : message;
  }
}
