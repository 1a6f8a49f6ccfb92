package dev.nordfaas.edge;

import dev.nordfaas.config.EdgeConfig;
import dev.nordfaas.config.EdgeConfig.Tls;
import dev.nordfaas.config.HttpsUrl;
import dev.nordfaas.config.IssuerConfig;
import dev.nordfaas.manifest.CallPath;
import dev.nordfaas.manifest.ClusterNetworks;
import dev.nordfaas.manifest.Namespaces;
import dev.nordfaas.manifest.NetworkPolicies;
import dev.nordfaas.manifest.NetworkRule;
import dev.nordfaas.manifest.PodNetworkPolicy;
import dev.nordfaas.manifest.ServiceAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Who may talk to the edge, and to whom it may talk. */
public final class EdgePolicies {
  private static final int PUBLIC_HTTPS = 443;

  private EdgePolicies() {}

  /** The edge's policy. */
  public static PodNetworkPolicy edge(
      EdgeConfig config, EdgeRoutes routes, ClusterNetworks networks) {
    var egress = new ArrayList<NetworkRule>();
    toFunctions(routes, networks).ifPresent(egress::add);
    egress.add(
        NetworkPolicies.to(List.of(ServiceAddress.INTAKE.pods()), ServiceAddress.INTAKE.port()));
    if (config.tls() == Tls.ACME) {
      // Public authorities publish no list of their addresses; others may have private ones.
      egress.add(
          config.acmeDirectory().isPresent()
              ? networks.toOutside(acmePort(config))
              : networks.toInternet(PUBLIC_HTTPS));
    }
    if (config.sharesCertificates()) {
      egress.add(networks.toKubernetesApi());
    }
    if (routes.areChecked()) {
      config.issuers().values().stream()
          .flatMap(issuer -> toKeys(issuer, networks).stream())
          .distinct()
          .forEach(egress::add);
    }
    return NetworkPolicies.allow(
        Namespaces.EDGE, EdgePod.NAME, EdgePod.LABELS, ingress(routes), egress);
  }

  private static List<NetworkRule> ingress(EdgeRoutes routes) {
    var ingress =
        new ArrayList<>(
            List.of(
                NetworkPolicies.fromAnywhere(EdgePod.HTTP, EdgePod.HTTPS),
                NetworkPolicies.from(
                    List.of(NetworkPolicies.pods(Namespaces.EDGE, EdgeJob.LABELS.selector())),
                    EdgePod.HEALTH)));
    if (routes.calls() == CallPath.DIRECT) {
      ingress.add(NetworkPolicies.from(NetworkPolicies.METRICS_CLIENTS, EdgePod.METRICS));
    }
    return ingress;
  }

  /** To the gateway, or to the functions that clients may call. */
  private static Optional<NetworkRule> toFunctions(EdgeRoutes routes, ClusterNetworks networks) {
    if (routes.calls() == CallPath.GATEWAY) {
      return Optional.of(
          NetworkPolicies.to(
              List.of(ServiceAddress.GATEWAY.pods()), ServiceAddress.GATEWAY.port()));
    }
    var pods =
        routes.functions().stream()
            .map(route -> ServiceAddress.function(route.name()).pods())
            .toList();
    return pods.isEmpty()
        ? Optional.empty()
        : Optional.of(networks.toNewPods(pods, ServiceAddress.FUNCTION_PORT));
  }

  /** An issuer whose keys are in the config is not asked for any. */
  private static Optional<NetworkRule> toKeys(IssuerConfig issuer, ClusterNetworks networks) {
    return issuer.host().flatMap(host -> networks.to(issuer.cidrs(), host.port()));
  }

  /** The port of the authority of certificates. */
  public static int acmePort(EdgeConfig config) {
    return config
        .acmeDirectory()
        .map(directory -> HttpsUrl.parse(directory).port())
        .orElse(PUBLIC_HTTPS);
  }

  /** The policy of the Job that checks the edge. */
  public static PodNetworkPolicy check() {
    return NetworkPolicies.allow(
        Namespaces.EDGE,
        EdgeJob.NAME,
        EdgeJob.LABELS,
        List.of(),
        List.of(NetworkPolicies.to(List.of(ServiceAddress.EDGE.pods()), EdgePod.HEALTH)));
  }
}
