package dev.nordfaas.state;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.StringNode;

/**
 * Fields that Kubernetes does not let anybody change: an object that differs in one would be
 * deleted and created again. (Source: the validation of updates in Kubernetes' {@code pkg/apis}.)
 */
final class FixedFields {
  /**
   * By kind, with what Kubernetes takes a missing one for. The templates of a StatefulSet's claims
   * are fixed as well; the program keeps those that it finds.
   */
  private static final Map<String, List<Field>> FIELDS =
      Map.of(
          "Deployment", List.of(new Field("/spec/selector")),
          "StatefulSet",
              List.of(
                  new Field("/spec/selector"),
                  new Field("/spec/serviceName"),
                  new Field("/spec/podManagementPolicy", "OrderedReady")),
          "RoleBinding", List.of(new Field("/roleRef")),
          "ClusterRoleBinding", List.of(new Field("/roleRef")),
          "PersistentVolumeClaim",
              List.of(new Field("/spec/accessModes"), new Field("/spec/storageClassName")),
          "PriorityClass",
              List.of(new Field("/value"), new Field("/preemptionPolicy", "PreemptLowerPriority")),
          "RuntimeClass", List.of(new Field("/handler")),
          "Secret", List.of(new Field("/type", "Opaque")));

  private static final String HEADLESS = "None";

  private FixedFields() {}

  /**
   * A field.
   *
   * @param missing what it is where it is missing; empty: whatever Kubernetes makes of it
   */
  private record Field(String path, Optional<String> missing) {
    Field(String path, String missing) {
      this(path, Optional.of(missing));
    }

    Field(String path) {
      this(path, Optional.empty());
    }

    JsonNode in(JsonNode object) {
      var value = object.at(path);
      return value.isMissingNode()
          ? missing.<JsonNode>map(StringNode::valueOf).orElse(value)
          : value;
    }

    String name() {
      return path.substring(1).replace('/', '.');
    }
  }

  /** In which fields the cluster's object is not what the program would make, in words. */
  static List<String> differences(PlannedObject planned, JsonNode existing) {
    var wanted = planned.inputs();
    var differences = new ArrayList<String>();
    for (var field : FIELDS.getOrDefault(planned.kind(), List.of())) {
      var is = field.in(existing);
      var wouldBe = field.in(wanted);
      if (!wouldBe.isMissingNode() && !same(is, wouldBe)) {
        differences.add(
            "%s is %s, and would be %s".formatted(field.name(), text(is), text(wouldBe)));
      }
    }
    if (planned.kind().equals("Service") && isHeadless(existing) != isHeadless(wanted)) {
      differences.add(
          "spec.clusterIP is %s, and would be %s"
              .formatted(
                  text(existing.at("/spec/clusterIP")),
                  isHeadless(wanted) ? HEADLESS : "an address"));
    }
    for (var kind : List.of("Secret", "ConfigMap")) {
      if (planned.kind().equals(kind) && existing.path("immutable").asBoolean(false)) {
        differences.add("immutable is true, so that nothing in it can change");
      }
    }
    return differences;
  }

  private static boolean isHeadless(JsonNode service) {
    return service.at("/spec/clusterIP").asString("").equals(HEADLESS);
  }

  /** Numbers by value: a preview has decimals. */
  private static boolean same(JsonNode one, JsonNode other) {
    if (one.isNumber() && other.isNumber()) {
      return one.decimalValue().compareTo(other.decimalValue()) == 0;
    }
    return one.equals(other);
  }

  private static String text(JsonNode value) {
    if (value.isMissingNode()) {
      return "missing";
    }
    return value.isString() ? value.stringValue() : value.toString();
  }
}
