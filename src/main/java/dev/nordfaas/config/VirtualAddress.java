package dev.nordfaas.config;

import java.util.Optional;

/** An address that one of several nodes has at a time: that of a VRRP router (keepalived). */
public record VirtualAddress(
    @Key(
            value =
                "The address, with the length of its network's prefix. It is in the network that the nodes have on networkInterface, and no node's own.",
            pattern = Patterns.IPV4 + "/([1-9]|[12][0-9]|3[0-2])",
            hint = "an IPv4 address with its prefix, such as 203.0.113.10/24",
            example = "203.0.113.10/24")
        String address,
    @Key(
            value = "Network interface of every one of these nodes that gets the address.",
            pattern = Patterns.INTERFACE,
            hint = Patterns.INTERFACE_HINT,
            example = "eth0")
        String networkInterface,
    @Key(
            value =
                "Network interface of every one of these nodes that has its privateAddress: over it the nodes tell each other that they are alive. Default: networkInterface.",
            pattern = Patterns.INTERFACE,
            hint = Patterns.INTERFACE_HINT)
        Optional<String> privateInterface,
    @Key(
            value =
                "Number of the virtual router: the same on its nodes, and another for every other one in the private network.",
            min = 1,
            max = 255,
            example = "51")
        int routerId) {

  /** The address without the prefix. */
  public String ip() {
    return address.substring(0, address.indexOf('/'));
  }

  /** Whether the host is an IP address in the same network. */
  public boolean isBeside(String host) {
    return new Cidr(address).contains(host);
  }
}
