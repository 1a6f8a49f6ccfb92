package dev.nordfaas.scheduling;

import dev.nordfaas.manifest.Requests;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** Finds the pods that the scheduler has no node for, and what they need. */
final class PendingPods {
  private static final String FIX =
      "fix: lower scale.max or requests of functions, or add a node; what else runs there: kubectl get pods -A -o wide";

  /** Phases of pods that no longer reserve anything. */
  private static final Set<String> ENDED = Set.of("Succeeded", "Failed");

  /** Kubernetes' suffixes; without one, the unit is cores or bytes. */
  private static final Map<String, BigDecimal> SUFFIXES =
      Map.ofEntries(
          Map.entry("n", new BigDecimal("1e-9")),
          Map.entry("u", new BigDecimal("1e-6")),
          Map.entry("m", new BigDecimal("1e-3")),
          Map.entry("k", new BigDecimal("1e3")),
          Map.entry("M", new BigDecimal("1e6")),
          Map.entry("G", new BigDecimal("1e9")),
          Map.entry("T", new BigDecimal("1e12")),
          Map.entry("Ki", new BigDecimal(1L << 10)),
          Map.entry("Mi", new BigDecimal(1L << 20)),
          Map.entry("Gi", new BigDecimal(1L << 30)),
          Map.entry("Ti", new BigDecimal(1L << 40)));

  private PendingPods() {}

  /**
   * A line for each pod that has been without a node for too long, by the pod's namespace and name.
   *
   * @param nodes the API's list of nodes
   * @param pods the API's list of all pods
   */
  static SortedMap<String, String> describe(
      JsonNode nodes, JsonNode pods, Duration patience, Instant now) {
    var lines = new TreeMap<String, String>();
    for (var pod : pods.path("items")) {
      for (var condition : pod.at("/status/conditions")) {
        if (isUnschedulable(condition) && since(condition).plus(patience).isBefore(now)) {
          lines.put(name(pod), line(pod, condition, left(nodes, pods), now));
        }
      }
    }
    return lines;
  }

  private static boolean isUnschedulable(JsonNode condition) {
    return text(condition, "type").equals("PodScheduled")
        && text(condition, "status").equals("False")
        && text(condition, "reason").equals("Unschedulable");
  }

  private static Instant since(JsonNode condition) {
    return Instant.parse(text(condition, "lastTransitionTime"));
  }

  private static String line(
      JsonNode pod, JsonNode condition, Map<String, Requests> left, Instant now) {
    return "pod %s has had no node for %d s: it requests %s; left for pods: %s; the scheduler says: %s; %s"
        .formatted(
            name(pod),
            Duration.between(since(condition), now).toSeconds(),
            amounts(requests(pod)),
            left.entrySet().stream()
                .map(node -> "%s on %s".formatted(amounts(node.getValue()), node.getKey()))
                .collect(Collectors.joining(", ")),
            text(condition, "message"),
            FIX);
  }

  private static String amounts(Requests requests) {
    return "%s cpu and %s memory"
        .formatted(requests.amounts().get("cpu"), requests.amounts().get("memory"));
  }

  private static String name(JsonNode pod) {
    return "%s/%s"
        .formatted(text(pod.path("metadata"), "namespace"), text(pod.path("metadata"), "name"));
  }

  /** What each node has left: its allocatable resources minus the requests of its pods. */
  private static SortedMap<String, Requests> left(JsonNode nodes, JsonNode pods) {
    var left = new TreeMap<String, Requests>();
    for (var node : nodes.path("items")) {
      left.put(text(node.path("metadata"), "name"), amounts(node.at("/status/allocatable")));
    }
    for (var pod : pods.path("items")) {
      if (!ENDED.contains(text(pod.path("status"), "phase"))) {
        left.computeIfPresent(
            text(pod.path("spec"), "nodeName"), (node, rest) -> rest.minus(requests(pod)));
      }
    }
    return left;
  }

  /** As the scheduler counts: all containers, or the largest of those that run before them. */
  private static Requests requests(JsonNode pod) {
    var containers = requests(pod, "containers").reduce(Requests.NONE, Requests::plus);
    return requests(pod, "initContainers").reduce(containers, Requests::orMore);
  }

  private static Stream<Requests> requests(JsonNode pod, String key) {
    return pod.path("spec")
        .path(key)
        .valueStream()
        .map(container -> amounts(container.at("/resources/requests")));
  }

  private static Requests amounts(JsonNode amounts) {
    return new Requests(
        number(text(amounts, "cpu")).movePointRight(3).longValue(),
        number(text(amounts, "memory")).longValue(),
        number(text(amounts, Requests.DISK)).longValue());
  }

  private static BigDecimal number(String quantity) {
    var digits = quantity.replaceFirst("[A-Za-z]+$", "");
    return digits.isEmpty()
        ? BigDecimal.ZERO
        : new BigDecimal(digits)
            .multiply(SUFFIXES.getOrDefault(quantity.substring(digits.length()), BigDecimal.ONE));
  }

  private static String text(JsonNode object, String key) {
    return object.path(key).asString("");
  }
}
