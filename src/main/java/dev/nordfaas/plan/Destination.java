package dev.nordfaas.plan;

import java.util.Optional;

/**
 * Where connections that leave the cluster go.
 *
 * @param from who connects: {@code namespace/name} of a workload, or {@link #HOSTS}
 * @param host name of the other end; empty if the config only has its network
 * @param network the CIDR that the policy allows; empty for hosts, whose connections nothing limits
 * @param port TCP port, or UDP for the time and for names
 * @param country ISO 3166-1 alpha-2 code; empty if nobody has said where it is
 */
public record Destination(
    String from,
    Optional<String> host,
    Optional<String> network,
    int port,
    Optional<String> country) {
  /** The nodes' operating systems. */
  public static final String HOSTS = "hosts";
}
