package dev.nordfaas.tls;

import java.util.List;

/**
 * The identity of a server in its certificate.
 *
 * @param purpose distinguishes its keys from those derived from the same secret for another server
 * @param authority name of the authority, which only signs for this server
 * @param server name of the server
 * @param names DNS names under which clients reach it
 * @param addresses IP addresses under which clients reach it
 */
public record TlsIdentity(
    String purpose, String authority, String server, List<String> names, List<String> addresses) {
  public TlsIdentity {
    names = List.copyOf(names);
    addresses = List.copyOf(addresses);
  }
}
