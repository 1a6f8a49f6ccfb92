package dev.nordfaas.tls;

import java.util.List;

/**
 * Who a server is, as its certificate says.
 *
 * @param purpose what keeps its keys apart from those that are made of the same secret for another
 *     server
 * @param authority name of the authority, which signs for nobody else
 * @param server name of the server
 * @param names DNS names under which clients reach it
 * @param addresses IP addresses under which clients reach it
 */
public record TlsIdentity(
    String purpose, String authority, String server, List<String> names, List<String> addresses) {
  /** Copies the lists. */
  public TlsIdentity {
    names = List.copyOf(names);
    addresses = List.copyOf(addresses);
  }
}
