package dev.nordfaas.host;

import dev.nordfaas.config.Cidr;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Distinguishes IP addresses from host names, without a lookup. */
public final class IpAddress {
  private static final Pattern VERSION_4 = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}");

  /**
   * Networks that the internet has no route to: RFC 1918, shared by a provider's customers (RFC
   * 6598), link-local and loopback; of IPv6, unique local and the same two.
   */
  private static final List<Cidr> PRIVATE =
      Stream.of(
              "10.0.0.0/8",
              "172.16.0.0/12",
              "192.168.0.0/16",
              "100.64.0.0/10",
              "169.254.0.0/16",
              "127.0.0.0/8",
              "fc00::/7",
              "fe80::/10",
              "::1/128")
          .map(Cidr::parse)
          .toList();

  private IpAddress() {}

  /** Whether the text is an address in a private network; a name is not. */
  public static boolean isPrivate(String host) {
    return PRIVATE.stream().anyMatch(network -> network.contains(host));
  }

  /** Whether the text is an address rather than a name. */
  public static boolean isLiteral(String host) {
    return isVersion6(host) || VERSION_4.matcher(host).matches();
  }

  /** Whether an address or a network is IPv6: only those have a colon. */
  public static boolean isVersion6(String host) {
    return host.indexOf(':') >= 0;
  }

  /** The host as in a URL: an IPv6 address in brackets. */
  public static String inUrl(String host) {
    return isVersion6(host) ? "[" + host + "]" : host;
  }
}
