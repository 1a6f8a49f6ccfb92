package dev.nordfaas.plan;

/**
 * Connections that a stack's network policies allow at both ends. DNS lookups are not included,
 * since every pod may make them.
 *
 * @param from who connects: {@code namespace/name} of a workload, or the CIDR of addresses outside
 * @param to the other end, in the same form
 * @param port TCP port
 */
public record Flow(String from, String to, int port) {
  /** Whether it ends at addresses instead of a workload; those of the nodes are addresses, too. */
  public boolean leavesTheCluster() {
    return to.contains(":") || Character.isDigit(to.charAt(0));
  }

  @Override
  public String toString() {
    return "%s -> %s:%d".formatted(from, to, port);
  }
}
