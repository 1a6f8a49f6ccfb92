package dev.nordfaas.postgres.cluster;

import com.pulumi.kubernetes.meta.v1.inputs.LabelSelectorArgs;
import com.pulumi.kubernetes.networking.v1.NetworkPolicyArgs;
import com.pulumi.kubernetes.networking.v1.inputs.NetworkPolicyEgressRuleArgs;
import com.pulumi.kubernetes.networking.v1.inputs.NetworkPolicyIngressRuleArgs;
import com.pulumi.kubernetes.networking.v1.inputs.NetworkPolicyPeerArgs;
import com.pulumi.kubernetes.networking.v1.inputs.NetworkPolicySpecArgs;
import dev.nordfaas.manifest.Labels;
import dev.nordfaas.manifest.Metadata;
import dev.nordfaas.manifest.Namespaces;
import dev.nordfaas.manifest.NetworkPolicies;
import dev.nordfaas.postgres.Postgres;
import java.util.List;
import java.util.Map;

/** Who may talk to the pods that the operator makes, and to whom they may talk. */
public final class ClusterPolicies {
  /** The operator puts them on all pods of the cluster: instances, their Jobs, poolers. */
  private static final Map<String, String> CLUSTER = Map.of("cnpg.io/cluster", Postgres.NAME);

  private static final Map<String, String> POOLER = Map.of("cnpg.io/poolerName", Postgres.POOLER);

  private ClusterPolicies() {}

  /** The instances and the Jobs that set them up. */
  public static NetworkPolicyPeerArgs instances() {
    return NetworkPolicies.pods(Namespaces.POSTGRES, CLUSTER);
  }

  /**
   * Instances stream from each other; poolers and the Jobs that make roles and tables connect; the
   * operator asks how they are, and Prometheus for their metrics. Each reads its own spec from the
   * Kubernetes API.
   */
  public static NetworkPolicyArgs cluster() {
    return allow(
        Postgres.NAME,
        Postgres.LABELS,
        CLUSTER,
        List.of(
            NetworkPolicies.from(
                List.of(
                    instances(),
                    NetworkPolicies.pods(Namespaces.POSTGRES, Postgres.ROLES_LABELS.selector()),
                    NetworkPolicies.pods(
                        Namespaces.POSTGRES, Postgres.MIGRATIONS_LABELS.selector())),
                Postgres.PORT),
            NetworkPolicies.from(
                List.of(Operator.pods(), instances()), ClusterManifests.STATUS_PORT),
            NetworkPolicies.from(NetworkPolicies.METRICS_CLIENTS, Postgres.METRICS_PORT)),
        List.of(
            NetworkPolicies.to(List.of(instances()), Postgres.PORT, ClusterManifests.STATUS_PORT),
            NetworkPolicies.toKubernetesApi()));
  }

  /** Functions with the label may connect to PgBouncer, and Prometheus to its metrics. */
  public static NetworkPolicyArgs pooler() {
    return allow(
        Postgres.POOLER,
        Postgres.POOLER_LABELS,
        POOLER,
        List.of(
            NetworkPolicies.from(
                List.of(
                    NetworkPolicies.pods(
                        Namespaces.FUNCTIONS, Map.of(Labels.POSTGRES_CLIENT, "true"))),
                Postgres.PORT),
            NetworkPolicies.from(NetworkPolicies.METRICS_CLIENTS, Postgres.POOLER_METRICS_PORT)),
        List.of());
  }

  private static NetworkPolicyArgs allow(
      String name,
      Labels labels,
      Map<String, String> pods,
      List<NetworkPolicyIngressRuleArgs> ingress,
      List<NetworkPolicyEgressRuleArgs> egress) {
    return NetworkPolicyArgs.builder()
        .metadata(Metadata.of(Namespaces.POSTGRES, name, labels))
        .spec(
            NetworkPolicySpecArgs.builder()
                .podSelector(LabelSelectorArgs.builder().matchLabels(pods).build())
                .policyTypes("Ingress", "Egress")
                .ingress(ingress)
                .egress(egress)
                .build())
        .build();
  }
}
