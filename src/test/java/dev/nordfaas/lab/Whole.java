package dev.nordfaas.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Supplier;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Whether everything is there and ready again, without hands. */
final class Whole {
  private Whole() {}

  /** What is missing; empty: nothing. */
  static List<String> problems() {
    var unready = unready();
    if (!unready.isEmpty()) {
      return unready;
    }
    var problems = new ArrayList<String>();
    problems.addAll(asked(Etcd::problems));
    problems.addAll(asked(() -> JetStream.ask().problems()));
    problems.addAll(asked(Database::problems));
    return problems;
  }

  /** Pods and nodes only; or why nobody can tell. */
  static List<String> unready() {
    return asked(Whole::notReady);
  }

  /** While an API server is away, the answer is that. */
  private static List<String> asked(Supplier<List<String>> question) {
    try {
      return question.get();
    } catch (AssertionError | JacksonException e) {
      return List.of(String.valueOf(e.getMessage()).strip());
    }
  }

  /** Pods that should run and do not, pods that wait for a node, and nodes that are not ready. */
  private static List<String> notReady() {
    var all = new ArrayList<String>();
    for (var pod : Lab.objects("pods", "--all-namespaces")) {
      var ofJob = pod.at("/metadata/ownerReferences/0/kind").stringValue("").equals("Job");
      var phase = pod.at("/status/phase").stringValue("");
      if (ofJob ? phase.equals("Pending") : !Pods.isReady(pod)) {
        all.add(
            "%s/%s: %s".formatted(Pods.namespace(pod), Pods.name(pod), state(pod.get("status"))));
      } else if (!ofJob && pod.get("metadata").has("deletionTimestamp")) {
        all.add("%s/%s: is being deleted".formatted(Pods.namespace(pod), Pods.name(pod)));
      }
    }
    var names = new TreeSet<String>();
    for (var node : Lab.objects("nodes")) {
      names.add(Pods.name(node));
      if (!Pods.isReady(node)) {
        all.add("node " + Pods.name(node));
      }
      if (node.at("/spec/unschedulable").booleanValue(false)) {
        all.add("node %s is cordoned".formatted(Pods.name(node)));
      }
    }
    if (!names.equals(new TreeSet<>(ThreeServers.NAMES))) {
      all.add("the nodes are " + names);
    }
    return all;
  }

  private static String state(JsonNode status) {
    var text = new StringBuilder(status.path("phase").stringValue(""));
    for (var container : status.path("containerStatuses")) {
      if (!container.path("ready").booleanValue(false)) {
        text.append(", %s %s".formatted(container.get("name"), container.path("state")));
      }
    }
    return text.toString();
  }
}
