package dev.nordfaas.queueworker.testing;

import dev.nordfaas.jsoncheck.StrictJson;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/** Clients that post orders, so many at a time, and remember which of them were accepted. */
public final class Orders {
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
              count(id, answer);
              free.release();
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

  private void count(String id, HttpResponse<String> answer) {
    var status = answer == null ? 0 : answer.statusCode();
    statuses.merge(status, 1, Integer::sum);
    if (status == 202) {
      accepted.add(id);
    }
  }
}
