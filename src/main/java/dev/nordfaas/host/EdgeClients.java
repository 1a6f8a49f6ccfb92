package dev.nordfaas.host;

import dev.nordfaas.config.Cidr;
import dev.nordfaas.template.Template;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How many connections to the edge's ports one client may have open. It is the kernel that counts:
 * the official image of Caddy has no such limit, and a connection that the kernel drops costs no
 * TLS handshake.
 */
public final class EdgeClients {
  /** The chain, for packets to the edge's ports that open a connection. */
  public static final String CHAIN = "edge_clients";

  /**
   * Connections of one client: an IPv4 address, or an IPv6 /64. A burst of 500 concurrent calls
   * from one address still gets through.
   */
  public static final int CONNECTIONS = 512;

  private EdgeClients() {}

  /**
   * The chain and its sets, for a table of family {@code inet}.
   *
   * @param proxies load balancers, which are not limited
   */
  public static String render(List<Cidr> proxies) {
    var values = new TreeMap<>(Map.of("connections", Integer.toString(CONNECTIONS)));
    Firewall.putSets(values, "edgeProxies", Firewall.texts(proxies));
    return Template.load("files/edge-clients.nft").render(values);
  }
}
