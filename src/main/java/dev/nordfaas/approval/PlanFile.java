package dev.nordfaas.approval;

import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/**
 * What a plan of the engine says in numbers; its format is that of {@code pulumi preview
 * --save-plan} 3.259.
 *
 * @param operations how many resources there are for each operation, other than {@code same}
 * @param unknown inputs whose value only {@code up} will know: the engine accepts any
 * @param secret inputs that are encrypted, so that they do not tell whether they are known
 */
record PlanFile(SortedMap<String, Integer> operations, int unknown, int secret) {
  /** How the engine writes down a value that is unknown. */
  static final String UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

  private static final String SIGNATURE = "4dabf18193072939515e22adb298388d";
  private static final String SECRET = "1b47061264138c4ac30d75fd1eb44270";

  static PlanFile of(JsonNode plan) {
    var operations = new TreeMap<String, Integer>();
    int unknown = 0;
    int secret = 0;
    for (var resource : plan.path("resourcePlans").values()) {
      for (var step : resource.path("steps").values()) {
        if (!step.stringValue().equals("same")) {
          operations.merge(step.stringValue(), 1, Integer::sum);
        }
      }
      var inputs = resource.at("/goal/inputDiff");
      unknown += unknownIn(inputs);
      secret += secretIn(inputs);
    }
    return new PlanFile(operations, unknown, secret);
  }

  /** The same, where some secrets are known not to be known. */
  PlanFile withUnknown(int secrets) {
    return new PlanFile(operations, unknown + secrets, secret - secrets);
  }

  private static int unknownIn(JsonNode node) {
    if (node.isString()) {
      return node.stringValue().equals(UNKNOWN) ? 1 : 0;
    }
    return node.values().stream().mapToInt(PlanFile::unknownIn).sum();
  }

  private static int secretIn(JsonNode node) {
    if (node.path(SIGNATURE).asString("").equals(SECRET)) {
      return 1;
    }
    return node.values().stream().mapToInt(PlanFile::secretIn).sum();
  }
}
