package dev.nordfaas.host;

import dev.nordfaas.config.Cidr;
import dev.nordfaas.template.Template;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The nftables rules of a node: everything that is not explicitly allowed is dropped. */
public final class Firewall {
  /** Where a node keeps them; a separate systemd unit loads them at boot. */
  public static final String PATH = "/etc/nordfaas/firewall.nft";

  private Firewall() {}

  /**
   * The rules as a file for {@code nft --file}, which atomically replaces the old ones.
   *
   * @throws IllegalArgumentException if another node's address is a host name: rules that need DNS
   *     would not load at boot
   */
  public static String render(HostSpec spec) {
    for (var peer : spec.peers()) {
      if (!IpAddress.isLiteral(peer)) {
        throw new IllegalArgumentException(
            "%s: the firewall needs the other nodes' IP addresses, but has '%s'; set that node's privateAddress"
                .formatted(spec.nodeName(), peer));
      }
    }
    var values = new TreeMap<String, String>();
    values.put("sshPort", Integer.toString(spec.ssh().port()));
    putSets(values, "sshClients", texts(spec.host().firewall().sshCidrs()));
    putSets(values, "apiClients", texts(spec.host().firewall().apiCidrs()));
    putSets(values, "cluster", texts(spec.clusterCidrs()));
    putSets(values, "nodes", spec.peers());
    return Template.load("files/firewall.nft").render(values);
  }

  private static List<String> texts(Collection<Cidr> cidrs) {
    return cidrs.stream().map(Cidr::text).toList();
  }

  private static void putSets(Map<String, String> values, String name, List<String> addresses) {
    values.put(name + "4", elements(addresses, address -> !IpAddress.isVersion6(address)));
    values.put(name + "6", elements(addresses, IpAddress::isVersion6));
  }

  private static String elements(List<String> addresses, Predicate<String> family) {
    var chosen = addresses.stream().filter(family).sorted().collect(Collectors.joining(", "));
    return chosen.isEmpty() ? "" : "elements = { %s }".formatted(chosen);
  }
}
