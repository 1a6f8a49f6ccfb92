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

  private PodDns() {}

  /** The config on top of {@code dnsPolicy: ClusterFirst}. */
  public static PodDNSConfigArgs config() {
    return PodDNSConfigArgs.builder()
        .options(PodDNSConfigOptionArgs.builder().name("ndots").value(NDOTS).build())
        .build();
  }
}
