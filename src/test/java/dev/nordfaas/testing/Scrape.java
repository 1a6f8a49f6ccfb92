package dev.nordfaas.testing;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;

/**
 * Reads an exporter of this machine as Prometheus does, anew for each value.
 *
 * @param port TCP port of the exporter
 */
public record Scrape(int port) {
  private static final int TRIES = 200;

  /** The values of all series of a metric that have all the labels. */
  public List<Double> values(String name, String... labels) {
    return metrics().values(name, labels);
  }

  /** The sum of these values; fails where there is none. */
  public double value(String name, String... labels) {
    return metrics().sum(name, labels);
  }

  private Metrics metrics() {
    try {
      for (var tries = 0; ; tries++) {
        try {
          return get();
        } catch (ConnectException notYet) {
          if (tries == TRIES) {
            throw notYet;
          }
          Thread.sleep(50);
        }
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private Metrics get() throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d/metrics".formatted(port))).build();
    return new Metrics(HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body());
  }
}
