package dev.nordfaas.plan;

import dev.nordfaas.config.FunctionConfig;
import dev.nordfaas.config.StackConfig;
import dev.nordfaas.edge.EdgePolicies;
import dev.nordfaas.edge.EdgeRoutes;
import dev.nordfaas.function.WorkloadPolicies;
import dev.nordfaas.manifest.CallPath;
import dev.nordfaas.manifest.ClusterNetworks;
import dev.nordfaas.manifest.PodNetworkPolicy;
import dev.nordfaas.nats.NatsManifests;
import dev.nordfaas.openfaas.JetStreamQueue;
import dev.nordfaas.openfaas.OpenFaasPolicies;
import dev.nordfaas.postgres.BackupManifests;
import dev.nordfaas.postgres.PoolerManifests;
import dev.nordfaas.postgres.Postgres;
import dev.nordfaas.postgres.PostgresManifests;
import dev.nordfaas.postgres.RolesJob;
import dev.nordfaas.postgres.cluster.ClusterPolicies;
import dev.nordfaas.postgres.cluster.Operator;
import dev.nordfaas.prometheus.PrometheusManifests;
import dev.nordfaas.prometheus.ScrapeTarget;
import java.util.ArrayList;
import java.util.List;

/**
 * Lists the network policy of each workload of a stack; {@code PolicyPlanTest} compares it with
 * what the program registers.
 */
final class PolicyPlan {
  private final StackConfig config;
  private final boolean hasIntake;
  private final boolean hasMigrations;
  private final ClusterNetworks networks;
  private final EdgeRoutes routes;
  private final List<PodNetworkPolicy> all = new ArrayList<>();

  private PolicyPlan(
      StackConfig config,
      boolean hasIntake,
      boolean hasMigrations,
      ClusterNetworks networks,
      EdgeRoutes routes) {
    this.config = config;
    this.hasIntake = hasIntake;
    this.hasMigrations = hasMigrations;
    this.networks = networks;
    this.routes = routes;
  }

  /**
   * The policies of a stack, in the order of the config's sections.
   *
   * @param networks what is not outside the cluster
   * @param routes what the edge serves, and how the calls of functions get to them
   * @param scrapeTargets what Prometheus scrapes, besides what calls functions
   */
  static List<PodNetworkPolicy> of(
      StackConfig config,
      boolean hasIntake,
      boolean hasMigrations,
      ClusterNetworks networks,
      EdgeRoutes routes,
      List<ScrapeTarget> scrapeTargets) {
    return new PolicyPlan(config, hasIntake, hasMigrations, networks, routes).all(scrapeTargets);
  }

  private List<PodNetworkPolicy> all(List<ScrapeTarget> scrapeTargets) {
    addNats();
    addPostgres();
    addOpenFaas(scrapeTargets);
    if (hasIntake) {
      all.add(WorkloadPolicies.intake());
    }
    config.functions().forEach(this::addFunction);
    return List.copyOf(all);
  }

  private void addNats() {
    all.add(NatsManifests.networkPolicy());
    all.add(NatsManifests.adminNetworkPolicy());
    all.add(NatsManifests.streamsNetworkPolicy());
  }

  private void addPostgres() {
    var postgres = config.postgres();
    if (postgres.highAvailability()) {
      all.add(Operator.networkPolicy(networks));
      all.add(Operator.waitPolicy(networks));
      all.add(ClusterPolicies.cluster(postgres, networks));
      all.add(ClusterPolicies.pooler());
      all.add(RolesJob.networkPolicy(ClusterPolicies.instances()));
    } else {
      all.add(PostgresManifests.networkPolicy(postgres, networks));
      all.add(PoolerManifests.networkPolicy(postgres.pooler()));
      all.add(RolesJob.networkPolicy(PostgresManifests.pods()));
    }
    if (hasMigrations) {
      all.add(ClusterPolicies.migrations(postgres));
    }
    postgres
        .pgBackRest()
        .map(backup -> BackupManifests.networkPolicy(backup, networks))
        .ifPresent(all::add);
  }

  private void addOpenFaas(List<ScrapeTarget> scrapeTargets) {
    var openfaas = config.openfaas();
    if (routes.calls() == CallPath.GATEWAY) {
      all.add(OpenFaasPolicies.gateway(openfaas, networks));
    }
    openfaas
        .prometheus()
        .ifPresent(
            prometheus ->
                all.add(
                    PrometheusManifests.policy(
                        OpenFaasTargets.and(openfaas, scrapeTargets), routes.calls())));
    if (openfaas.jetstream().isPresent()) {
      all.add(JetStreamQueue.natsPolicy());
      all.add(JetStreamQueue.workerPolicy());
    }
    all.add(EdgePolicies.edge(config.edge(), routes, networks));
    all.add(EdgePolicies.check());
  }

  private void addFunction(String name, FunctionConfig function) {
    all.add(
        WorkloadPolicies.function(
            name,
            function,
            function.database().map(access -> Postgres.poolerPodPort(config.postgres())),
            networks,
            routes.calls()));
    function
        .queue()
        .ifPresent(
            queue -> all.add(WorkloadPolicies.worker(name, queue, networks, routes.calls())));
    if (!function.cron().isEmpty()) {
      all.add(WorkloadPolicies.schedules(name, networks, routes.calls()));
    }
  }
}
