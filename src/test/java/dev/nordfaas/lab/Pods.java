package dev.nordfaas.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Pods of the lab, and their processes where they run, beside the Kubernetes API. */
final class Pods {
  private Pods() {}

  /** Those that run, by their names. */
  static List<JsonNode> running(String namespace, String selector) {
    return Lab.objects("pods", "--namespace=" + namespace, "--selector=" + selector).stream()
        .filter(pod -> pod.at("/status/phase").stringValue("").equals("Running"))
        .filter(pod -> !pod.get("metadata").has("deletionTimestamp"))
        .sorted(Comparator.comparing(Pods::name))
        .toList();
  }

  static String name(JsonNode pod) {
    return pod.at("/metadata/name").stringValue();
  }

  static String namespace(JsonNode pod) {
    return pod.at("/metadata/namespace").stringValue();
  }

  static String node(JsonNode pod) {
    return pod.at("/spec/nodeName").stringValue("");
  }

  /** The condition of a pod or a node. */
  static boolean isReady(JsonNode object) {
    for (var condition : object.at("/status/conditions")) {
      if (condition.get("type").stringValue().equals("Ready")) {
        return condition.get("status").stringValue().equals("True");
      }
    }
    return false;
  }

  /** Ends all processes of a container at once, as kill -9 does; some may be ending already. */
  static void kill(JsonNode pod, String container) {
    Lab.inVpsOf(
            node(pod),
            "sh",
            "-ec",
            "file=$(find /sys/fs/cgroup -path '*%s*' -name cgroup.kill | head -n 1); echo 1 >\"$file\""
                .formatted(idOf(pod, container)))
        .ok();
  }

  /** A process of a container, as its node numbers it. */
  static String process(JsonNode pod, String container) {
    var found =
        Lab.inVpsOf(node(pod), "sh", "-c", processes(pod, container) + " | head -n 1").ok().strip();
    assertThat(found).as("process of %s in %s", container, name(pod)).isNotEmpty();
    return found;
  }

  private static String processes(JsonNode pod, String container) {
    return "find /sys/fs/cgroup -path '*%s*' -name cgroup.procs -exec cat {} + 2>/dev/null | sort -un"
        .formatted(idOf(pod, container));
  }

  private static String idOf(JsonNode pod, String container) {
    for (var status : pod.at("/status/containerStatuses")) {
      var id = status.path("containerID").stringValue("").replaceFirst("^.*//", "");
      if (status.get("name").stringValue().equals(container) && !id.isEmpty()) {
        return id;
      }
    }
    throw new AssertionError(
        "pod %s has no running container %s: %s"
            .formatted(name(pod), container, pod.at("/status/containerStatuses")));
  }

  /** A command of the VPS in the network of a pod. */
  static Lab.Result inNetwork(JsonNode pod, String container, String... command) {
    var arguments =
        new ArrayList<>(List.of("nsenter", "--net", "--target=" + process(pod, container), "--"));
    arguments.addAll(List.of(command));
    return Lab.inVpsOf(node(pod), arguments.toArray(String[]::new));
  }
}
