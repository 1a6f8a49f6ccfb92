package dev.nordfaas.k3s;

import dev.nordfaas.config.HostConfig;
import dev.nordfaas.config.K3sConfig;
import dev.nordfaas.config.NodeConfig;
import dev.nordfaas.config.NodeConfig.Role;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The nodes in the order in which they start: the first server creates the cluster, the others join
 * it one after the other, then the agents.
 *
 * @param members at least one, the first of them a server
 */
public record Topology(List<Member> members) {

  /**
   * One node of the cluster.
   *
   * @param name Kubernetes node name
   * @param sysctls names of the sysctls that the stack config sets on the node
   */
  public record Member(String name, NodeConfig node, Set<String> sysctls) {
    public Member {
      sysctls = Set.copyOf(sysctls);
    }

    /** Whether the node runs the control plane. */
    public boolean isServer() {
      return node.role() == Role.SERVER;
    }

    /** Whether nothing can be done on the node at the moment. */
    public boolean isAway() {
      return node.away();
    }
  }

  public Topology {
    members = List.copyOf(members);
  }

  /**
   * Sorts the nodes of the stack config: servers before agents, the first one before the others.
   *
   * @param host what all nodes have in common
   * @param firstServer name of the server that creates the cluster; the first one if empty
   * @throws IllegalArgumentException if none of them is a server
   */
  public static Topology of(
      Map<String, NodeConfig> nodes, HostConfig host, Optional<String> firstServer) {
    var members = new ArrayList<Member>();
    for (var role : List.of(Role.SERVER, Role.AGENT)) {
      nodes.forEach(
          (name, node) -> {
            if (node.role() == role) {
              var sysctls = new HashSet<>(host.sysctls().keySet());
              sysctls.addAll(node.sysctls().keySet());
              members.add(new Member(name, node, sysctls));
            }
          });
    }
    members.sort(
        Comparator.comparing(
            member -> !(member.isServer() && firstServer.equals(Optional.of(member.name())))));
    if (members.isEmpty() || !members.get(0).isServer()) {
      throw new IllegalArgumentException("a cluster needs at least one node with role server");
    }
    return new Topology(members);
  }

  /** The server that creates the cluster. */
  public Member firstServer() {
    return members.get(0);
  }

  /**
   * The server that the kubeconfig and the hash of the CA are read on: the first one, or the first
   * that is not away.
   */
  public Member keeper() {
    return servers().stream()
        .filter(server -> !server.isAway())
        .findFirst()
        .orElseGet(this::firstServer);
  }

  /**
   * The server that admits and removes a node: not itself, unless it is the first one, which is
   * there before any other.
   */
  public Member keeperOf(Member member) {
    if (member.equals(firstServer()) && !member.isAway()) {
      return member;
    }
    return servers().stream()
        .filter(server -> !server.isAway() && !server.equals(member))
        .findFirst()
        .orElseGet(this::keeper);
  }

  /** Names of the servers that are away, in the order in which they start. */
  List<String> awayServers() {
    return servers().stream().filter(Member::isAway).map(Member::name).toList();
  }

  /** The nodes of the control plane. */
  public List<Member> servers() {
    return members.stream().filter(Member::isServer).toList();
  }

  /** How packets of pods get from node to node. */
  Flannel flannel(K3sConfig config) {
    var nodes = new LinkedHashMap<String, NodeConfig>();
    members.forEach(member -> nodes.put(member.name(), member.node()));
    return Flannel.of(config, nodes);
  }

  /**
   * URL of the Kubernetes API for clients: the given address, or the {@link #keeper}'s public one.
   */
  public String apiUrl(Optional<String> apiAddress) {
    return K3sConfigFile.url(apiAddress.orElse(keeper().node().address()));
  }
}
