package dev.nordfaas.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** A node that has no room left, and what comes back on it. */
final class FullNode {
  /** A pod that has others evicted waits until they have ended. */
  static final Duration PATIENCE = Duration.ofMinutes(5);

  private FullNode() {}

  /** The pods that the scheduler finds no room for, as namespace and name. */
  static List<String> withoutRoom() {
    return podsWithoutRoom().map(FullNode::name).toList();
  }

  /** The priority classes of those pods, each once. */
  static List<String> classesWithoutRoom() {
    return podsWithoutRoom()
        .map(pod -> pod.at("/spec/priorityClassName").stringValue("none"))
        .distinct()
        .toList();
  }

  private static Stream<JsonNode> podsWithoutRoom() {
    return Lab.objects("pods", "--all-namespaces").stream()
        .filter(pod -> pod.at("/status/conditions").toString().contains("\"Unschedulable\""));
  }

  private static String name(JsonNode object) {
    return object.at("/metadata/namespace").stringValue()
        + "/"
        + object.at("/metadata/name").stringValue();
  }

  /** The workloads outside a namespace that are not all there. */
  static List<String> missing(String except) {
    return Lab.objects("deployments,statefulsets", "--all-namespaces").stream()
        .filter(it -> !it.at("/metadata/namespace").stringValue().equals(except))
        .filter(
            it -> it.at("/status/readyReplicas").intValue(0) != it.at("/spec/replicas").intValue(1))
        .map(FullNode::name)
        .toList();
  }

  /** Deletes the pod of a StatefulSet, and waits for its successor. */
  static void replace(String namespace, String pod) {
    var before = uid(namespace, pod);
    Lab.kubectl("--namespace=" + namespace, "delete", "pod", pod);
    assertThat(
            Lab.eventually(
                PATIENCE,
                () -> readyUid(namespace, pod),
                uid -> !uid.isEmpty() && !uid.equals(before)))
        .as("%s/%s, which waits for room: %s", namespace, pod, withoutRoom())
        .isNotEmpty()
        .isNotEqualTo(before);
  }

  private static String uid(String namespace, String pod) {
    return Lab.kubectl(
        "--namespace=" + namespace, "get", "pod", pod, "--output=jsonpath={.metadata.uid}");
  }

  /** Empty where the pod is not there, not ready, or on its way out. */
  private static String readyUid(String namespace, String pod) {
    return Lab.objects("pods", "--namespace=" + namespace).stream()
        .filter(it -> it.at("/metadata/name").stringValue().equals(pod))
        .filter(it -> !it.get("metadata").has("deletionTimestamp"))
        .filter(
            it ->
                it.at("/status/conditions")
                    .valueStream()
                    .anyMatch(
                        condition ->
                            condition.get("type").stringValue().equals("Ready")
                                && condition.get("status").stringValue().equals("True")))
        .map(it -> it.at("/metadata/uid").stringValue())
        .findFirst()
        .orElse("");
  }

  /** An order from outside, which is taken and ends as a row. */
  static void assertAnOrderGoesThrough() {
    assertAnOrderGoesThroughWithin(PATIENCE);
  }

  /** The same, where it may take longer until it is taken. */
  static void assertAnOrderGoesThroughWithin(Duration patience) {
    var id = "lab-" + UUID.randomUUID();
    assertThat(Lab.eventually(patience, () -> status(id), status -> status == 202)).isEqualTo(202);
    assertThat(
            Lab.eventually(
                PATIENCE,
                () ->
                    Lab.trySql("select count(*) from orders where order_id = '" + id + "'")
                        .output()
                        .strip(),
                "1"::equals))
        .isEqualTo("1");
  }

  /** What the edge answers; 0 where it does not. */
  private static int status(String id) {
    try {
      return Lab.postOrder(id).status();
    } catch (AssertionError | StringIndexOutOfBoundsException e) {
      return 0;
    }
  }
}
