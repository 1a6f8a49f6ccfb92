package dev.nordfaas.lab;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/**
 * What runs on the cluster: which revision of each workload, in which pods where these have fixed
 * names, and how often their containers were restarted. An autoscaler that adds or removes a pod
 * changes nothing of this.
 */
record Workloads(Map<String, String> running) {
  /** Reads it from the cluster. */
  static Workloads read() {
    var running = new TreeMap<String, String>();
    for (var pod : Lab.objects("pods", "--all-namespaces")) {
      var metadata = pod.get("metadata");
      var phase = pod.at("/status/phase").stringValue();
      var ofJob = metadata.at("/ownerReferences/0/kind").stringValue("").equals("Job");
      if (metadata.has("deletionTimestamp") || phase.equals("Succeeded") || ofJob) {
        continue;
      }
      var labels = metadata.path("labels");
      var owner = metadata.at("/ownerReferences/0/name").stringValue("");
      var hash = labels.path("pod-template-hash").stringValue("");
      var revision =
          hash.isEmpty() ? metadata.get("uid").stringValue() + restarts(pod) : hash + restarts(pod);
      running.merge(
          metadata.get("namespace").stringValue() + "/" + owner.replace("-" + hash, ""),
          revision,
          (one, other) -> one.equals(other) ? one : one + " " + other);
    }
    return new Workloads(running);
  }

  private static String restarts(JsonNode pod) {
    var restarts = 0;
    for (var container : pod.at("/status/containerStatuses")) {
      restarts += container.get("restartCount").intValue();
    }
    return " restarted " + restarts + " times";
  }

  /** The workloads, as {@code namespace/name}, whose pods are others or were restarted. */
  Set<String> changedUntil(Workloads later) {
    var changed = new TreeSet<String>();
    changed.addAll(running.keySet());
    changed.addAll(later.running.keySet());
    changed.removeIf(
        name -> running.getOrDefault(name, "").equals(later.running.getOrDefault(name, "")));
    return changed;
  }
}
