package dev.nordfaas.edge;

import dev.nordfaas.config.EdgeConfig.Timeouts;
import dev.nordfaas.config.FunctionConfig;
import dev.nordfaas.config.OpenFaasConfig.GatewayConfig;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * How long the edge waits, with the defaults that follow from the gateway, or without one from the
 * functions.
 *
 * @param readHeader for the headers of a request
 * @param readBody for its body
 * @param response for gateway, function or intake to start the response
 * @param write from the end of the request's headers to the end of the response
 * @param idle for the next request of a connection
 */
public record EdgeTimeouts(
    Duration readHeader, Duration readBody, Duration response, Duration write, Duration idle) {
  /** What the edge waits on top of those behind it, so that their response gets through. */
  private static final Duration MARGIN = Duration.ofSeconds(5);

  /** What is waited for at least, however short the functions' calls are. */
  private static final Duration LEAST_CALL = Duration.ofSeconds(30);

  /** As long as a gateway has to read a request by default. */
  private static final Duration READ_BODY = Duration.ofSeconds(65);

  /** The given keys, with the others derived from the gateway's. */
  public static EdgeTimeouts of(Timeouts keys, GatewayConfig gateway) {
    return of(keys, gateway.readTimeout(), gateway.writeTimeout());
  }

  /** The same without a gateway: derived from how long the functions with {@code http} may take. */
  public static EdgeTimeouts ofDirectCalls(Timeouts keys, Collection<FunctionConfig> functions) {
    var longest =
        Stream.concat(
                Stream.of(LEAST_CALL),
                functions.stream()
                    .filter(function -> function.http().isPresent())
                    .map(FunctionConfig::timeout))
            .max(Comparator.naturalOrder())
            .orElseThrow();
    return of(keys, READ_BODY, longest);
  }

  private static EdgeTimeouts of(Timeouts keys, Duration read, Duration longest) {
    var readBody = keys.readBody().orElse(read);
    var response = keys.response().orElse(longest.plus(MARGIN));
    return new EdgeTimeouts(
        keys.readHeader(),
        readBody,
        response,
        keys.write().orElse(readBody.plus(response)),
        keys.idle());
  }
}
