package dev.nordfaas.components;

import com.pulumi.core.Output;
import com.pulumi.kubernetes.apps.v1.Deployment;
import com.pulumi.kubernetes.apps.v1.StatefulSet;
import com.pulumi.kubernetes.core.v1.ConfigMap;
import com.pulumi.kubernetes.core.v1.Secret;
import com.pulumi.kubernetes.core.v1.Service;
import com.pulumi.kubernetes.networking.v1.NetworkPolicy;
import com.pulumi.kubernetes.policy.v1.PodDisruptionBudget;
import com.pulumi.resources.CustomResourceOptions;
import com.pulumi.resources.Resource;
import dev.nordfaas.config.PostgresConfig;
import dev.nordfaas.manifest.ClusterNetworks;
import dev.nordfaas.postgres.ConnectionBudget;
import dev.nordfaas.postgres.PgBouncerDeployment;
import dev.nordfaas.postgres.PgBouncerExporter;
import dev.nordfaas.postgres.PgBouncerIni;
import dev.nordfaas.postgres.PoolerManifests;
import dev.nordfaas.postgres.Postgres;
import dev.nordfaas.postgres.PostgresExporter;
import dev.nordfaas.postgres.PostgresManifests;
import dev.nordfaas.postgres.PostgresStatefulSet;
import dev.nordfaas.postgres.PostgresTls;
import dev.nordfaas.postgres.RolesJob;
import dev.nordfaas.postgres.SqlRole;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** PostgreSQL with a volume, and PgBouncer on the same node. */
final class PostgresInstance implements PostgresServers {
  private final PooledPostgres postgres;
  private final PostgresConfig config;
  private final ConnectionBudget budget;
  private final List<SqlRole> functionRoles;
  private final Optional<Output<String>> metricsPassword;
  private final ClusterNetworks networks;
  private final CustomResourceOptions inNamespace;

  /**
   * Registers no resource before {@link #server} and {@link #pooler} are called.
   *
   * @param functionRoles the roles of the functions
   * @param metricsPassword password of the role that the exporter logs in as, if there is an
   *     exporter
   * @param networks which addresses are the cluster's own
   */
  PostgresInstance(
      PooledPostgres postgres,
      PostgresConfig config,
      ConnectionBudget budget,
      List<SqlRole> functionRoles,
      Optional<Output<String>> metricsPassword,
      ClusterNetworks networks,
      CustomResourceOptions inNamespace) {
    this.postgres = postgres;
    this.config = config;
    this.budget = budget;
    this.functionRoles = functionRoles;
    this.metricsPassword = metricsPassword;
    this.networks = networks;
    this.inNamespace = inNamespace;
  }

  @Override
  public Resource server(
      Output<String> superuserPassword, Output<PostgresTls> tls, List<Resource> before) {
    var superuser =
        new Secret(child("superuser"), PostgresManifests.superuser(superuserPassword), inNamespace);
    var policies = policies();
    var files = PostgresManifests.files(config, budget.maxConnections());
    var configMap = new ConfigMap(child("config"), PostgresManifests.configMap(files), inNamespace);
    var keys =
        new Secret(child("tls"), PostgresManifests.tls(tls, Postgres.LABELS.all()), inNamespace);
    var service = new Service(child("service"), PostgresManifests.service(), inNamespace);
    var exporter =
        metricsPassword
            .<Resource>map(
                it -> new Secret(child("exporter"), PostgresExporter.secret(it), inNamespace))
            .stream()
            .toArray(Resource[]::new);
    return new StatefulSet(
        child("server"),
        PostgresStatefulSet.of(
            config,
            PodChecksums.of(
                String.join("", files.values()),
                withMetrics(tls.applyValue(it -> it.server().privateKey()), metricsPassword))),
        Component.keepingVolumes(
            postgres.protectedChildOptions(
                Component.with(
                    Component.with(
                        Component.with(before, exporter), configMap, superuser, keys, service),
                    policies.toArray(Resource[]::new)))));
  }

  @Override
  public Resource pooler(
      Output<String> password, Output<PostgresTls> tls, Resource server, Resource roles) {
    var pooler = config.pooler();
    var ini = PgBouncerIni.of(config, budget, functionRoles);
    var configMap =
        new ConfigMap(
            child("pooler-config"),
            PoolerManifests.configMap(ini, PgBouncerDeployment.openFiles(pooler, budget)),
            // What PgBouncer reads makes it reconnect for settings that the Job has to have made.
            postgres.childOptions(List.of(roles)));
    var metrics =
        pooler
            .exporterImage()
            .map(it -> GeneratedPassword.create(child("pooler-metrics-password"), postgres));
    var secret =
        new Secret(child("pooler-auth"), PoolerManifests.secret(password, metrics), inNamespace);
    var before = new ArrayList<Resource>(List.of(configMap, secret, roles));
    metrics.ifPresent(
        it ->
            before.add(
                new Secret(child("pooler-exporter"), PgBouncerExporter.secret(it), inNamespace)));
    var keys =
        new Secret(
            child("pooler-tls"),
            PoolerManifests.tls(tls, Postgres.POOLER_LABELS.all()),
            inNamespace);
    var service =
        new Service(child("pooler-service"), PoolerManifests.service(pooler.port()), inNamespace);
    if (pooler.replicas() > 1) {
      new PodDisruptionBudget(
          child("pooler-disruption-budget"), PoolerManifests.disruptionBudget(), inNamespace);
    }
    return new Deployment(
        child("pooler"),
        PgBouncerDeployment.of(
            pooler,
            PodChecksums.of(
                PoolerManifests.restartingPart(PgBouncerIni.settings(pooler, budget)),
                // With old ones PgBouncer could not log in to PostgreSQL, and a pod that starts has
                // the new ones at once.
                withMetrics(
                    Output.tuple(password, tls).applyValue(it -> it.t1 + it.t2.caCertificate()),
                    metrics))),
        postgres.childOptions(Component.with(before, keys, service)));
  }

  private List<Resource> policies() {
    return List.of(
        new NetworkPolicy(
            child("policy"), PostgresManifests.networkPolicy(config, networks).args(), inNamespace),
        new NetworkPolicy(
            child("roles-policy"),
            RolesJob.networkPolicy(PostgresManifests.pods()).args(),
            inNamespace),
        new NetworkPolicy(
            child("pooler-policy"),
            PoolerManifests.networkPolicy(config.pooler()).args(),
            inNamespace));
  }

  /** What a pod reads at its start, including its exporter's password. */
  private static Output<String> withMetrics(
      Output<String> secret, Optional<Output<String>> password) {
    return password
        .map(it -> Output.tuple(secret, it).applyValue(both -> both.t1 + both.t2))
        .orElse(secret);
  }

  private String child(String suffix) {
    return postgres.child(suffix);
  }
}
