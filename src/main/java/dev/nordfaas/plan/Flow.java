package dev.nordfaas.plan;

/**
 * Connections that a stack's network policies allow: both who connects and who is connected to let
 * them be. Look-ups in DNS are not among them, since every pod may make them.
 *
 * @param from who connects: {@code namespace/name} of a workload, or the CIDR of addresses outside
 * @param to who is connected to, in the same way
 * @param port TCP port
 */
public record Flow(String from, String to, int port) {
  @Override
  public String toString() {
    return "%s -> %s:%d".formatted(from, to, port);
  }
}
