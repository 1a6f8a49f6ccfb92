package dev.nordfaas.queueworker.config;

/** The TCP port for requests and probes. */
final class HttpPort {
  private static final int DEFAULT = 8080;

  private HttpPort() {}

  static int read(Environment environment) {
    return environment.optional("HTTP_PORT", Environment.integer(0, 65535)).orElse(DEFAULT);
  }
}
