package dev.nordfaas.queueworker.config;

import java.net.URI;
import java.time.Duration;
import java.util.Map;

/**
 * What the environment tells the command {@code call}.
 *
 * @param functionUrl where to POST
 * @param callTimeout how long to wait for the function's answer
 * @param callId id of the call, the same in each attempt
 * @param contentType of the body
 * @param body what to POST; empty unless set
 */
public record CallSettings(
    URI functionUrl, Duration callTimeout, String callId, String contentType, String body) {
  private static final URI NOWHERE = URI.create("http://localhost");

  /**
   * Reads the environment.
   *
   * @throws InvalidEnvironmentException if a variable is missing or wrong
   */
  public static CallSettings read(Map<String, String> variables) {
    var environment = new Environment(variables);
    var settings =
        new CallSettings(
            environment.required("FUNCTION_URL", NOWHERE, WorkerSettings::httpUrl),
            environment
                .optional("CALL_TIMEOUT", Durations::parse)
                .orElse(WorkerSettings.DEFAULT_TIMEOUT),
            environment.required("CALL_ID", "", text -> text),
            environment.optional("CONTENT_TYPE", text -> text).orElse("application/json"),
            variables.getOrDefault("BODY", ""));
    environment.check();
    return settings;
  }
}
