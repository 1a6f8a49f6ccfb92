package dev.nordfaas.openfaas;

import dev.nordfaas.config.OpenFaasConfig;
import dev.nordfaas.config.OpenFaasConfig.Edition;
import dev.nordfaas.manifest.ClusterNetworks;
import dev.nordfaas.manifest.Labels;
import dev.nordfaas.manifest.Namespaces;
import dev.nordfaas.manifest.NetworkPolicies;
import dev.nordfaas.manifest.NetworkRule;
import dev.nordfaas.manifest.PodNetworkPolicy;
import dev.nordfaas.manifest.ServiceAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Who may talk to the gateway, and to whom it may talk. */
public final class OpenFaasPolicies {
  /**
   * Whom the provider of the Community Edition asks at its start, whether it is online; it exits if
   * it gets no answer. No request data goes there.
   */
  public static final String ONLINE_CHECK = "checkip.amazonaws.com";

  /** Where that service is. */
  public static final String ONLINE_CHECK_COUNTRY = "US";

  private static final int PUBLIC_HTTPS = 443;

  private OpenFaasPolicies() {}

  /** The gateway's policy. */
  public static PodNetworkPolicy gateway(OpenFaasConfig config, ClusterNetworks networks) {
    var clients =
        new ArrayList<>(
            List.of(
                ServiceAddress.EDGE.pods(),
                NetworkPolicies.pods(Namespaces.FUNCTIONS, Map.of(Labels.GATEWAY_CLIENT, "true"))));
    var egress = new ArrayList<NetworkRule>();
    // The provider does not retry: a refused connection is a failed call.
    egress.add(
        networks.toNewPods(
            List.of(NetworkPolicies.pods(Namespaces.FUNCTIONS, Map.of())),
            ServiceAddress.FUNCTION_PORT));
    egress.add(networks.toKubernetesApi());
    if (config.prometheus().isPresent()) {
      egress.add(
          NetworkPolicies.to(
              List.of(ServiceAddress.PROMETHEUS.pods()), ServiceAddress.PROMETHEUS.port()));
    }
    if (config.jetstream().isPresent()) {
      clients.add(JetStreamQueue.workerPods());
      egress.add(
          NetworkPolicies.to(List.of(JetStreamQueue.NATS.pods()), JetStreamQueue.NATS.port()));
    }
    if (config.edition() == Edition.COMMUNITY) {
      // For ONLINE_CHECK, whose addresses change.
      egress.add(networks.toInternet(PUBLIC_HTTPS));
    }
    return NetworkPolicies.allow(
        Namespaces.OPENFAAS,
        Gateway.NAME,
        Gateway.LABELS,
        List.of(
            NetworkPolicies.from(clients, Gateway.HTTP),
            NetworkPolicies.from(NetworkPolicies.METRICS_CLIENTS, Gateway.METRICS)),
        egress);
  }
}
