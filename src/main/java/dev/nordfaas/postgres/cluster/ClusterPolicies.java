package dev.nordfaas.postgres.cluster;

import dev.nordfaas.config.PostgresConfig;
import dev.nordfaas.manifest.ClusterNetworks;
import dev.nordfaas.manifest.Labels;
import dev.nordfaas.manifest.Namespaces;
import dev.nordfaas.manifest.NetworkPeer;
import dev.nordfaas.manifest.NetworkPolicies;
import dev.nordfaas.manifest.NetworkRule;
import dev.nordfaas.manifest.PodNetworkPolicy;
import dev.nordfaas.postgres.BackupManifests;
import dev.nordfaas.postgres.MigrationsJob;
import dev.nordfaas.postgres.PoolerManifests;
import dev.nordfaas.postgres.Postgres;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Who may talk to the pods that the operator creates, and to whom they may talk. */
public final class ClusterPolicies {
  /** The operator puts them on all pods of the cluster: instances, their Jobs, poolers. */
  private static final Map<String, String> CLUSTER = Map.of("cnpg.io/cluster", Postgres.NAME);

  /** On the pods of PgBouncer. */
  public static final Map<String, String> POOLER = Map.of("cnpg.io/poolerName", Postgres.POOLER);

  private ClusterPolicies() {}

  /** The instances and the Jobs that set them up. */
  public static NetworkPeer instances() {
    return NetworkPolicies.pods(Namespaces.POSTGRES, CLUSTER);
  }

  /**
   * Instances stream from each other; poolers and the Jobs for roles and tables connect; the
   * operator queries their status, and Prometheus their metrics. Each reads its own spec from the
   * Kubernetes API. That the operator has to reach both ports is from <a
   * href="https://cloudnative-pg.io/documentation/current/networking">its documentation</a>.
   */
  public static PodNetworkPolicy cluster(PostgresConfig config, ClusterNetworks networks) {
    var egress =
        new ArrayList<>(
            List.of(
                NetworkPolicies.to(
                    List.of(instances()), Postgres.PORT, ClusterManifests.STATUS_PORT),
                networks.toKubernetesApi()));
    config
        .clusterBackup()
        .ifPresent(backup -> egress.addAll(BackupManifests.toStore(backup, networks)));
    return allow(
        Postgres.NAME,
        Postgres.LABELS,
        CLUSTER,
        List.of(
            NetworkPolicies.from(
                List.of(
                    instances(),
                    Operator.pods(),
                    NetworkPolicies.pods(Namespaces.POSTGRES, Postgres.ROLES_LABELS.selector()),
                    NetworkPolicies.pods(
                        Namespaces.POSTGRES, Postgres.MIGRATIONS_LABELS.selector())),
                Postgres.PORT),
            NetworkPolicies.from(
                List.of(Operator.pods(), instances()), ClusterManifests.STATUS_PORT),
            NetworkPolicies.from(NetworkPolicies.METRICS_CLIENTS, Postgres.METRICS_PORT)),
        egress);
  }

  /** Functions with the label may connect to PgBouncer, and Prometheus to its metrics. */
  public static PodNetworkPolicy pooler() {
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

  /**
   * Migrations connect to PgBouncer; beyond one instance straight to PostgreSQL, since the
   * operator's PgBouncer has one mode for all databases.
   */
  public static PodNetworkPolicy migrations(PostgresConfig config) {
    return MigrationsJob.networkPolicy(
        config, config.highAvailability() ? instances() : PoolerManifests.pods());
  }

  private static PodNetworkPolicy allow(
      String name,
      Labels labels,
      Map<String, String> pods,
      List<NetworkRule> ingress,
      List<NetworkRule> egress) {
    return new PodNetworkPolicy(
        Namespaces.POSTGRES, name, labels.all(), pods, podLabels(pods), ingress, egress);
  }

  private static Map<String, String> podLabels(Map<String, String> pods) {
    var labels = new TreeMap<>(CLUSTER);
    labels.putAll(pods);
    return labels;
  }
}
