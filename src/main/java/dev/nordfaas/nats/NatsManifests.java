package dev.nordfaas.nats;

import com.pulumi.core.Output;
import com.pulumi.kubernetes.core.v1.ConfigMapArgs;
import com.pulumi.kubernetes.core.v1.NamespaceArgs;
import com.pulumi.kubernetes.core.v1.SecretArgs;
import com.pulumi.kubernetes.core.v1.ServiceArgs;
import com.pulumi.kubernetes.core.v1.inputs.ServicePortArgs;
import com.pulumi.kubernetes.core.v1.inputs.ServiceSpecArgs;
import com.pulumi.kubernetes.networking.v1.NetworkPolicyArgs;
import com.pulumi.kubernetes.policy.v1.PodDisruptionBudgetArgs;
import com.pulumi.kubernetes.policy.v1.inputs.PodDisruptionBudgetSpecArgs;
import dev.nordfaas.manifest.Labels;
import dev.nordfaas.manifest.Metadata;
import dev.nordfaas.manifest.Namespaces;
import dev.nordfaas.manifest.NetworkPolicies;
import dev.nordfaas.manifest.PodNetworkPolicy;
import dev.nordfaas.manifest.RestrictedNamespace;
import java.util.List;
import java.util.Map;

/** The Kubernetes objects around the servers; {@link NatsStatefulSet} has the servers. */
public final class NatsManifests {
  /** Name of the ConfigMap with {@code nats.conf}. */
  static final String CONFIG = "nats-config";

  static final String CONFIG_FILE = "nats.conf";

  private NatsManifests() {}

  /**
   * The namespace. {@code restricted} forbids pods to set net.core.somaxconn; they do not need to,
   * since a pod's own network starts with 4096 (Linux 5.4 and newer).
   */
  public static NamespaceArgs namespace() {
    return RestrictedNamespace.of(Namespaces.NATS, Nats.LABELS);
  }

  /** Denies what the other policies do not allow. */
  public static NetworkPolicyArgs defaultDeny() {
    return NetworkPolicies.defaultDeny(Namespaces.NATS, Nats.LABELS);
  }

  /**
   * Clients and the servers themselves may connect, and Prometheus to the monitoring port; probes
   * come from the node, which network policies do not block.
   */
  public static PodNetworkPolicy networkPolicy() {
    var servers = NetworkPolicies.pods(Namespaces.NATS, Nats.LABELS.selector());
    return NetworkPolicies.allow(
        Namespaces.NATS,
        Nats.NAME,
        Nats.LABELS,
        List.of(
            NetworkPolicies.from(
                List.of(
                    NetworkPolicies.pods(Namespaces.FUNCTIONS, Map.of(Labels.NATS_CLIENT, "true")),
                    NetworkPolicies.pods(Namespaces.NATS, Nats.ADMIN_LABELS.selector()),
                    NetworkPolicies.pods(Namespaces.NATS, Nats.STREAMS_LABELS.selector())),
                Nats.CLIENT_PORT),
            NetworkPolicies.from(List.of(servers), Nats.CLUSTER_PORT),
            NetworkPolicies.from(
                NetworkPolicies.METRICS_CLIENTS, Nats.EXPORTER_PORT, Nats.MONITOR_PORT)),
        List.of(NetworkPolicies.to(List.of(servers), Nats.CLUSTER_PORT)));
  }

  /** The Job that creates the streams may connect to the servers. */
  public static PodNetworkPolicy streamsNetworkPolicy() {
    return clientNetworkPolicy(Nats.STREAMS_LABELS);
  }

  /** An administrator's pod may connect to the servers. */
  public static PodNetworkPolicy adminNetworkPolicy() {
    return clientNetworkPolicy(Nats.ADMIN_LABELS);
  }

  private static PodNetworkPolicy clientNetworkPolicy(Labels client) {
    return NetworkPolicies.allow(
        Namespaces.NATS,
        client.name(),
        client,
        List.of(),
        List.of(
            NetworkPolicies.to(
                List.of(NetworkPolicies.pods(Namespaces.NATS, Nats.LABELS.selector())),
                Nats.CLIENT_PORT)));
  }

  /** The server's config. */
  public static ConfigMapArgs configMap(String natsConf) {
    return ConfigMapArgs.builder()
        .metadata(Metadata.of(Namespaces.NATS, CONFIG, Nats.LABELS))
        .data(Map.of(CONFIG_FILE, natsConf))
        .build();
  }

  /** The passwords by role, for working on the servers by hand or in a Job. */
  public static SecretArgs passwords(Output<Map<String, String>> passwords) {
    return secret(Nats.PASSWORDS, passwords);
  }

  /** The Secret with {@link NatsSecrets#files}. */
  public static SecretArgs serverSecret(Output<Map<String, String>> files) {
    return secret(Nats.SERVER, files);
  }

  private static SecretArgs secret(String name, Output<Map<String, String>> data) {
    return SecretArgs.builder()
        .metadata(Metadata.of(Namespaces.NATS, name, Nats.LABELS))
        .type("Opaque")
        .stringData(data.asSecret())
        .build();
  }

  /** The Service for clients. */
  public static ServiceArgs service() {
    return ServiceArgs.builder()
        .metadata(Metadata.of(Namespaces.NATS, Nats.NAME, Nats.LABELS))
        .spec(
            ServiceSpecArgs.builder()
                .selector(Nats.LABELS.selector())
                .ports(port("client", Nats.CLIENT_PORT))
                .build())
        .build();
  }

  /**
   * The Service that gives each server a DNS name even before it is ready: they have to form a
   * quorum first.
   */
  public static ServiceArgs headlessService() {
    return ServiceArgs.builder()
        .metadata(Metadata.of(Namespaces.NATS, Nats.HEADLESS, Nats.LABELS))
        .spec(
            ServiceSpecArgs.builder()
                .clusterIP("None")
                .publishNotReadyAddresses(true)
                .selector(Nats.LABELS.selector())
                .ports(
                    port("client", Nats.CLIENT_PORT),
                    port("cluster", Nats.CLUSTER_PORT),
                    port("monitor", Nats.MONITOR_PORT))
                .build())
        .build();
  }

  /** At most one server may be away for maintenance of a node: a quorum stays. */
  public static PodDisruptionBudgetArgs disruptionBudget() {
    return PodDisruptionBudgetArgs.builder()
        .metadata(Metadata.of(Namespaces.NATS, Nats.NAME, Nats.LABELS))
        .spec(
            PodDisruptionBudgetSpecArgs.builder()
                .maxUnavailable(1)
                .selector(Metadata.selector(Nats.LABELS))
                .build())
        .build();
  }

  private static ServicePortArgs port(String name, int number) {
    return ServicePortArgs.builder().name(name).port(number).targetPort(name).build();
  }
}
