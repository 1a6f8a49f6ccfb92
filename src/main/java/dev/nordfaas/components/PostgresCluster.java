package dev.nordfaas.components;

import com.pulumi.core.Output;
import com.pulumi.kubernetes.batch.v1.Job;
import com.pulumi.kubernetes.core.v1.Secret;
import com.pulumi.kubernetes.core.v1.ServiceAccount;
import com.pulumi.kubernetes.networking.v1.NetworkPolicy;
import com.pulumi.kubernetes.policy.v1.PodDisruptionBudget;
import com.pulumi.kubernetes.rbac.v1.ClusterRole;
import com.pulumi.kubernetes.rbac.v1.ClusterRoleBinding;
import com.pulumi.kubernetes.rbac.v1.Role;
import com.pulumi.kubernetes.rbac.v1.RoleBinding;
import com.pulumi.resources.CustomResourceOptions;
import com.pulumi.resources.Resource;
import dev.nordfaas.config.BackupConfig;
import dev.nordfaas.config.ObjectStoreConfig.PostgresStore;
import dev.nordfaas.config.PostgresConfig;
import dev.nordfaas.customresource.CustomResourceType;
import dev.nordfaas.customresource.KubernetesCustomResource;
import dev.nordfaas.manifest.Checksums;
import dev.nordfaas.manifest.ClusterNetworks;
import dev.nordfaas.postgres.BackupJobs;
import dev.nordfaas.postgres.ConnectionBudget;
import dev.nordfaas.postgres.PoolerManifests;
import dev.nordfaas.postgres.Postgres;
import dev.nordfaas.postgres.PostgresManifests;
import dev.nordfaas.postgres.PostgresTls;
import dev.nordfaas.postgres.RolesJob;
import dev.nordfaas.postgres.cluster.ClusterBackup;
import dev.nordfaas.postgres.cluster.ClusterManifests;
import dev.nordfaas.postgres.cluster.ClusterPolicies;
import dev.nordfaas.postgres.cluster.Operator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** PostgreSQL on three nodes: the operator, and the objects that it reconciles. */
final class PostgresCluster implements PostgresServers {
  /** For three instances, one after the other, each with its image; Pulumi's own is ten minutes. */
  private static final Duration LONGEST_START = Duration.ofMinutes(20);

  private final PooledPostgres postgres;
  private final PostgresConfig config;
  private final ConnectionBudget budget;
  private final ClusterNetworks networks;
  private final CustomResourceOptions inNamespace;

  PostgresCluster(
      PooledPostgres postgres,
      PostgresConfig config,
      ConnectionBudget budget,
      ClusterNetworks networks,
      CustomResourceOptions inNamespace) {
    this.postgres = postgres;
    this.config = config;
    this.budget = budget;
    this.networks = networks;
    this.inNamespace = inNamespace;
  }

  @Override
  public Resource server(
      Output<String> superuserPassword, Output<PostgresTls> tls, List<Resource> before) {
    var superuser =
        new Secret(child("superuser"), ClusterManifests.superuser(superuserPassword), inNamespace);
    var policies =
        List.<Resource>of(
            new NetworkPolicy(
                child("policy"), ClusterPolicies.cluster(config, networks).args(), inNamespace),
            new NetworkPolicy(
                child("roles-policy"),
                RolesJob.networkPolicy(ClusterPolicies.instances()).args(),
                inNamespace),
            new NetworkPolicy(
                child("pooler-policy"), ClusterPolicies.pooler().args(), inNamespace));
    var keys =
        new Secret(
            child("tls"),
            PostgresManifests.tls(tls, ClusterManifests.reloaded(Postgres.LABELS)),
            inNamespace);
    var needed = new ArrayList<>(Component.with(policies, superuser, keys, operator(before)));
    store()
        .ifPresent(
            store ->
                needed.add(new Secret(child("backup"), ClusterBackup.secret(store), inNamespace)));
    var cluster =
        new KubernetesCustomResource(
            child("cluster"),
            CustomResourceType.CLUSTER,
            ClusterManifests.cluster(config, budget.maxConnections()),
            postgres.protectedChildOptions(
                Component.with(needed, before.toArray(Resource[]::new)), LONGEST_START));
    config.clusterBackup().ifPresent(backup -> backups(backup, cluster));
    return cluster;
  }

  private Optional<PostgresStore> store() {
    return config.clusterBackup().flatMap(backup -> backup.repository().s3());
  }

  /** {@code up} waits until a segment of the log has arrived in the store. */
  private void backups(BackupConfig backup, Resource cluster) {
    for (var type : BackupJobs.Type.values()) {
      new KubernetesCustomResource(
          child("backup-" + type.suffix()),
          CustomResourceType.SCHEDULED_BACKUP,
          ClusterBackup.schedule(backup, type),
          postgres.childOptions(List.of(cluster)));
    }
    new Job(
        child("backup-wait"),
        Operator.archiveJob(
            config.operator(),
            Output.of(Map.of(Checksums.CONFIG, Checksums.of(backup.repository().toString())))),
        postgres.childOptions(List.of(cluster)));
  }

  @Override
  public Resource pooler(
      Output<String> password, Output<PostgresTls> tls, Resource server, Resource roles) {
    var auth = new Secret(child("pooler-auth"), ClusterManifests.poolerAuth(password), inNamespace);
    var keys =
        new Secret(
            child("pooler-tls"),
            PoolerManifests.tls(tls, ClusterManifests.reloaded(Postgres.POOLER_LABELS)),
            inNamespace);
    if (config.pooler().replicas() > 1) {
      new PodDisruptionBudget(
          child("pooler-disruption-budget"),
          PoolerManifests.disruptionBudget(ClusterPolicies.POOLER),
          inNamespace);
    }
    return new KubernetesCustomResource(
        child("pooler"),
        CustomResourceType.POOLER,
        ClusterManifests.pooler(config, budget),
        postgres.childOptions(List.of(auth, keys, server, roles)));
  }

  private Resource operator(List<Resource> before) {
    var account = new ServiceAccount(child("operator-wait"), Operator.waitAccount(), inNamespace);
    var needed =
        List.<Resource>of(
            account,
            new NetworkPolicy(
                child("operator-policy"), Operator.networkPolicy(networks).args(), inNamespace),
            new NetworkPolicy(
                child("operator-wait-policy"), Operator.waitPolicy(networks).args(), inNamespace),
            new ClusterRole(
                child("operator-wait"), Operator.waitClusterRole(), postgres.childOptions()),
            new ClusterRoleBinding(
                child("operator-wait"), Operator.waitClusterRoleBinding(), postgres.childOptions()),
            new Role(child("operator-wait"), Operator.waitRole(), inNamespace),
            new RoleBinding(child("operator-wait"), Operator.waitRoleBinding(), inNamespace));
    var all = Component.with(needed, before.toArray(Resource[]::new));
    var chart =
        new KubernetesCustomResource(
            child("operator-chart"),
            CustomResourceType.HELM_CHART,
            Operator.chart(config.operator()),
            postgres.childOptions(all));
    return new Job(
        child("operator-wait"),
        Operator.waitJob(
            config.operator(),
            Output.of(Map.of(Checksums.CONFIG, Checksums.of(config.operator().toString())))),
        postgres.childOptions(Component.with(all, chart)));
  }

  private String child(String suffix) {
    return postgres.child(suffix);
  }
}
