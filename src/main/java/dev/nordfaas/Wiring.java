package dev.nordfaas;

import com.pulumi.core.Output;
import com.pulumi.resources.ComponentResourceOptions;
import dev.nordfaas.components.FunctionWorkload;
import dev.nordfaas.components.FunctionWorkloadArgs;
import dev.nordfaas.components.K3sCluster;
import dev.nordfaas.components.K3sClusterArgs;
import dev.nordfaas.components.NatsJetStream;
import dev.nordfaas.components.NatsJetStreamArgs;
import dev.nordfaas.components.OpenFaas;
import dev.nordfaas.components.OpenFaasArgs;
import dev.nordfaas.components.PooledPostgres;
import dev.nordfaas.components.PooledPostgresArgs;
import dev.nordfaas.components.TunedHost;
import dev.nordfaas.components.TunedHostArgs;
import dev.nordfaas.config.FunctionConfig;
import dev.nordfaas.config.StackConfig;
import dev.nordfaas.host.HostSpec;
import dev.nordfaas.manifest.ServiceAddress;
import dev.nordfaas.plan.Plan;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Creates the six components of a plan, and wires them. */
final class Wiring {
  private final Plan plan;
  private final StackConfig config;
  private final Consumer<String> warnings;

  Wiring(Plan plan, Consumer<String> warnings) {
    this.plan = plan;
    this.config = plan.config();
    this.warnings = warnings;
  }

  /** Registers everything that was planned. */
  Platform platform() {
    var cluster = cluster(hosts());
    var onCluster = onCluster(cluster);

    var nats = new NatsJetStream("nats", natsArgs(), onCluster);
    var postgres = new PooledPostgres("postgres", postgresArgs(), onCluster);
    var openfaas = new OpenFaas("openfaas", openfaasArgs(), onCluster);

    if (plan.hasIntake()) {
      new FunctionWorkload(Plan.INTAKE, intakeArgs(nats, openfaas), onCluster);
    }
    var functions = new TreeMap<String, FunctionWorkload>();
    config
        .functions()
        .forEach(
            (name, function) ->
                functions.put(
                    name,
                    new FunctionWorkload(
                        name, functionArgs(name, function, nats, postgres, openfaas), onCluster)));
    return new Platform(plan, cluster, nats, postgres, openfaas, functions);
  }

  /** Of what runs on the cluster. */
  static ComponentResourceOptions onCluster(K3sCluster cluster) {
    return ComponentResourceOptions.builder()
        .providers(cluster.provider())
        .dependsOn(cluster.priorityClasses())
        .build();
  }

  private List<TunedHost> hosts() {
    return plan.hosts().stream().map(this::host).toList();
  }

  private TunedHost host(HostSpec spec) {
    var name = spec.nodeName();
    var host =
        new TunedHost(
            name, TunedHostArgs.of(spec, plan.hostNeeds()), ComponentResourceOptions.Empty);
    host.restart().applyValue(reason -> reason.map(text -> warnOfRestart(name, text)));
    return host;
  }

  private String warnOfRestart(String node, String reason) {
    var warning =
        "%s has to be restarted: %s; see 'Restart a node' in docs/runbook.md"
            .formatted(node, reason);
    warnings.accept(warning);
    return warning;
  }

  private K3sCluster cluster(List<TunedHost> hosts) {
    return new K3sCluster(
        config.datacenter().name(),
        K3sClusterArgs.builder()
            .nodes(config.nodes())
            .k3s(config.k3s())
            .host(config.host())
            .ssh(config.ssh())
            .nameServers(plan.nameServers())
            .hosts(hosts)
            .build(),
        ComponentResourceOptions.Empty);
  }

  private NatsJetStreamArgs natsArgs() {
    return NatsJetStreamArgs.builder()
        .config(config.nats())
        .intakeSubjects(plan.messages().subjects())
        .workers(plan.messages().workers())
        .tuning(plan.podTuning())
        .build();
  }

  private PooledPostgresArgs postgresArgs() {
    return PooledPostgresArgs.builder()
        .config(config.postgres())
        .roles(plan.databaseRoles())
        .migrations(plan.migrations())
        .networks(plan.clusterNetworks())
        .build();
  }

  private OpenFaasArgs openfaasArgs() {
    return OpenFaasArgs.builder()
        .config(config.openfaas())
        .edge(config.edge())
        .domain(config.datacenter().domain())
        .routes(plan.routes())
        .timeouts(plan.edgeTimeouts())
        .tuning(plan.podTuning())
        .scrapeTargets(plan.scrapeTargets())
        .networks(plan.clusterNetworks())
        .build();
  }

  /** Intake believes what the edge says of a caller: an older edge lets clients say it. */
  private FunctionWorkloadArgs intakeArgs(NatsJetStream nats, OpenFaas openfaas) {
    return FunctionWorkloadArgs.intake(config.queueWorker())
        .namespace(openfaas.functionsNamespace())
        .nats(nats.login(Plan.INTAKE))
        .tuning(plan.podTuning())
        .pullSecret(plan.pullSecret())
        .after(nats, openfaas)
        .build();
  }

  private FunctionWorkloadArgs functionArgs(
      String name,
      FunctionConfig function,
      NatsJetStream nats,
      PooledPostgres postgres,
      OpenFaas openfaas) {
    var args =
        FunctionWorkloadArgs.function(function)
            .namespace(openfaas.functionsNamespace())
            .queueWorker(config.queueWorker())
            .functionUrl(functionUrl(name, openfaas))
            .calls(plan.calls())
            .pullSecret(plan.pullSecret())
            .networks(plan.clusterNetworks())
            .after(nats, postgres);
    plan.consumer(name).ifPresent(consumer -> args.nats(nats.login(name)).consumer(consumer));
    function.database().ifPresent(database -> args.database(postgres.login(name)));
    return args.build();
  }

  /** Where callers inside the cluster call a function: at the gateway, or else at the function. */
  private static Output<String> functionUrl(String name, OpenFaas openfaas) {
    return openfaas
        .internalGatewayUrl()
        .map(gateway -> gateway.applyValue(url -> url + "/function/" + name))
        .orElseGet(() -> Output.of(ServiceAddress.function(name).url()));
  }
}
