package dev.nordfaas.scheduling;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Watches for pending pods while {@code up} waits. Pulumi waits for a Job until that gives up, and
 * for others ten minutes, and only reports at the end, in the scheduler's words, that a pod had no
 * node.
 */
public final class PendingPodsWatch {
  /** A pod that others are evicted for has its node by then. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final Duration INTERVAL = Duration.ofSeconds(10);

  private final Consumer<String> log;
  private final Duration patience;
  private final Duration interval;
  private final Clock clock;
  private final Set<String> told = new HashSet<>();

  PendingPodsWatch(Consumer<String> log, Duration patience, Duration interval, Clock clock) {
    this.log = log;
    this.patience = patience;
    this.interval = interval;
    this.clock = clock;
  }

  /**
   * Starts watching, until the program ends.
   *
   * @param kubeconfig that may list nodes and pods
   * @param log gets one line for each pod that has had no node for a minute
   */
  public static void start(String kubeconfig, Consumer<String> log) {
    var watch = new PendingPodsWatch(log, PATIENCE, INTERVAL, Clock.systemUTC());
    var thread = new Thread(() -> watch.run(kubeconfig), "pending-pods");
    // It only explains, and must not keep the program running.
    thread.setDaemon(true);
    thread.start();
  }

  /**
   * Watches until the thread is interrupted. An {@code up} that ends within the first interval has
   * waited for no pod, and need not read them all.
   */
  void run(String kubeconfig) {
    try {
      while (true) {
        TimeUnit.MILLISECONDS.sleep(interval.toMillis());
        look(kubeconfig);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Errors are ignored: problems with the API are reported elsewhere. */
  private void look(String kubeconfig) throws InterruptedException {
    try {
      var api = KubernetesApi.of(kubeconfig);
      PendingPods.describe(
              api.get("/api/v1/nodes"), api.get("/api/v1/pods"), patience, clock.instant())
          .forEach(
              (pod, line) -> {
                if (told.add(pod)) {
                  log.accept(line);
                }
              });
    } catch (IOException e) {
      // Not reachable yet, or no longer.
    }
  }
}
