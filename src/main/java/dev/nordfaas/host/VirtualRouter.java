package dev.nordfaas.host;

import dev.nordfaas.config.VirtualAddress;
import java.util.List;

/**
 * A node's part in a virtual address.
 *
 * @param name of the router, unique on the node
 * @param address the address, its interface, and the router's number
 * @param priority 1 to 254; of several nodes that could, the one with the highest takes the address
 * @param source the node's own address, from which it tells the others that it is alive
 * @param peers the others' addresses
 * @param url what has to answer on this node for it to have the address; any answer will do
 */
public record VirtualRouter(
    String name,
    VirtualAddress address,
    int priority,
    String source,
    List<String> peers,
    String url) {
  public VirtualRouter {
    peers = List.copyOf(peers);
  }
}
