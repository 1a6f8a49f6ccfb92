package dev.nordfaas.host;

import dev.nordfaas.config.Cidr;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Distinguishes IP addresses from host names, without a lookup. */
public final class IpAddress {
  private static final Pattern VERSION_4 = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}");

  /** Addresses of one link or one machine. */
  private static final List<Cidr> LOCAL =
      Stream.of("169.254.0.0/16", "127.0.0.0/8", "fe80::/10", "::1/128").map(Cidr::parse).toList();

  private IpAddress() {}

  /** Whether the text is an address in a private network; a name is not. */
  public static boolean isPrivate(String host) {
    return Stream.concat(Cidr.PRIVATE.stream(), LOCAL.stream())
        .anyMatch(network -> network.contains(host));
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
