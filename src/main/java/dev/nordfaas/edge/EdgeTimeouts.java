package dev.nordfaas.edge;

import dev.nordfaas.config.EdgeConfig.Timeouts;
import dev.nordfaas.config.OpenFaasConfig.GatewayConfig;
import java.time.Duration;

/**
 * How long the edge waits, with the defaults that follow from the gateway.
 *
 * @param readHeader for the headers of a request
 * @param readBody for its body
 * @param response for gateway or intake to start the response
 * @param write from the end of the request's headers to the end of the response
 * @param idle for the next request of a connection
 */
public record EdgeTimeouts(
    Duration readHeader, Duration readBody, Duration response, Duration write, Duration idle) {
  /** What the edge waits on top of the gateway, so that the gateway's response gets through. */
  private static final Duration MARGIN = Duration.ofSeconds(5);

  /** The given keys, with the others derived from the gateway's. */
  public static EdgeTimeouts of(Timeouts keys, GatewayConfig gateway) {
    var readBody = keys.readBody().orElse(gateway.readTimeout());
    var response = keys.response().orElse(gateway.writeTimeout().plus(MARGIN));
    return new EdgeTimeouts(
        keys.readHeader(),
        readBody,
        response,
        keys.write().orElse(readBody.plus(response)),
        keys.idle());
  }
}
