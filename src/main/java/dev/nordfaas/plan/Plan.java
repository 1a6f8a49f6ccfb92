package dev.nordfaas.plan;

import dev.nordfaas.config.FunctionConfig.DatabaseAccess;
import dev.nordfaas.config.NatsConfig.ConsumerConfig;
import dev.nordfaas.config.StackConfig;
import dev.nordfaas.edge.EdgeRoutes;
import dev.nordfaas.edge.EdgeTimeouts;
import dev.nordfaas.host.HostNeeds;
import dev.nordfaas.host.HostSpec;
import dev.nordfaas.host.PortRange;
import dev.nordfaas.host.Sysctl;
import dev.nordfaas.host.SysctlProfile;
import dev.nordfaas.manifest.CallPath;
import dev.nordfaas.manifest.ClusterNetworks;
import dev.nordfaas.manifest.PodNetworkPolicy;
import dev.nordfaas.manifest.PodTuning;
import dev.nordfaas.manifest.PullSecret;
import dev.nordfaas.plan.MessagePath.Reader;
import dev.nordfaas.postgres.ConnectionBudget;
import dev.nordfaas.postgres.MigrationFolder;
import dev.nordfaas.postgres.SqlRole;
import dev.nordfaas.prometheus.ScrapeTarget;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Everything about a stack that is known before it exists, derived once from its config for policy,
 * components and rendering.
 *
 * <p>Every config that is well-formed key by key has a plan, even one that a rule will refuse:
 * inconsistent parts are left out or included as flaws.
 *
 * @param config what it is derived from
 * @param listeners who of the platform, K3s included, listens on which port
 * @param hosts the spec of each node's operating system, in the order of the nodes; empty for an
 *     existing cluster
 * @param hostNeeds what every host needs before K3s is installed
 * @param nameServers pods of the cluster's name server
 * @param pods what runs, K3s' own pods included
 * @param volumes what takes space on the nodes' disks
 * @param databaseRoles the access to a database of each function that has one
 * @param connections the connections to PostgreSQL and PgBouncer that those roles need
 * @param migrations the migration folder of each database that has one
 * @param calls how the calls of functions get to them
 * @param routes what the edge serves
 * @param edgeTimeouts how long the edge waits
 * @param messages who publishes, stores and reads which messages
 * @param scrapeTargets what Prometheus scrapes, besides OpenFaaS
 * @param clusterNetworks which addresses are the cluster's own
 * @param networkPolicies the policy of each workload
 * @param podTuning settings of the network namespaces of pods that handle bursts
 * @param pullSecret whether there are logins for private images
 */
