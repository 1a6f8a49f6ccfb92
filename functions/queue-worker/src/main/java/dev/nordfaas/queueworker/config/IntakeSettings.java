package dev.nordfaas.queueworker.config;

import dev.nordfaas.jsoncheck.StrictJson;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;

/**
 * What the environment tells intake.
 *
 * @param nats how to log in to NATS
 * @param httpPort TCP port to listen on; 0: any that is free
 * @param routes the paths that accept requests
 * @param rateLimit requests per second that each client may send; empty: no limit
 */
public record IntakeSettings(
    NatsAccess nats, int httpPort, List<Route> routes, Optional<Integer> rateLimit) {
  private static final int MAX_RATE = 1_000_000;

  /**
   * Reads the environment.
   *
   * @throws InvalidEnvironmentException if a variable is missing or wrong
   */
  public static IntakeSettings read(Map<String, String> variables) {
    var environment = new Environment(variables);
    var settings =
        new IntakeSettings(
            NatsAccess.read(environment),
            HttpPort.read(environment),
            environment.required("ROUTES", List.of(), IntakeSettings::routes),
            environment.optional("RATE_LIMIT", Environment.integer(1, MAX_RATE)));
    environment.check();
    return settings;
  }

  private static List<Route> routes(String text) {
    try {
      var routes = StrictJson.MAPPER.readTree(text);
      if (!routes.isArray() || routes.isEmpty()) {
        throw new IllegalArgumentException("is not a JSON array of routes");
      }
      return routes.valueStream().map(Route::of).toList();
    } catch (JacksonException e) {
      throw new IllegalArgumentException("is not JSON: " + e.getOriginalMessage(), e);
    }
  }
}
