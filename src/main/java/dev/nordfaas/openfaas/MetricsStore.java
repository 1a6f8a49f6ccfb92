package dev.nordfaas.openfaas;

import com.pulumi.kubernetes.core.v1.inputs.ContainerArgs;
import dev.nordfaas.manifest.Command;
import dev.nordfaas.manifest.SecurityContexts;

/**
 * Answers the gateway's queries for the number of invocations if there is no Prometheus, with an
 * empty result.
 *
 * <p>The gateway of the Community Edition queries Prometheus for every list of functions, and
 * dereferences a null pointer if the query fails (0.27.13, {@code metrics/add_metrics.go}): without
 * this container {@code faas-cli list} and the UI get an empty reply. It is gone once {@code
 * openfaas.prometheus} creates a real one.
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
            Command.of(
                "caddy",
                "respond",
                "--listen",
                "127.0.0.1:" + Gateway.METRICS_STORE,
                "--header",
                "Content-Type: application/json",
                "--body",
                NO_SERIES))
        .securityContext(SecurityContexts.caddy())
        .resources(Gateway.METRICS_STORE_REQUESTS.limitedTo("64Mi"))
        .build();
  }
}