public record Plan(
    StackConfig config,
    List<Listener> listeners,
    List<HostSpec> hosts,
    HostNeeds hostNeeds,
    int nameServers,
    List<Pods> pods,
    List<Volume> volumes,
    SortedMap<String, DatabaseAccess> databaseRoles,
    ConnectionBudget connections,
    SortedMap<String, MigrationFolder> migrations,
    CallPath calls,
    EdgeRoutes routes,
    EdgeTimeouts edgeTimeouts,
    MessagePlan messages,
    List<ScrapeTarget> scrapeTargets,
    ClusterNetworks clusterNetworks,
    List<PodNetworkPolicy> networkPolicies,
    PodTuning podTuning,
    PullSecret pullSecret) {

  /** The role, and the workload, that publishes what clients POST. */
  public static final String INTAKE = "intake";

  public Plan {
    listeners = List.copyOf(listeners);
    hosts = List.copyOf(hosts);
    pods = List.copyOf(pods);
    volumes = List.copyOf(volumes);
    databaseRoles = Collections.unmodifiableSortedMap(new TreeMap<>(databaseRoles));
    migrations = Collections.unmodifiableSortedMap(new TreeMap<>(migrations));
    scrapeTargets = List.copyOf(scrapeTargets);
    networkPolicies = List.copyOf(networkPolicies);
  }

  /** Derives the plan from a config. */
  public static Plan of(StackConfig config) {
    var listeners = ListenedPorts.of(config);
    var roles = databaseRoles(config);
    var messages = MessagePlan.of(config);
    var connections =
        ConnectionBudget.of(
            config.postgres(),
            roles.entrySet().stream()
                .map(role -> SqlRole.of(role.getKey(), role.getValue()))
                .toList());
    var hasIntake = !messages.paths().isEmpty();
    var hasMigrations = !connections.migrated().isEmpty();
    var scrapeTargets = ScrapePlan.of(config, hasIntake, messages.workers().keySet());
    var networks = NetworkPlan.of(config);
    var nameServers = NameServers.of(config);
    var calls = CallPath.of(config.openfaas());
    var routes = EdgeRoutes.of(config.functions(), config.queueWorker().intake()).with(calls);
    return new Plan(
        config,
        listeners,
        HostPlan.of(config, ListenedPorts.reserved(listeners)),
        NeedsOfHosts.of(config),
        nameServers,
        PodPlan.of(config, nameServers, hasIntake, hasMigrations),
        VolumePlan.of(config),
        roles,
        connections,
        MigrationFolder.readAll(config.postgres()),
        calls,
        routes,
        edgeTimeouts(config, calls),
        messages,
        scrapeTargets,
        networks,
        PolicyPlan.of(config, hasIntake, hasMigrations, networks, routes, scrapeTargets),
        podTuning(config),
        new PullSecret(!config.openfaas().registries().isEmpty()));
  }

  /** The ports that the hosts keep their own outgoing connections off. */
  public List<PortRange> listenedPorts() {
    return ListenedPorts.reserved(listeners);
  }

  /** Who may connect to whom, inside the cluster and from and to the outside. */
  public List<Flow> flows() {
    return FlowPlan.of(networkPolicies);
  }

  /** What the nodes offer to pods, and what the pods ask of them. */
  public Capacity capacity() {
    return Capacity.of(config, pods);
  }

  /** What the nodes cost. */
  public Cost cost() {
    return Cost.of(config);
  }

  /** How the stack is within the license of its edition of OpenFaaS. */
  public License license() {
    return License.of(config);
  }

  /** Those outside the cluster that the config names with their country. */
  public List<Party> parties() {
    return Party.of(config);
  }

  /** Every destination outside the cluster, of pods and of hosts. */
  public List<Destination> destinations() {
    return DestinationPlan.of(this);
  }

  /** What flows that leave the cluster are for, in the words of the config, as far as it says. */
  public Map<Flow, List<String>> purposes() {
    return DestinationPlan.purposes(this);
  }

  /** The connections to PgBouncer of each function with a database. */
  public List<DatabaseClients> databaseClients() {
    return DatabaseClients.of(config);
  }

  /** Whether there is an intake: only if it has at least one route. */
  public boolean hasIntake() {
    return !messages.paths().isEmpty();
  }

  /**
   * The consumer that a function's queue trigger names; empty if the consumer or the trigger does
   * not exist.
   */
  public Optional<ConsumerConfig> consumer(String function) {
    return Optional.ofNullable(messages.workers().get(function))
        .flatMap(
            worker ->
                messages.readers().stream()
                    .filter(reader -> reader.consumer().equals(worker))
                    .map(Reader::config)
                    .findFirst());
  }

  private static EdgeTimeouts edgeTimeouts(StackConfig config, CallPath calls) {
    var keys = config.edge().timeouts();
    return calls == CallPath.GATEWAY
        ? EdgeTimeouts.of(keys, config.openfaas().gateway())
        : EdgeTimeouts.ofDirectCalls(keys, config.functions().values());
  }

  /**
   * Pods that handle bursts get the listen queue of the hosts' profile; an override for the hosts
   * only applies to the hosts, and restarts no pods. The kubelets and the admission of an existing
   * cluster are not ours, and would refuse them.
   */
  private static PodTuning podTuning(StackConfig config) {
    if (config.k3s().existing().isPresent()) {
      return PodTuning.NONE;
    }
    return new PodTuning(
        SysctlProfile.of(config.host().sysctlProfile()).stream()
            .filter(sysctl -> sysctl.name().equals(PodTuning.SOMAXCONN))
            .map(Sysctl::value)
            .findFirst());
  }

  private static SortedMap<String, DatabaseAccess> databaseRoles(StackConfig config) {
    var roles = new TreeMap<String, DatabaseAccess>();
    config
        .functions()
        .forEach(
            (name, function) ->
                function.database().ifPresent(database -> roles.put(name, database)));
    return roles;
  }
}
