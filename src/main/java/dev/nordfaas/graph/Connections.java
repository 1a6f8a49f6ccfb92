package dev.nordfaas.graph;

import dev.nordfaas.graph.Families.Member;
import dev.nordfaas.manifest.PodNetworkPolicy;
import dev.nordfaas.plan.Flow;
import dev.nordfaas.plan.Plan;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The flows of a plan, each exactly once: inside the cluster between parties, and out of it. Every
 * flow can be read from it again, although workloads that are alike are one party.
 */
final class Connections {
  /** What the plan's flows to its servers are for. */
  static final String KUBERNETES_API = "Kubernetes API";

  private static final int API_PORT = 6443;

  /** The path of a request: a table in this order is filled along its diagonal. */
  private static final List<String> PATH =
      List.of(
          "edge/edge",
          "openfaas/gateway",
          Families.workload(Plan.INTAKE),
          "nats/nats",
          Families.Family.WORKERS.name(),
          Families.Family.SCHEDULES.name(),
          Families.Family.FUNCTIONS.name(),
          "postgres/pgbouncer",
          "postgres/postgres");

  private final Families families;
  private final Map<Flow, List<String>> purposes;
  private final Set<String> apiServers;
  private final Set<String> workloads;
  private final Map<String, Party> parties = new LinkedHashMap<>();
  private final Set<Flow> leaving;
  private final List<Connection> inside;
  private final List<Exit> exits;

  private Connections(Plan plan) {
    families = new Families(plan.config());
    purposes = plan.purposes();
    apiServers =
        plan.clusterNetworks().apiServers().stream()
            .map(Object::toString)
            .collect(Collectors.toSet());
    workloads =
        plan.networkPolicies().stream()
            .map(PodNetworkPolicy::workload)
            .collect(Collectors.toCollection(LinkedHashSet::new));
    leaving =
        plan.flows().stream()
            .filter(flow -> !workloads.contains(flow.to()) && !isToApi(flow))
            .collect(Collectors.toCollection(LinkedHashSet::new));
    var staying = plan.flows().stream().filter(flow -> !leaving.contains(flow)).toList();
    addParties(staying);
    inside = inside(staying);
    exits = destinations();
  }

  static Connections of(Plan plan) {
    return new Connections(plan);
  }

  /** Those who connect or are connected to, in the cluster or from outside, in reading order. */
  List<Party> parties() {
    return parties.values().stream().distinct().toList();
  }

  /** What stays in the cluster or comes into it. */
  List<Connection> inside() {
    return inside;
  }

  /** What leaves the cluster. */
  List<Exit> exits() {
    return exits;
  }

  Families families() {
    return families;
  }

  /** The party of a workload; empty if it connects to nobody and nobody to it. */
  Optional<Party> party(String workload) {
    return Optional.ofNullable(parties.get(workload));
  }

