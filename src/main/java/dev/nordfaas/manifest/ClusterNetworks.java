package dev.nordfaas.manifest;

import dev.nordfaas.config.Cidr;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Which addresses are the cluster's own, so that a rule for addresses outside never includes them.
 *
 * @param pods the network of all pods; empty if it is not known
 * @param apiServers addresses of the Kubernetes API's servers; empty if they are not known
 * @param inside networks that no rule for addresses outside includes
 * @param families a network of all addresses for each IP version that pods have
 */
public record ClusterNetworks(
    Optional<Cidr> pods, List<Cidr> apiServers, List<Inside> inside, List<Cidr> families) {
  /** The port of the Kubernetes API on a K3s server. */
  private static final int KUBERNETES_API = 6443;

  /** Every IPv4 address. */
  public static final Cidr VERSION_4 = Cidr.parse("0.0.0.0/0");

  /** Every IPv6 address. */
  public static final Cidr VERSION_6 = Cidr.parse("::/0");

  /** Where providers of VPSes answer with a machine's metadata, such as its user-data. */
  private static final List<Inside> LINK_LOCAL =
      Stream.of("169.254.0.0/16", "fe80::/10", "fd00:ec2::254/128")
          .map(
              network ->
                  new Inside(
                      "%s, where providers serve a machine's metadata".formatted(network),
                      Cidr.parse(network)))
          .toList();

  /** For a cluster whose networks are not known. */
  public static final ClusterNetworks UNKNOWN =
      of(Optional.empty(), List.of(), List.of(), List.of(VERSION_4, VERSION_6));

  /**
   * A network inside the cluster.
   *
   * @param name for messages: what it is, and the network
   */
  public record Inside(String name, Cidr network) {}

  /** Copies the lists. */
  public ClusterNetworks {
    apiServers = List.copyOf(apiServers);
    inside = List.copyOf(inside);
    families = List.copyOf(families);
  }

  /** The networks of a cluster, to which those of link-local addresses are added. */
  public static ClusterNetworks of(
      Optional<Cidr> pods, List<Cidr> apiServers, List<Inside> inside, List<Cidr> families) {
    return new ClusterNetworks(
        pods, apiServers, Stream.concat(inside.stream(), LINK_LOCAL.stream()).toList(), families);
  }

  /** What a network is inside of, if it is. */
  public Optional<Inside> around(Cidr network) {
    return inside.stream().filter(it -> it.network().contains(network)).findFirst();
  }

  /**
   * Lets a workload use the Kubernetes API. The API server is not a pod: its address is a node's,
   * and a policy is applied after the Service's address was translated to it. Where that address is
   * not known, the port is open to all that are outside or may be a node's.
   */
  public NetworkRule toKubernetesApi() {
    return new NetworkRule(
        apiServers.isEmpty()
            ? families.stream().map(all -> except(all, LINK_LOCAL.stream())).toList()
            : apiServers.stream().map(it -> NetworkPolicies.network(it.text())).toList(),
        List.of(KUBERNETES_API));
  }

  /**
   * Lets a workload connect to the peers' pods, each from its first moment: rules that name pods
   * refuse a new one until the policy controller knows it, however ready it is by then. On a busy
   * node the controller hears of its address when its clients do. Every other pod with this port
   * has a policy of its own that does not let the workload in.
   */
  public NetworkRule toNewPods(List<NetworkPeer> peers, int port) {
    return new NetworkRule(
        Stream.concat(
                peers.stream(),
                pods.map(network -> new NetworkPeer.EveryPod(network.text())).stream())
            .toList(),
        List.of(port));
  }

  /** Lets a workload connect to public addresses. */
  public NetworkRule toInternet(int port) {
    return new NetworkRule(
        families.stream()
            .map(
                all ->
                    except(
                        all,
                        Stream.concat(
                            inside.stream(), Cidr.PRIVATE.stream().map(it -> new Inside("", it)))))
            .toList(),
        List.of(port));
  }

  /** Lets a workload connect to every address outside the cluster, private ones included. */
  public NetworkRule toOutside(int port) {
    return new NetworkRule(
        families.stream().map(all -> except(all, inside.stream())).toList(), List.of(port));
  }

  /**
   * Lets a workload connect to what is outside the cluster in the networks; empty if nothing is,
   * which a rule refuses.
   */
  public Optional<NetworkRule> to(List<Cidr> networks, int port) {
    var peers =
        networks.stream()
            .filter(network -> around(network).isEmpty())
            .map(network -> except(network, inside.stream()))
            .toList();
    return peers.isEmpty() ? Optional.empty() : Optional.of(new NetworkRule(peers, List.of(port)));
  }

  /** Without the networks that are in it; Kubernetes refuses others, and they need no repeating. */
  private static NetworkPeer except(Cidr network, Stream<Inside> without) {
    var within = new ArrayList<Cidr>();
    without
        .map(Inside::network)
        .filter(network::contains)
        .sorted(Comparator.comparingInt(Cidr::prefixLength).thenComparing(Cidr::text))
        .filter(it -> within.stream().noneMatch(wider -> wider.contains(it)))
        .forEach(within::add);
    return new NetworkPeer.Network(
        network.text(), within.stream().map(Cidr::text).sorted().toList());
  }
}
