package dev.nordfaas.lab;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Collections;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;

/** A load of clients each of which sends the same request again once it has its answer. */
record ClosedLoop(HttpClient client, HttpRequest request) {
  /**
   * Requests a second.
   *
   * @throws ExecutionException if one of them is not answered with 200
   */
  double perSecond(int seconds, int clients) throws InterruptedException, ExecutionException {
    var threads = Executors.newFixedThreadPool(clients);
    try {
      var begin = System.nanoTime();
      var end = begin + Duration.ofSeconds(seconds).toNanos();
      var count = 0;
      for (var done : threads.invokeAll(Collections.nCopies(clients, until(end)))) {
        count += done.get();
      }
      return count * 1e9 / (System.nanoTime() - begin);
    } finally {
      threads.shutdown();
    }
  }

  private Callable<Integer> until(long end) {
    return () -> {
      var count = 0;
      while (System.nanoTime() < end) {
        var answer = client.send(request, BodyHandlers.discarding());
        if (answer.statusCode() != 200) {
          throw new IllegalStateException(
              "%s is answered with %d".formatted(request.uri(), answer.statusCode()));
        }
        count++;
      }
      return count;
    };
  }
}
