package dev.nordfaas.queueworker.config;

import java.util.Map;

/** The TCP port of the metrics. */
public final class MetricsPort {
  private static final int DEFAULT = 8081;

  private MetricsPort() {}

  /**
   * Reads the environment; 0: any that is free.
   *
   * @throws InvalidEnvironmentException if the variable is wrong
   */
  public static int read(Map<String, String> variables) {
    var environment = new Environment(variables);
    var port = environment.optional("METRICS_PORT", Environment.integer(0, 65535)).orElse(DEFAULT);
    environment.check();
    return port;
  }
}
