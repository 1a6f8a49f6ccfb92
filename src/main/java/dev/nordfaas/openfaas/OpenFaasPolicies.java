package dev.nordfaas.openfaas;

import dev.nordfaas.config.EdgeConfig;
import dev.nordfaas.config.EdgeConfig.Tls;
import dev.nordfaas.config.OpenFaasConfig;
import dev.nordfaas.config.OpenFaasConfig.Edition;
import dev.nordfaas.manifest.Labels;
import dev.nordfaas.manifest.Namespaces;
import dev.nordfaas.manifest.NetworkPolicies;
import dev.nordfaas.manifest.NetworkRule;
import dev.nordfaas.manifest.PodNetworkPolicy;
import dev.nordfaas.manifest.ServiceAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Who may talk to gateway and edge, and to whom they may talk. */
public final class OpenFaasPolicies {
  private static final int PUBLIC_HTTPS = 443;

  /** What {@link URI#getPort} says of a URL without one. */
  private static final int NO_PORT = -1;

  private OpenFaasPolicies() {}

  /** The gateway's policy. */
  public static PodNetworkPolicy gateway(OpenFaasConfig config) {
    var clients =
        new ArrayList<>(
            List.of(
                NetworkPolicies.pods(Namespaces.EDGE, EdgePod.LABELS.selector()),
                NetworkPolicies.pods(Namespaces.FUNCTIONS, Map.of(Labels.GATEWAY_CLIENT, "true"))));
    var egress = new ArrayList<NetworkRule>();
    egress.add(
        NetworkPolicies.to(
            List.of(NetworkPolicies.pods(Namespaces.FUNCTIONS, Map.of())),
            ServiceAddress.FUNCTION_PORT));
    egress.add(NetworkPolicies.toKubernetesApi());
    if (config.prometheus().isPresent()) {
      egress.add(NetworkPolicies.to(List.of(Prometheus.ADDRESS.pods()), Prometheus.ADDRESS.port()));
    }
    if (config.jetstream().isPresent()) {
      clients.add(JetStreamQueue.workerPods());
      egress.add(
          NetworkPolicies.to(List.of(JetStreamQueue.NATS.pods()), JetStreamQueue.NATS.port()));
    }
    if (config.edition() == Edition.COMMUNITY) {
      // At its start the provider of this edition asks https://checkip.amazonaws.com, a service in
      // the USA, whether it is online, and exits if it gets no answer. No request data goes there.
      egress.add(NetworkPolicies.to(NetworkPolicies.ANYWHERE, PUBLIC_HTTPS));
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

  /** The policy of Prometheus: the gateway asks it, and it reads what it is to read. */
  public static PodNetworkPolicy prometheus(List<ScrapeTarget> targets) {
    return new PodNetworkPolicy(
        Namespaces.OPENFAAS,
        Prometheus.NAME,
        Prometheus.LABELS.all(),
        Prometheus.LABELS.selector(),
        PrometheusManifests.podLabels(),
        List.of(
            NetworkPolicies.from(
                List.of(ServiceAddress.GATEWAY.pods()), Prometheus.ADDRESS.port())),
        targets.stream()
            .map(target -> NetworkPolicies.to(List.of(target.peer()), target.port()))
            .toList());
  }

  /** The edge's policy. */
  public static PodNetworkPolicy edge(EdgeConfig config) {
    var egress = new ArrayList<NetworkRule>();
    egress.add(
        NetworkPolicies.to(List.of(ServiceAddress.GATEWAY.pods()), ServiceAddress.GATEWAY.port()));
    egress.add(
        NetworkPolicies.to(List.of(ServiceAddress.INTAKE.pods()), ServiceAddress.INTAKE.port()));
    if (config.tls() == Tls.ACME) {
      // Certificate authorities publish no list of their addresses.
      egress.add(NetworkPolicies.to(NetworkPolicies.ANYWHERE, acmePort(config)));
    }
    return NetworkPolicies.allow(
        Namespaces.EDGE,
        EdgePod.NAME,
        EdgePod.LABELS,
        List.of(
            NetworkPolicies.fromAnywhere(EdgePod.HTTP, EdgePod.HTTPS),
            NetworkPolicies.from(
                List.of(NetworkPolicies.pods(Namespaces.EDGE, EdgeJob.LABELS.selector())),
                EdgePod.HEALTH)),
        egress);
  }

  private static int acmePort(EdgeConfig config) {
    return config
        .acmeDirectory()
        .map(directory -> URI.create(directory).getPort())
        .filter(port -> port != NO_PORT)
        .orElse(PUBLIC_HTTPS);
  }

  /** The policy of the Job that checks the edge. */
  public static PodNetworkPolicy edgeCheck() {
    return NetworkPolicies.allow(
        Namespaces.EDGE,
        EdgeJob.NAME,
        EdgeJob.LABELS,
        List.of(),
        List.of(
            NetworkPolicies.to(
                List.of(NetworkPolicies.pods(Namespaces.EDGE, EdgePod.LABELS.selector())),
                EdgePod.HEALTH)));
  }
}