  /** The ports at which any of the ones may connect to any of the others. */
  SortedSet<Integer> ports(Set<String> from, Set<String> to) {
    return inside.stream()
        .flatMap(connection -> connection.flows(families))
        .filter(flow -> from.contains(flow.from()) && to.contains(flow.to()))
        .map(Flow::port)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** All flows again. */
  Stream<Flow> flows() {
    return Stream.concat(
        inside.stream().flatMap(connection -> connection.flows(families)),
        exits.stream()
            .flatMap(
                exit ->
                    exit.networks().stream()
                        .flatMap(
                            network ->
                                exit.from().stream()
                                    .map(from -> new Flow(from, network, exit.port()))))
            // Not all that are for any address are for both versions of IP.
            .filter(leaving::contains));
  }

  private boolean isToApi(Flow flow) {
    return flow.port() == API_PORT && apiServers.contains(flow.to());
  }

  /** Those outside first, then the path of a request, then the others. */
  private void addParties(List<Flow> flows) {
    var taking = new TreeSet<String>();
    flows.forEach(
        flow -> {
          taking.add(flow.from());
          taking.add(flow.to());
        });
    var outside = new TreeMap<String, List<String>>();
    flows.stream()
        .map(Flow::from)
        .filter(from -> !workloads.contains(from))
        .distinct()
        .sorted()
        .forEach(
            network ->
                outside
                    .computeIfAbsent(Exit.nameOf(network), name -> new ArrayList<>())
                    .add(network));
    outside.forEach((name, networks) -> add(new Party(name, networks)));
    var alike = alike(flows);
    workloads.stream()
        .filter(taking::contains)
        .sorted(Comparator.comparingInt(this::place).thenComparing(Comparator.naturalOrder()))
        .forEach(workload -> parties.computeIfAbsent(workload, name -> partyOf(name, alike)));
    var servers = flows.stream().filter(this::isToApi).map(Flow::to).distinct().sorted().toList();
    if (!servers.isEmpty()) {
      add(new Party(KUBERNETES_API, servers));
    }
  }

  private int place(String workload) {
    var place = PATH.indexOf(families.of(workload).map(it -> it.family().name()).orElse(workload));
    return place < 0 ? PATH.size() : place;
  }

  private void add(Party party) {
    party.members().forEach(member -> parties.put(member, party));
  }

  /** The members of each family by what they connect to and who connects to them. */
  private Map<Families.Family, List<List<String>>> alike(List<Flow> flows) {
    var signatures = new TreeMap<String, SortedSet<String>>();
    for (var flow : flows) {
      signature(signatures, flow.from(), "to", flow.to(), flow.port());
      signature(signatures, flow.to(), "from", flow.from(), flow.port());
    }
    var result = new HashMap<Families.Family, List<List<String>>>();
    for (var family : Families.Family.values()) {
      var classes = new LinkedHashMap<SortedSet<String>, List<String>>();
      signatures.forEach(
          (workload, signature) -> {
            if (families.of(workload).filter(it -> it.family() == family).isPresent()) {
              classes.computeIfAbsent(signature, it -> new ArrayList<>()).add(workload);
            }
          });
      result.put(family, List.copyOf(classes.values()));
    }
    return result;
  }

  private void signature(
      Map<String, SortedSet<String>> signatures,
      String of,
      String direction,
      String other,
      int port) {
    var name =
        families.areOfOneFunction(of, other)
            ? "its own " + families.of(other).map(Member::family).orElseThrow()
            : other;
    signatures
        .computeIfAbsent(of, it -> new TreeSet<>())
        .add("%s %s:%d".formatted(direction, name, port));
  }

  private Party partyOf(String workload, Map<Families.Family, List<List<String>>> alike) {
    var member = families.of(workload);
    if (member.isEmpty()) {
      return new Party(shortName(workload), List.of(workload));
    }
    var family = member.get().family();
    var classes = alike.getOrDefault(family, List.of());
    for (var index = 0; index < classes.size(); index++) {
      var members = classes.get(index);
      if (members.contains(workload)) {
        return new Party(label(family, classes.size(), index, members), members);
      }
    }
    throw new IllegalStateException(workload);
  }

  private String label(Families.Family family, int classes, int index, List<String> members) {
    if (members.size() == 1 && classes > 1) {
      return shortName(members.get(0));
    }
    return classes == 1 ? family.label() : "%s %d".formatted(family.label(), index + 1);
  }

  /** With its namespace only where another workload has the same name. */
  private String shortName(String workload) {
    var name = workload.substring(workload.indexOf('/'));
    return workloads.stream().filter(other -> other.endsWith(name)).count() > 1
        ? workload
        : name.substring(1);
  }

  private List<Connection> inside(List<Flow> flows) {
    var pairs = new LinkedHashMap<List<Party>, Map<Integer, List<Flow>>>();
    for (var flow : flows) {
      pairs
          .computeIfAbsent(
              List.of(parties.get(flow.from()), parties.get(flow.to())), pair -> new TreeMap<>())
          .computeIfAbsent(flow.port(), port -> new ArrayList<>())
          .add(flow);
    }
    var result = new ArrayList<Connection>();
    pairs.forEach(
        (pair, ports) ->
            ports.entrySet().stream()
                .collect(
                    Collectors.partitioningBy(
                        port -> port.getValue().stream().allMatch(this::isOwn),
                        Collectors.mapping(
                            Map.Entry::getKey, Collectors.toCollection(TreeSet::new))))
                .forEach(
                    (own, numbers) -> {
                      if (!numbers.isEmpty()) {
                        result.add(new Connection(pair.get(0), pair.get(1), numbers, own));
                      }
                    }));
    return List.copyOf(result);
  }

  private boolean isOwn(Flow flow) {
    return families.areOfOneFunction(flow.from(), flow.to());
  }

  private List<Exit> destinations() {
    var byName = new TreeMap<String, List<Flow>>();
    leaving.forEach(
        flow ->
            byName
                .computeIfAbsent(
                    "%s %05d".formatted(Exit.nameOf(flow.to()), flow.port()),
                    name -> new ArrayList<>())
                .add(flow));
    var result = new ArrayList<Exit>();
    byName.values().forEach(all -> result.add(exit(Exit.letter(result.size()), all)));
    return List.copyOf(result);
  }

  private Exit exit(String letter, List<Flow> flows) {
    var reasons = new TreeMap<String, List<String>>();
    for (var flow : flows) {
      var texts = reasons.computeIfAbsent(flow.from(), from -> new ArrayList<>());
      purposes.getOrDefault(flow, List.of()).stream()
          .filter(text -> !texts.contains(text))
          .forEach(texts::add);
    }
    return new Exit(
        letter,
        flows.stream().map(Flow::to).distinct().sorted().toList(),
        flows.get(0).port(),
        reasons);
  }
}
