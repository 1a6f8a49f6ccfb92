package dev.nordfaas.function;

import dev.nordfaas.config.FunctionConfig;
import dev.nordfaas.config.FunctionConfig.QueueTrigger;
import dev.nordfaas.manifest.ClusterNetworks;
import dev.nordfaas.manifest.Labels;
import dev.nordfaas.manifest.Namespaces;
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
   * A function is called by the gateway, its metrics are read by Prometheus, and it connects to
   * what its config declares.
   *
   * @param poolerPort TCP port of the pooler's pods, if it has a database
   * @param networks what is not outside
   */
  public static PodNetworkPolicy function(
      String name,
      FunctionConfig function,
      Optional<Integer> poolerPort,
      ClusterNetworks networks) {
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
    ingress.add(
        NetworkPolicies.from(List.of(ServiceAddress.GATEWAY.pods()), ServiceAddress.FUNCTION_PORT));
    function.metricsPort().map(WorkloadPolicies::metrics).ifPresent(ingress::add);
    return policy(new Labels(name, "function"), clientLabels, ingress, egress);
  }

  /**
   * Only Prometheus connects to a worker; it connects to NATS, to the gateway, and to the hosts
   * that accept callbacks.
   */
  public static PodNetworkPolicy worker(
      String function, QueueTrigger trigger, ClusterNetworks networks) {
    var egress = new ArrayList<>(List.of(toNats(), toGateway()));
    trigger.callbacks().stream()
        .flatMap(callback -> networks.to(List.of(callback.cidr()), callback.port()).stream())
        .forEach(egress::add);
    return policy(
        new Labels(Workloads.workerName(function), "queue-worker"),
        Map.of(Labels.NATS_CLIENT, YES, Labels.GATEWAY_CLIENT, YES),
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

  /** Nobody connects to the pods of a function's schedules; they only connect to the gateway. */
  public static PodNetworkPolicy schedules(String function) {
    return policy(
        new Labels(function + CronTriggers.ENDING, "schedule"),
        Map.of(Labels.GATEWAY_CLIENT, YES),
        List.of(),
        List.of(toGateway()));
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

  private static NetworkRule toGateway() {
    return NetworkPolicies.to(
        List.of(ServiceAddress.GATEWAY.pods()), ServiceAddress.GATEWAY.port());
  }
}
