package dev.nordfaas.manifest;

import dev.nordfaas.config.OpenFaasConfig;
import java.util.List;
import java.util.Map;

/** How the calls of functions get to them. */
public enum CallPath {
  /** Through OpenFaaS' gateway, which may call any function. */
  GATEWAY,

  /** To the function itself; it lets in the callers that its config names. */
  DIRECT;

  /** What there is with an edition. */
  public static CallPath of(OpenFaasConfig config) {
    return config.hasGateway() ? GATEWAY : DIRECT;
  }

  /**
   * Lets a caller inside the cluster make its calls. What refuses a new pod of a function is a
   * failed call, so a direct caller may connect to each pod from its first moment, as the gateway
   * may.
   */
  public NetworkRule toFunction(String function, ClusterNetworks networks) {
    return this == GATEWAY
        ? NetworkPolicies.to(List.of(ServiceAddress.GATEWAY.pods()), ServiceAddress.GATEWAY.port())
        : networks.toNewPods(
            List.of(ServiceAddress.function(function).pods()), ServiceAddress.FUNCTION_PORT);
  }

  /** The labels by which the gateway lets a caller in. */
  public Map<String, String> callerLabels() {
    return this == GATEWAY ? Map.of(Labels.GATEWAY_CLIENT, "true") : Map.of();
  }
}
