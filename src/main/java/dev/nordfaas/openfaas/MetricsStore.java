package dev.nordfaas.openfaas;

import com.pulumi.kubernetes.core.v1.inputs.ContainerArgs;
import dev.nordfaas.manifest.SecurityContexts;

/**
 * Answers the gateway's question for the number of invocations where there is no Prometheus: it
 * knows none.
 *
 * <p>The gateway of the Community Edition asks Prometheus for every list of functions, and takes a
 * failed answer for an empty one by following a null pointer (0.27.13, {@code
 * metrics/add_metrics.go}): without this container {@code faas-cli list} and the UI get an empty
 * reply. It leaves when {@code openfaas.prometheus} makes a real one.
 */
final class MetricsStore {
  private static final String NO_SERIES =
      "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[]}}";

  private MetricsStore() {}

  /** A container of the Caddy image, which is on the node for the edge anyway. */
  static ContainerArgs container(String image) {
    return ContainerArgs.builder()
        .name("no-metrics")
        .image(image)
        .command(
            "caddy",
            "respond",
            "--listen",
            "127.0.0.1:" + Gateway.METRICS_STORE,
            "--header",
            "Content-Type: application/json",
            "--body",
            NO_SERIES)
        .securityContext(SecurityContexts.caddy())
        .resources(Gateway.METRICS_STORE_REQUESTS.limitedTo("64Mi"))
        .build();
  }
}
