package dev.nordfaas.queueworker.intake;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/** Addresses as clients are counted by. */
final class ClientAddress {
  private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");
  private static final Pattern IPV6 = Pattern.compile("([0-9A-Fa-f:.]{2,45})(%.*)?");

  /** What an IPv6 client usually has for itself: 64 bits. */
  private static final int PREFIX_BYTES = 8;

  private ClientAddress() {}

  /** An IPv4 address, or the /64 of an IPv6 address; empty: it is no address. */
  static Optional<String> of(String text) {
    if (IPV4.matcher(text).matches()) {
      return Optional.of(text);
    }
    var literal = IPV6.matcher(text);
    return literal.matches() && text.contains(":") ? prefix(literal.group(1)) : Optional.empty();
  }

  private static Optional<String> prefix(String literal) {
    try {
      // A text with a colon is never looked up.
      var address = InetAddress.getByName(literal);
      return Optional.of(
          address instanceof Inet4Address
              ? address.getHostAddress()
              : HexFormat.of().formatHex(address.getAddress(), 0, PREFIX_BYTES) + "/64");
    } catch (UnknownHostException e) {
      return Optional.empty();
    }
  }
}
