package dev.nordfaas.lab;

import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** The servers of stack lab3, and what runs on them. */
final class ThreeServers {
  static final List<String> NAMES = List.of("lab-1", "lab-2", "lab-3");

  /** The virtual address of the edge. */
  static final String EDGE = "10.77.0.10";

  private ThreeServers() {}

  /** The public address of a node. */
  static String address(String node) {
    return "10.77.0." + (NAMES.indexOf(node) + 2);
  }

  /**
   * The node of PostgreSQL if there is a single instance, whose volume is there and nowhere else.
   */
  static Optional<String> ofTheOnlyDatabase() {
    return Database.isCluster() ? Optional.empty() : ofThePrimary();
  }

  /** The node of the instance of PostgreSQL that takes writes. */
  static Optional<String> ofThePrimary() {
    return Database.instances().stream().filter(Database::isPrimary).map(Pods::node).findFirst();
  }

  /** The names of the pods that mount a claim. */
  static List<String> podsOf(String namespace, String claim) {
    return Lab.objects("pods", "--namespace=" + namespace).stream()
        .filter(pod -> mounts(pod, claim))
        .map(Pods::name)
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

  /** Whether the API says that a node is ready. */
  static boolean isReady(String node) {
    return Lab.objects("nodes").stream()
        .anyMatch(it -> Pods.name(it).equals(node) && Pods.isReady(it));
  }
}
