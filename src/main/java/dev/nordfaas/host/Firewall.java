package dev.nordfaas.host;

import dev.nordfaas.config.Cidr;
import dev.nordfaas.template.Template;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The nftables rules of a node: everything that is not explicitly allowed is dropped. */
public final class Firewall {
  /** Where a node keeps them; {@link #loader} loads them at boot. */
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
    values.put("podNetworkPort", PortRange.format(List.of(spec.podNetworkPort())));
    putSets(values, "sshClients", texts(spec.host().firewall().sshCidrs()));
    putSets(values, "apiClients", texts(spec.host().firewall().apiCidrs()));
    putSets(values, "pods", texts(spec.podNetwork().pods()));
    putSets(values, "services", texts(spec.podNetwork().services()));
    values.put(
        "podInterfaces",
        elements(spec.podNetwork().interfaces().stream().map("\"%s\""::formatted)));
    putSets(values, "nodes", spec.peers());
    values.put("virtualRouters", peersOfRouters(spec));
    values.put("edgeClients", EdgeClients.render(spec.edgeProxies()).stripTrailing());
    return Template.load("files/firewall.nft").render(values);
  }

  /** Announcements of a virtual address's other nodes; empty if the node has none. */
  private static String peersOfRouters(HostSpec spec) {
    var peers =
        spec.virtualRouters().stream()
            .flatMap(router -> router.peers().stream())
            .filter(address -> !IpAddress.isVersion6(address))
            .distinct()
            .sorted()
            .collect(Collectors.joining(", "));
    return peers.isEmpty()
        ? ""
        : "# VRRP: announcements of virtual addresses.\nip saddr { %s } meta l4proto 112 accept"
            .formatted(peers);
  }

  /**
   * A shell script that loads the rules of {@link #PATH}, and closes the node to everything but SSH
   * if they are broken.
   */
  static String loader(HostSpec spec) {
    return Template.load("files/load-firewall.sh").render(Map.of("sshClients", sshRules(spec)));
  }

  private static String sshRules(HostSpec spec) {
    return spec.host().firewall().sshCidrs().stream()
        .map(Cidr::text)
        .map(
            network ->
                "%s saddr %s tcp dport %d accept"
                    .formatted(
                        IpAddress.isVersion6(network) ? "ip6" : "ip", network, spec.ssh().port()))
        .collect(Collectors.joining("\n"));
  }

  static List<String> texts(Collection<Cidr> cidrs) {
    return cidrs.stream().map(Cidr::text).toList();
  }

  /** The elements of the sets {@code <name>4} and {@code <name>6}. */
  static void putSets(Map<String, String> values, String name, List<String> addresses) {
    values.put(name + "4", elements(addresses.stream().filter(it -> !IpAddress.isVersion6(it))));
    values.put(name + "6", elements(addresses.stream().filter(IpAddress::isVersion6)));
  }

  private static String elements(Stream<String> elements) {
    var chosen = elements.sorted().collect(Collectors.joining(", "));
    return chosen.isEmpty() ? "" : "elements = { %s }".formatted(chosen);
  }
}
