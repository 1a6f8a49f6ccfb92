package dev.nordfaas.queueworker.testing;

import dev.nordfaas.jsoncheck.StrictJson;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Clients that post orders, so many at a time, and remember which of them were accepted. One that
 * is refused pauses before its next order, so that an outage does not use all of them up.
 */
public final class Orders {
  private static final Executor AFTER_A_PAUSE =
      CompletableFuture.delayedExecutor(250, TimeUnit.MILLISECONDS);

  private final Role intake;
  private final Semaphore free;
  private final int concurrency;
  private final Map<Integer, Integer> statuses = new ConcurrentHashMap<>();
  private final Set<String> accepted = ConcurrentHashMap.newKeySet();

  public Orders(Role intake, int concurrency) {
    this.intake = intake;
    this.concurrency = concurrency;
    this.free = new Semaphore(concurrency);
  }

  /** Posts one as soon as a client is free. */
  public void post(String id) throws InterruptedException {
    free.acquire();
    intake
        .postAsync("/orders", body(id), "Idempotency-Key", id)
        .whenComplete(
            (answer, failure) -> {
              if (count(id, answer) == 202) {
                free.release();
              } else {
                AFTER_A_PAUSE.execute(free::release);
              }
            });
  }

  /** The id in the body of an order. */
  public static String id(String body) {
    return StrictJson.MAPPER.readTree(body).path("orderId").asString();
  }

  /** The body of an order. */
  public static String body(String id) {
    return "{\"orderId\":\"%s\"}".formatted(id);
  }

  /** Waits until every client has its answer. */
  public void join() throws InterruptedException {
    free.acquire(concurrency);
    free.release(concurrency);
  }

  /** The ids that were answered with 202. */
  public Set<String> accepted() {
    return accepted;
  }

  /** How many answers there were of each status; 0: none. */
  public Map<Integer, Integer> statuses() {
    return statuses;
  }

  private int count(String id, HttpResponse<String> answer) {
    var status = answer == null ? 0 : answer.statusCode();
    statuses.merge(status, 1, Integer::sum);
    if (status == 202) {
      accepted.add(id);
    }
    return status;
  }
}
