package dev.nordfaas.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The cluster's etcd, asked on each node for its own member. */
final class Etcd {
  private Etcd() {}

  /**
   * What a member says of itself.
   *
   * @param member its id
   * @param leader the id of the one that it follows; 0: none
   */
  private record Status(String node, String member, String leader) {
    boolean leads() {
      return member.equals(leader);
    }
  }

  /** The node whose member leads. */
  static String leader() {
    return Lab.eventually(Etcd::leading, leading -> leading.size() == 1).get(0);
  }

  private static List<String> leading() {
    return statuses().stream().filter(Status::leads).map(Status::node).toList();
  }

  private static List<Status> statuses() {
    return ThreeServers.NAMES.stream().map(Etcd::status).flatMap(Optional::stream).toList();
  }

  private static Optional<Status> status(String node) {
    return ask(node, "endpoint", "status")
        .map(answer -> answer.at("/0/Status"))
        .map(
            status ->
                new Status(
                    node,
                    status.at("/header/member_id").asString(""),
                    status.path("leader").asString("")));
  }

  private static Optional<JsonNode> ask(String node, String... question) {
    var command = new ArrayList<>(List.of("timeout", "10", "env", "ETCDCTL_API=3", "etcdctl"));
    command.addAll(List.of(question));
    command.add("--write-out=json");
    var result = Lab.inVpsOf(node, command.toArray(String[]::new));
    return result.exitCode() == 0
        ? Optional.of(new JsonMapper().readTree(result.output()))
        : Optional.empty();
  }

  /** What keeps it from being three started members, one of which leads. */
  static List<String> problems() {
    var problems = new ArrayList<String>();
    var statuses = statuses();
    var leaders = statuses.stream().map(Status::leader).collect(Collectors.toSet());
    if (statuses.size() < ThreeServers.NAMES.size()) {
      problems.add("etcd answers only on " + statuses.stream().map(Status::node).toList());
    }
    if (leaders.size() != 1 || leaders.contains("0")) {
      problems.add("members of etcd follow " + leaders);
    }
    var started = voters();
    if (!started.equals(new TreeSet<>(ThreeServers.NAMES))) {
      problems.add("members of etcd that have started and vote: " + started);
    }
    return problems;
  }

  /** The nodes whose members have started and vote. */
  static Set<String> voters() {
    return members().stream()
        .filter(member -> !isLearner(member))
        .map(Etcd::node)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** The members, as the first node that runs sees them. */
  static List<JsonNode> members() {
    var members = new ArrayList<JsonNode>();
    new JsonMapper()
        .readTree(
            Lab.inVps("env", "ETCDCTL_API=3", "etcdctl", "member", "list", "--write-out=json"))
        .get("members")
        .forEach(members::add);
    return members;
  }

  static boolean isLearner(JsonNode member) {
    return member.path("isLearner").booleanValue(false);
  }

  /** The node of a member; empty: it has not started yet. */
  static String node(JsonNode member) {
    return member.path("name").stringValue("").replaceFirst("-[^-]*$", "");
  }
}
