package dev.nordfaas.config;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * An IPv4 or IPv6 network, such as {@code 10.42.0.0/16}.
 *
 * @param text the network in CIDR notation, with no bits set after the prefix
 */
public record Cidr(String text) {
  /** What a network looks like, as a regular expression. */
  public static final String PATTERN = "[0-9a-fA-F.:]+/[0-9]{1,3}";

  private static final Pattern ADDRESS = Pattern.compile(Patterns.IPV4 + "|" + Patterns.IPV6);
  static final String HINT = "a network in CIDR notation, such as 198.51.100.0/24";

  /**
   * Networks of organizations and providers that the internet has no route to: RFC 1918, RFC 6598,
   * and the unique local addresses of IPv6.
   */
  public static final List<Cidr> PRIVATE =
      Stream.of("10.0.0.0/8", "100.64.0.0/10", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")
          .map(Cidr::parse)
          .toList();

  /**
   * Reads a network.
   *
   * @throws IllegalArgumentException if it is not a network, or has bits set after the prefix
   */
  public static Cidr parse(String text) {
    if (!text.matches(PATTERN)) {
      throw new IllegalArgumentException("is not a network in CIDR notation");
    }
    var cidr = new Cidr(text);
    var bits = cidr.address().length * 8;
    if (cidr.prefixLength() > bits) {
      throw new IllegalArgumentException("has a prefix of more than " + bits + " bits");
    }
    if (!cidr.network(cidr.address()).equals(new BigInteger(1, cidr.address()))) {
      throw new IllegalArgumentException("has bits set after the prefix");
    }
    return cidr;
  }

  /** Whether the two networks share an address. */
  public boolean overlaps(Cidr other) {
    if (address().length != other.address().length) {
      return false;
    }
    var wider = prefixLength() <= other.prefixLength() ? this : other;
    return wider.network(address()).equals(wider.network(other.address()));
  }

  /** Whether every address of the other network is in this one. */
  public boolean contains(Cidr other) {
    return prefixLength() <= other.prefixLength() && overlaps(other);
  }

  /** Whether the host is an IP address in this network. */
  public boolean contains(String host) {
    if (!isAddress(host)) {
      return false;
    }
    var single = new Cidr(host + (host.indexOf(':') < 0 ? "/32" : "/128"));
    return single.address().length == address().length
        && network(single.address()).equals(network(address()));
  }

  private static boolean isAddress(String host) {
    return ADDRESS.matcher(host).matches();
  }

  private BigInteger network(byte[] address) {
    var hostBits = address.length * 8 - prefixLength();
    return new BigInteger(1, Arrays.copyOf(address, address.length))
        .shiftRight(hostBits)
        .shiftLeft(hostBits);
  }

  /** Length of the prefix in bits. */
  public int prefixLength() {
    return Integer.parseInt(text.substring(text.indexOf('/') + 1));
  }

  private byte[] address() {
    var address = text.substring(0, text.indexOf('/'));
    if (!isAddress(address)) {
      throw new IllegalArgumentException("is not a network in CIDR notation");
    }
    try {
      // No lookup: anything but an address has been refused above.
      return InetAddress.getByName(address).getAddress();
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("is not a network in CIDR notation", e);
    }
  }

  @Override
  public String toString() {
    return text;
  }
}
