package dev.nordfaas.host;

import java.util.regex.Pattern;

/** Distinguishes IP addresses from host names, without a lookup. */
public final class IpAddress {
  private static final Pattern VERSION_4 = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}");

  private IpAddress() {}

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
