package dev.nordfaas.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The servers of stack lab3, and what runs on them. */
final class ThreeServers {
  static final List<String> NAMES = List.of("lab-1", "lab-2", "lab-3");

  /** The virtual address of the edge. */
  static final String EDGE = "10.77.0.10";

  /** Who owns the pod of a single instance of PostgreSQL. */
  private static final String ONLY_DATABASE = "StatefulSet/postgres";

  private ThreeServers() {}

  /** The public address of a node. */
  static String address(String node) {
    return "10.77.0." + (NAMES.indexOf(node) + 2);
  }

  /** What is not as it is when nothing is broken. */
  static List<String> missing() {
    try {
      var missing = new ArrayList<String>();
      var nodes = Lab.objects("nodes");
      var names = new TreeSet<String>();
      for (var node : nodes) {
        names.add(name(node));
        if (!isReady(node)) {
          missing.add("%s is not ready".formatted(name(node)));
        }
        if (node.at("/spec/unschedulable").booleanValue(false)) {
          missing.add("%s is cordoned".formatted(name(node)));
        }
      }
      if (!names.equals(new TreeSet<>(NAMES))) {
        missing.add("the nodes are " + names);
      }
      var voters = voters();
      if (!voters.equals(new TreeSet<>(NAMES))) {
        missing.add("the voters of etcd are " + voters);
      }
      for (var pod : Lab.objects("pods", "--all-namespaces")) {
        if (!isOfJob(pod) && (!isReady(pod) || pod.get("metadata").has("deletionTimestamp"))) {
          missing.add("pod %s is not ready: %s".formatted(name(pod), pod.at("/status/phase")));
        }
      }
      missing.addAll(streamsThatAreBehind());
      return missing;
    } catch (AssertionError | JacksonException e) {
      return List.of("no answer: " + e.getMessage());
    }
  }

  /** The nodes whose member of etcd has started and votes. */
  static TreeSet<String> voters() {
    var voters = new TreeSet<String>();
    new JsonMapper()
        .readTree(
            Lab.inVps("env", "ETCDCTL_API=3", "etcdctl", "member", "list", "--write-out=json"))
        .get("members")
        .forEach(
            member -> {
              if (!member.path("isLearner").booleanValue(false)) {
                voters.add(member.path("name").stringValue("").replaceFirst("-[^-]*$", ""));
              }
            });
    return voters;
  }

  private static List<String> streamsThatAreBehind() {
    var behind = new ArrayList<String>();
    ThreeNodesIT.replicasOfStreams()
        .forEach(
            (stream, followers) -> {
              if (!ThreeNodesIT.areCurrent(followers)) {
                behind.add("followers of stream %s are current: %s".formatted(stream, followers));
              }
            });
    return behind;
  }

  /**
   * The node of PostgreSQL if there is a single instance, whose volume is there and nowhere else.
   */
  static Optional<String> ofTheOnlyDatabase() {
    return Lab.objects("pods", "--namespace=postgres").stream()
        .filter(pod -> owner(pod).equals(ONLY_DATABASE))
        .map(pod -> pod.at("/spec/nodeName").stringValue())
        .findFirst();
  }

  /** The node of the instance of PostgreSQL that takes writes. */
  static Optional<String> ofThePrimary() {
    return Lab.objects("pods", "--namespace=postgres").stream()
        .filter(
            pod ->
                owner(pod).equals(ONLY_DATABASE)
                    || pod.at("/metadata/labels")
                        .path("cnpg.io/instanceRole")
                        .stringValue("")
                        .equals("primary"))
        .map(pod -> pod.at("/spec/nodeName").stringValue())
        .findFirst();
  }

  /** The names of the pods that mount a claim. */
  static List<String> podsOf(String namespace, String claim) {
    return Lab.objects("pods", "--namespace=" + namespace).stream()
        .filter(pod -> mounts(pod, claim))
        .map(ThreeServers::name)
        .toList();
  }

  private static boolean mounts(JsonNode pod, String claim) {
    for (var volume : pod.at("/spec/volumes")) {
      if (volume.at("/persistentVolumeClaim/claimName").stringValue("").equals(claim)) {
        return true;
      }
    }
    return false;
  }

  /** The node that has the edge's virtual address; empty: none, or it is off. */
  static Optional<String> ofTheEdgesAddress() {
    return NAMES.stream()
        .filter(
            node ->
                Lab.inVpsOf(node, "ip", "-4", "-brief", "address")
                    .output()
                    .contains(" " + EDGE + "/"))
        .findFirst();
  }

  /** Whether the API says that a node is ready. */
  static boolean isReady(String node) {
    return Lab.objects("nodes").stream().anyMatch(it -> name(it).equals(node) && isReady(it));
  }

  private static boolean isReady(JsonNode object) {
    for (var condition : object.at("/status/conditions")) {
      if (condition.get("type").stringValue().equals("Ready")) {
        return condition.get("status").stringValue().equals("True");
      }
    }
    return false;
  }

  private static boolean isOfJob(JsonNode pod) {
    return owner(pod).startsWith("Job/");
  }

  private static String owner(JsonNode pod) {
    var owner = pod.at("/metadata/ownerReferences/0");
    return owner.path("kind").stringValue("") + "/" + owner.path("name").stringValue("");
  }

  private static String name(JsonNode object) {
    return object.at("/metadata/name").stringValue();
  }
}
