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
import dev.nordfaas.openfaas.EdgeRoutes;
import dev.nordfaas.policy.ListenedPorts;
import dev.nordfaas.postgres.MigrationFolder;
import dev.nordfaas.postgres.Postgres;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The whole platform of one datacenter: six components, wired. */
public final class Platform {
  private final StackConfig config;
  private final Wiring wiring;

  private Platform(StackConfig config) {
    this.config = config;
    this.wiring = new Wiring(config);
  }

  /** Registers everything that the config describes; the result is the stack's outputs. */
  public static Map<String, Output<?>> define(StackConfig config) {
    return new Platform(config).define();
  }

  private Map<String, Output<?>> define() {
    var cluster = cluster(hosts());
    var onCluster = ComponentResourceOptions.builder().providers(cluster.provider()).build();

    var nats = new NatsJetStream("nats", natsArgs(), onCluster);
    var postgres = new PooledPostgres("postgres", postgresArgs(), onCluster);
    var openfaas = new OpenFaas("openfaas", openfaasArgs(), onCluster);

    if (wiring.hasIntake()) {
      new FunctionWorkload(Wiring.INTAKE, intakeArgs(nats, openfaas), onCluster);
    }
    config
        .functions()
        .forEach(
            (name, function) ->
                new FunctionWorkload(
                    name, functionArgs(name, function, nats, postgres, openfaas), onCluster));

    var outputs =
        new HashMap<String, Output<?>>(
            Map.of(
                "gatewayUrl", openfaas.gatewayUrl(),
                "gatewayPassword", openfaas.adminPassword(),
                "kubeconfig", cluster.kubeconfig(),
                "readOnlyKubeconfig", cluster.readOnlyKubeconfig()));
    postgres.backupPassphrase().ifPresent(it -> outputs.put("backupPassphrase", it));
    return outputs;
  }

  /** A cluster that exists already has hosts of its own. */
  private List<TunedHost> hosts() {
    if (config.k3s().existing().isPresent()) {
      return List.of();
    }
    return hostSpecs(config).stream()
        .map(
            spec ->
                new TunedHost(
                    spec.nodeName(),
                    TunedHostArgs.builder()
                        .nodeName(spec.nodeName())
                        .node(spec.node())
                        .host(spec.host())
                        .ssh(spec.ssh())
                        .listenedPorts(spec.listenedPorts())
                        .clusterCidrs(spec.clusterCidrs())
                        .peers(spec.peers())
                        .build(),
                    ComponentResourceOptions.Empty))
        .toList();
  }

  /** What each node's operating system is made from, in the order of the nodes. */
  public static List<HostSpec> hostSpecs(StackConfig config) {
    var wiring = new Wiring(config);
    return config.nodes().entrySet().stream()
        .map(
            node ->
                new HostSpec(
                    node.getKey(),
                    node.getValue(),
                    config.host(),
                    config.ssh(),
                    ListenedPorts.of(config),
                    List.of(config.k3s().clusterCidr(), config.k3s().serviceCidr()),
                    wiring.peersOf(node.getKey())))
        .toList();
  }

  private K3sCluster cluster(List<TunedHost> hosts) {
    return new K3sCluster(
        config.datacenter().name(),
        K3sClusterArgs.builder()
            .nodes(config.nodes())
            .k3s(config.k3s())
            .host(config.host())
            .ssh(config.ssh())
            .hosts(hosts)
            .build(),
        ComponentResourceOptions.Empty);
  }

  private NatsJetStreamArgs natsArgs() {
    return NatsJetStreamArgs.builder()
        .config(config.nats())
        .intakeSubjects(wiring.intakeSubjects())
        .workers(wiring.workers())
        .tuning(wiring.podTuning())
        .build();
  }

  private PooledPostgresArgs postgresArgs() {
    return PooledPostgresArgs.builder()
        .config(config.postgres())
        .roles(wiring.databaseRoles())
        .migrations(MigrationFolder.readAll(config.postgres()))
        .build();
  }

  private OpenFaasArgs openfaasArgs() {
    return OpenFaasArgs.builder()
        .config(config.openfaas())
        .edge(config.edge())
        .domain(config.datacenter().domain())
        .routes(EdgeRoutes.of(config.functions(), config.queueWorker().intake()))
        .tuning(wiring.podTuning())
        .scrapeTargets(wiring.scrapeTargets())
        .build();
  }

  private FunctionWorkloadArgs intakeArgs(NatsJetStream nats, OpenFaas openfaas) {
    return FunctionWorkloadArgs.intake(config.queueWorker())
        .namespace(openfaas.functionsNamespace())
        .natsUrl(nats.url())
        .natsCredentials(ofRole(Wiring.INTAKE, nats.credentials()))
        .natsCaCertificate(nats.caCertificate())
        .tuning(wiring.podTuning())
        .pullSecret(wiring.pullSecret())
        .after(nats)
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
            .gatewayUrl(openfaas.internalGatewayUrl())
            .natsUrl(nats.url())
            .natsCaCertificate(nats.caCertificate())
            .poolerPort(Postgres.poolerPodPort(config.postgres()))
            .pullSecret(wiring.pullSecret())
            .after(nats, postgres);
    function
        .queue()
        .ifPresent(
            queue ->
                args.natsCredentials(ofRole(name, nats.credentials()))
                    .consumer(wiring.consumer(queue)));
    function
        .database()
        .ifPresent(
            database ->
                args.databaseDsn(ofRole(name, postgres.poolerDsn()))
                    .databaseCaCertificate(postgres.caCertificate()));
    return args.build();
  }

  /** Every role that the wiring names has been handed to the component that makes it. */
  private static <V> V ofRole(String role, Map<String, V> byRole) {
    return Objects.requireNonNull(byRole.get(role), role);
  }
}
