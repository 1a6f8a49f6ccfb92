package dev.nordfaas.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * JetStream as each of its servers sees it, from their monitoring.
 *
 * @param pods the servers' pods, by name
 * @param views what those that answer say
 */
record JetStream(Map<String, JsonNode> pods, Map<String, JsonNode> views) {
  private static final String NATS = "nats";

  /** Asks all servers. */
  static JetStream ask() {
    var pods = new TreeMap<String, JsonNode>();
    var views = new TreeMap<String, JsonNode>();
    for (var pod : Pods.running(NATS, "app.kubernetes.io/name=nats")) {
      pods.put(Pods.name(pod), pod);
      var answer =
          Pods.inNetwork(
                  pod,
                  NATS,
                  "curl",
                  "-s",
                  "-m",
                  "5",
                  "http://127.0.0.1:8222/jsz?streams=true&config=true")
              .output();
      if (answer.startsWith("{")) {
        views.put(Pods.name(pod), new JsonMapper().readTree(answer));
      }
    }
    return new JetStream(pods, views);
  }

  /** The pod of the server that leads a stream. */
  static JsonNode leaderOf(String stream) {
    return known(now -> now.leaders(stream));
  }

  /** The pod of the server that leads the servers: it decides where streams are. */
  static JsonNode metaLeader() {
    return known(JetStream::metaLeaders);
  }

  /** The pods of the servers that lead neither. */
  static List<JsonNode> others(String stream) {
    var now = ask();
    return now.pods.values().stream()
        .filter(pod -> !now.leaders(stream).contains(Pods.name(pod)))
        .filter(pod -> !now.metaLeaders().contains(Pods.name(pod)))
        .toList();
  }

  private static JsonNode known(Function<JetStream, TreeSet<String>> leaders) {
    var now = Lab.eventually(JetStream::ask, it -> leaders.apply(it).size() == 1);
    return now.pods.get(leaders.apply(now).first());
  }

  /** Who leads the servers, as each of them sees it. */
  private TreeSet<String> metaLeaders() {
    var names = new TreeSet<String>();
    views.values().forEach(view -> names.add(view.at("/meta_cluster/leader").stringValue("")));
    return names;
  }

  /** Who leads a stream, as each server that has it sees it. */
  private TreeSet<String> leaders(String stream) {
    var names = new TreeSet<String>();
    streams()
        .getOrDefault(stream, List.of())
        .forEach(detail -> names.add(detail.at("/cluster/leader").stringValue("")));
    return names;
  }

  /** The streams, each as the servers that have it see it. */
  private Map<String, List<JsonNode>> streams() {
    var streams = new TreeMap<String, List<JsonNode>>();
    for (var view : views.values()) {
      for (var stream : details(view)) {
        streams
            .computeIfAbsent(stream.get("name").stringValue(), name -> new ArrayList<>())
            .add(stream);
      }
    }
    return streams;
  }

  /** What keeps it from one leader for everything, and replicas that are up to date. */
  List<String> problems() {
    var problems = new ArrayList<String>();
    if (views.size() < ThreeServers.NAMES.size()) {
      problems.add("JetStream answers only on " + views.keySet());
    }
    if (metaLeaders().size() != 1 || metaLeaders().contains("")) {
      problems.add("the servers of NATS are led by " + metaLeaders());
    }
    streams()
        .forEach(
            (name, seen) -> {
              if (leaders(name).size() != 1 || leaders(name).contains("")) {
                problems.add("stream %s is led by %s".formatted(name, leaders(name)));
              }
              if (seen.size() < ThreeServers.NAMES.size()) {
                problems.add("stream %s is on %d servers".formatted(name, seen.size()));
              }
              problems.addAll(late(name));
            });
    return problems;
  }

  /** Replicas that are not up to date, as the leader sees them. */
  private List<String> late(String stream) {
    return followers().getOrDefault(stream, List.of()).stream()
        .filter(replica -> !isCurrent(replica))
        .map(replica -> "stream %s: %s".formatted(stream, replica))
        .toList();
  }

  /** The replicas of each stream but its leader's, as that sees them. */
  private Map<String, List<JsonNode>> followers() {
    var followers = new TreeMap<String, List<JsonNode>>();
    views.forEach(
        (server, view) ->
            details(view).stream()
                .filter(detail -> detail.at("/cluster/leader").stringValue("").equals(server))
                .forEach(
                    detail ->
                        detail
                            .at("/cluster/replicas")
                            .forEach(
                                followers.computeIfAbsent(
                                        detail.get("name").stringValue(), name -> new ArrayList<>())
                                    ::add)));
    return followers;
  }

  /** Of each stream, whether each replica but its leader's has everything that the leader has. */
  Map<String, List<Boolean>> current() {
    var current = new TreeMap<String, List<Boolean>>();
    followers()
        .forEach(
            (stream, replicas) ->
                current.put(stream, replicas.stream().map(JetStream::isCurrent).toList()));
    return current;
  }

  private static boolean isCurrent(JsonNode replica) {
    return replica.path("current").booleanValue(false);
  }

  /** What a server says of its streams. */
  private static List<JsonNode> details(JsonNode view) {
    var details = new ArrayList<JsonNode>();
    for (var account : view.path("account_details")) {
      account.path("stream_detail").forEach(details::add);
    }
    return details;
  }
}
