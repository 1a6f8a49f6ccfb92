package dev.nordfaas.approval;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Secrets of Kubernetes that hold something unknown. Its plug-in turns {@code stringData} into
 * {@code data}, but only once all of it is known: so a plan names the one and {@code up} has the
 * other, and the engine would refuse to apply its own plan, half-way.
 */
final class LateSecrets {
  private static final String BEFORE = "stringData";
  private static final String AFTER = "data";

  private LateSecrets() {}

  /**
   * Makes both of them unknown in the plan, for which the engine accepts any value and none.
   *
   * @return how many Secrets that concerns
   */
  static int accept(JsonNode plan) {
    int count = 0;
    for (var resource : plan.path("resourcePlans").values()) {
      var goal = resource.path("goal");
      if (goal.path("type").asString("").equals("kubernetes:core/v1:Secret")
          && goal.at("/inputDiff/adds").has(BEFORE)) {
        accept((ObjectNode) goal.get("inputDiff"));
        count++;
      }
    }
    return count;
  }

  private static void accept(ObjectNode diff) {
    var adds = (ObjectNode) diff.get("adds");
    adds.put(BEFORE, PlanFile.UNKNOWN);
    if (removed(diff.path("deletes"))) {
      diff.withObject("/updates").put(AFTER, PlanFile.UNKNOWN);
    } else {
      adds.put(AFTER, PlanFile.UNKNOWN);
    }
  }

  /** Whether {@code data} was to be deleted: it is not any more. */
  private static boolean removed(JsonNode deletes) {
    if (deletes instanceof ArrayNode names) {
      for (int i = 0; i < names.size(); i++) {
        if (names.get(i).asString("").equals(AFTER)) {
          names.remove(i);
          return true;
        }
      }
    }
    return false;
  }
}
