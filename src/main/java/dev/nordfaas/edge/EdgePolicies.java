package dev.nordfaas.edge;

import dev.nordfaas.config.EdgeConfig;
import dev.nordfaas.config.EdgeConfig.Tls;
import dev.nordfaas.config.HttpsUrl;
import dev.nordfaas.manifest.ClusterNetworks;
import dev.nordfaas.manifest.Namespaces;
import dev.nordfaas.manifest.NetworkPolicies;
import dev.nordfaas.manifest.NetworkRule;
import dev.nordfaas.manifest.PodNetworkPolicy;
import dev.nordfaas.manifest.ServiceAddress;
import java.util.ArrayList;
import java.util.List;

/** Who may talk to the edge, and to whom it may talk. */
public final class EdgePolicies {
  private static final int PUBLIC_HTTPS = 443;

  private EdgePolicies() {}

  /** The edge's policy. */
  public static PodNetworkPolicy edge(EdgeConfig config, ClusterNetworks networks) {
    var egress = new ArrayList<NetworkRule>();
    egress.add(
        NetworkPolicies.to(List.of(ServiceAddress.GATEWAY.pods()), ServiceAddress.GATEWAY.port()));
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
