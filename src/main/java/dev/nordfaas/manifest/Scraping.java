package dev.nordfaas.manifest;

import java.util.Map;

/** The annotations that tell Prometheus where a pod's metrics are. */
public final class Scraping {
  private Scraping() {}

  /** Metrics at {@code /metrics} of a TCP port. */
  public static Map<String, String> at(int port) {
    return Map.of("prometheus.io/scrape", "true", "prometheus.io/port", Integer.toString(port));
  }
}
