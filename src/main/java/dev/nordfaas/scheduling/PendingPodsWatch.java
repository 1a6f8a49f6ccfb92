package dev.nordfaas.scheduling;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Looks while {@code up} waits. Pulumi waits for a Job until that gives up, and for others ten
 * minutes, and tells only at the end, in the scheduler's words, that a pod found no room.
 */
public final class PendingPodsWatch {
  /** A pod that others are evicted for has its room by then. */
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
   * Begins to look, until the program ends.
   *
   * @param kubeconfig of somebody who may list nodes and pods
   * @param log gets a line for each pod that has found no room for a minute, once
   */
  public static void start(String kubeconfig, Consumer<String> log) {
    var watch = new PendingPodsWatch(log, PATIENCE, INTERVAL, Clock.systemUTC());
    var thread = new Thread(() -> watch.run(kubeconfig), "pending-pods");
    // It is only to explain: it never keeps the program.
    thread.setDaemon(true);
    thread.start();
  }

  /** Looks until the thread is interrupted. */
  void run(String kubeconfig) {
    try {
      while (true) {
        look(kubeconfig);
        TimeUnit.MILLISECONDS.sleep(interval.toMillis());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** What it cannot see it does not explain: what is wrong with the API, others tell. */
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
      // Not reachable yet, or not any more.
    }
  }
}
