package dev.nordfaas.function;

import com.pulumi.kubernetes.networking.v1.inputs.NetworkPolicyEgressRuleArgs;
import com.pulumi.kubernetes.networking.v1.inputs.NetworkPolicyIngressRuleArgs;
import com.pulumi.kubernetes.networking.v1.inputs.NetworkPolicyPeerArgs;
import dev.nordfaas.config.FunctionConfig;
import dev.nordfaas.config.FunctionConfig.CallbackRule;
import dev.nordfaas.manifest.Namespaces;
import dev.nordfaas.manifest.NetworkPolicies;
import dev.nordfaas.manifest.ServiceAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The connections that a workload's network policy allows.
 *
 * @param ingress who may connect to it
 * @param egress what it may connect to, besides DNS
 */
public record Traffic(
    List<NetworkPolicyIngressRuleArgs> ingress, List<NetworkPolicyEgressRuleArgs> egress) {
  private static final int NATS_PORT = 4222;

  /** The rules of a function: called by the gateway, connects to what its config declares. */
  static Traffic ofFunction(FunctionConfig function, int poolerPort) {
    var egress = new ArrayList<NetworkPolicyEgressRuleArgs>();
    if (function.database().isPresent()) {
      egress.add(
          NetworkPolicies.to(
              List.of(NetworkPolicies.pods(Namespaces.POSTGRES, Map.of())), poolerPort));
    }
    for (var rule : function.egress()) {
      rule.network()
          .map(
              network ->
                  NetworkPolicies.to(List.of(NetworkPolicies.network(network.text())), rule.port()))
          .ifPresent(egress::add);
    }
    return new Traffic(
        List.of(
            NetworkPolicies.from(
                List.of(ServiceAddress.GATEWAY.pods()), ServiceAddress.FUNCTION_PORT)),
        egress);
  }

  /**
   * The rules of a worker: only Prometheus calls it; it connects to NATS, to the gateway, and to
   * the hosts that take callbacks.
   */
  static Traffic ofWorker(List<CallbackRule> callbacks) {
    var egress = new ArrayList<NetworkPolicyEgressRuleArgs>();
    egress.add(nats());
    egress.add(
        NetworkPolicies.to(List.of(ServiceAddress.GATEWAY.pods()), ServiceAddress.GATEWAY.port()));
    for (var callback : callbacks) {
      egress.add(
          NetworkPolicies.to(
              List.of(NetworkPolicies.network(callback.cidr().text())), callback.port()));
    }
    return new Traffic(List.of(metrics()), egress);
  }

  /** The rules of intake: called by the edge and Prometheus, connects to NATS. */
  static Traffic ofIntake(NetworkPolicyPeerArgs edge) {
    return new Traffic(
        List.of(NetworkPolicies.from(List.of(edge), QueueWorkerEnvironment.PORT), metrics()),
        List.of(nats()));
  }

  private static NetworkPolicyIngressRuleArgs metrics() {
    return NetworkPolicies.from(NetworkPolicies.METRICS_CLIENTS, QueueWorkerEnvironment.PORT);
  }

  private static NetworkPolicyEgressRuleArgs nats() {
    return NetworkPolicies.to(List.of(NetworkPolicies.pods(Namespaces.NATS, Map.of())), NATS_PORT);
  }
}
