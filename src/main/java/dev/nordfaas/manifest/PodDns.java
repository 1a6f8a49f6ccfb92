package dev.nordfaas.manifest;

import com.pulumi.kubernetes.core.v1.inputs.PodDNSConfigArgs;
import com.pulumi.kubernetes.core.v1.inputs.PodDNSConfigOptionArgs;

/**
 * DNS settings of the pods that calls go through.
 *
 * <p>Kubernetes' {@code ndots: 5} tries a name of fewer than five dots with each search domain
 * first: four queries for {@code nats.nats.svc.cluster.local} and for {@code api.example.no} where
 * one would do, for IPv4 and IPv6 each, at every new connection. With 2, full names are queried as
 * they are; {@code nats} and {@code nats.nats} are still searched.
 */
public final class PodDns {
  private static final String NDOTS = "2";

  /** Seconds until a lookup is tried again, instead of 5. */
  private static final String TIMEOUT = "1";

  private PodDns() {}

  /** The config on top of {@code dnsPolicy: ClusterFirst}. */
  public static PodDNSConfigArgs config() {
    return PodDNSConfigArgs.builder().options(option("ndots", NDOTS)).build();
  }

  /**
   * The same for a pod whose requests wait while a name is looked up: a lost packet is a second.
   */
  public static PodDNSConfigArgs impatient() {
    return PodDNSConfigArgs.builder()
        .options(option("ndots", NDOTS), option("timeout", TIMEOUT))
        .build();
  }

  private static PodDNSConfigOptionArgs option(String name, String value) {
    return PodDNSConfigOptionArgs.builder().name(name).value(value).build();
  }
}
