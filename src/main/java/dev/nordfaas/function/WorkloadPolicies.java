package dev.nordfaas.function;

import dev.nordfaas.config.FunctionConfig;
import dev.nordfaas.config.FunctionConfig.QueueTrigger;
import dev.nordfaas.manifest.CallPath;
import dev.nordfaas.manifest.ClusterNetworks;
import dev.nordfaas.manifest.Labels;
import dev.nordfaas.manifest.Namespaces;
import dev.nordfaas.manifest.NetworkPeer;
import dev.nordfaas.manifest.NetworkPolicies;
import dev.nordfaas.manifest.NetworkRule;
import dev.nordfaas.manifest.PodNetworkPolicy;
import dev.nordfaas.manifest.ServiceAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Who may talk to functions, workers, intake and schedules, and to whom they may talk. */
public final class WorkloadPolicies {
  private static final String YES = "true";

  private WorkloadPolicies() {}

  /**
   * A function is called by the gateway, or by its own callers, its metrics are read by Prometheus,
   * and it connects to what its config declares.
   *
   * @param poolerPort TCP port of the pooler's pods, if it has a database
   * @param networks what is not outside
   * @param calls through whom its calls come
   */
  public static PodNetworkPolicy function(
      String name,
      FunctionConfig function,
      Optional<Integer> poolerPort,
      ClusterNetworks networks,
      CallPath calls) {
    var egress = new ArrayList<NetworkRule>();
    var clientLabels = new TreeMap<>(Map.of(Workloads.FAAS_FUNCTION, name));
    poolerPort.ifPresent(
        port -> {
          clientLabels.put(Labels.POSTGRES_CLIENT, YES);
          egress.add(
              NetworkPolicies.to(
                  List.of(NetworkPolicies.pods(Namespaces.POSTGRES, Map.of())), port));
        });
    for (var rule : function.egress()) {
      rule.network()
          .flatMap(network -> networks.to(List.of(network), rule.port()))
          .ifPresent(egress::add);
    }
    var ingress = new ArrayList<NetworkRule>();
    var callers =
        calls == CallPath.GATEWAY
            ? List.of(ServiceAddress.GATEWAY.pods())
            : directCallers(name, function);
    if (!callers.isEmpty()) {
      ingress.add(NetworkPolicies.from(callers, ServiceAddress.FUNCTION_PORT));
    }
    function.metricsPort().map(WorkloadPolicies::metrics).ifPresent(ingress::add);
    return policy(new Labels(name, "function"), clientLabels, ingress, egress);
  }

  /** The edge with {@code http}, its worker with a queue, the pods of its schedules. */
  private static List<NetworkPeer> directCallers(String name, FunctionConfig function) {
    var callers = new ArrayList<NetworkPeer>();
    function.http().ifPresent(http -> callers.add(ServiceAddress.EDGE.pods()));
    function.queue().ifPresent(queue -> callers.add(pods(workerLabels(name))));
    if (!function.cron().isEmpty()) {
      callers.add(pods(scheduleLabels(name)));
    }
    return callers;
  }

  private static NetworkPeer pods(Labels labels) {
    return NetworkPolicies.pods(Namespaces.FUNCTIONS, labels.selector());
  }

  /**
   * Only Prometheus connects to a worker; it connects to NATS, to its function or the gateway, and
   * to the hosts that accept callbacks.
   */
  public static PodNetworkPolicy worker(
      String function, QueueTrigger trigger, ClusterNetworks networks, CallPath calls) {
    var egress = new ArrayList<>(List.of(toNats(), calls.toFunction(function, networks)));
    trigger.callbacks().stream()
        .flatMap(callback -> networks.to(List.of(callback.cidr()), callback.port()).stream())
        .forEach(egress::add);
    var clientLabels = new TreeMap<>(calls.callerLabels());
    clientLabels.put(Labels.NATS_CLIENT, YES);
    return policy(
        workerLabels(function),
        clientLabels,
        List.of(metrics(QueueWorkerEnvironment.METRICS_PORT)),
        egress);
  }

  /** The edge and Prometheus connect to intake; it connects to NATS. */
  public static PodNetworkPolicy intake() {
    return policy(
        new Labels(ServiceAddress.INTAKE.name(), "intake"),
        Map.of(Labels.NATS_CLIENT, YES),
        List.of(
            NetworkPolicies.from(
                List.of(NetworkPolicies.pods(Namespaces.EDGE, Map.of())),
                QueueWorkerEnvironment.PORT),
            metrics(QueueWorkerEnvironment.METRICS_PORT)),
        List.of(toNats()));
  }

  /**
   * Nobody connects to the pods of a function's schedules; they only connect to the function, or to
   * the gateway.
   */
  public static PodNetworkPolicy schedules(
      String function, ClusterNetworks networks, CallPath calls) {
    return policy(
        scheduleLabels(function),
        calls.callerLabels(),
        List.of(),
        List.of(calls.toFunction(function, networks)));
  }

  private static Labels workerLabels(String function) {
    return new Labels(Workloads.workerName(function), "queue-worker");
  }

  private static Labels scheduleLabels(String function) {
    return new Labels(function + CronTriggers.ENDING, "schedule");
  }

  private static PodNetworkPolicy policy(
      Labels labels,
      Map<String, String> clientLabels,
      List<NetworkRule> ingress,
      List<NetworkRule> egress) {
    var all = new TreeMap<>(labels.all());
    all.putAll(clientLabels);
    return new PodNetworkPolicy(
        Namespaces.FUNCTIONS, labels.name(), all, labels.selector(), all, ingress, egress);
  }

  private static NetworkRule metrics(int port) {
    return NetworkPolicies.from(NetworkPolicies.METRICS_CLIENTS, port);
  }

  private static NetworkRule toNats() {
    return NetworkPolicies.to(
        List.of(NetworkPolicies.pods(Namespaces.NATS, Map.of())), ServiceAddress.NATS.port());
  }
}
