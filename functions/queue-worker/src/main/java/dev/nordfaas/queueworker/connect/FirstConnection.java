package dev.nordfaas.queueworker.connect;

import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Tries again for a while what is a pod's first act: K3s refuses the connections of a new pod for
 * up to two seconds, until its network policies know the pod's address.
 */
public final class FirstConnection {
  /** How long at the most. */
  public static final Duration PATIENCE = Duration.ofSeconds(15);

  private static final Duration PAUSE = Duration.ofMillis(500);

  private FirstConnection() {}

  /**
   * What is to connect.
   *
   * @param <T> what it makes
   */
  public interface Attempt<T> {
    T make() throws IOException, InterruptedException;
  }

  /**
   * Makes attempts until one succeeds, or fails in a way that is not worth another, or the time is
   * up.
   *
   * @param patience how long to begin attempts
   * @param again whether a failure is worth another attempt
   * @param waiting told once, why it waits
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
