package dev.nordfaas.queueworker.config;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * What the environment tells the worker.
 *
 * @param nats how to log in to NATS
 * @param httpPort TCP port of probes; 0: any that is free
 * @param stream name of the stream
 * @param durable name of its durable consumer
 * @param functionUrl where to POST each message
 * @param concurrency maximum number of calls in flight
 * @param callTimeout how long to wait for the function's answer
 * @param maxDeliver deliveries before a message goes to the dead letters
 * @param backoff waits between them, the last of which repeats; empty: 1 s, doubled up to 60 s
 * @param callbackHosts hosts that results may be sent to, with or without a port
 */
public record WorkerSettings(
    NatsAccess nats,
    int httpPort,
    String stream,
    String durable,
    URI functionUrl,
    int concurrency,
    Duration callTimeout,
    int maxDeliver,
    List<Duration> backoff,
    Set<String> callbackHosts) {
  private static final int DEFAULT_CONCURRENCY = 16;
  static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);
  private static final int DEFAULT_MAX_DELIVER = 5;
  private static final URI NOWHERE = URI.create("http://localhost");

  /**
   * Reads the environment.
   *
   * @throws InvalidEnvironmentException if a variable is missing or wrong
   */
  public static WorkerSettings read(Map<String, String> variables) {
    var environment = new Environment(variables);
    var settings =
        new WorkerSettings(
            NatsAccess.read(environment),
            HttpPort.read(environment),
            environment.required("STREAM", "", WorkerSettings::jetStreamName),
            environment.required("DURABLE", "", WorkerSettings::jetStreamName),
            environment.required("FUNCTION_URL", NOWHERE, WorkerSettings::httpUrl),
            environment
                .optional("CONCURRENCY", Environment.integer(1, 10_000))
                .orElse(DEFAULT_CONCURRENCY),
            environment.optional("CALL_TIMEOUT", Durations::parse).orElse(DEFAULT_TIMEOUT),
            environment
                .optional("MAX_DELIVER", Environment.integer(1, 1_000_000))
                .orElse(DEFAULT_MAX_DELIVER),
            environment.optional("BACKOFF", Environment.list(Durations::parse)).orElse(List.of()),
            environment
                .optional("CALLBACK_HOSTS", Environment.list(host -> host.toLowerCase(Locale.ROOT)))
                .map(Set::copyOf)
                .orElse(Set.of()));
    environment.check();
    return settings;
  }

  private static String jetStreamName(String text) {
    if (!text.matches("[A-Za-z0-9_-]{1,64}")) {
      throw new IllegalArgumentException(
          "'%s' is not 1 to 64 letters, digits, '-' and '_'".formatted(text));
    }
    return text;
  }

  static URI httpUrl(String text) {
    var url = URI.create(text);
    if (url.getHost() == null || !text.matches("https?://.*")) {
      throw new IllegalArgumentException(
          "'%s' is not the address of a function; write http://host:port/function/name"
              .formatted(text));
    }
    return url;
  }
}
