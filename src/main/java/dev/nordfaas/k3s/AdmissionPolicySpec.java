package dev.nordfaas.k3s;

import java.util.List;

/**
 * The spec of Kubernetes' {@code ValidatingAdmissionPolicy}, as far as nordfaas uses it; the
 * components are its fields.
 */
record AdmissionPolicySpec(
    String failurePolicy,
    MatchResources matchConstraints,
    List<Named> matchConditions,
    List<Named> variables,
    List<Validation> validations) {

  record MatchResources(List<ResourceRule> resourceRules) {}

  record ResourceRule(
      List<String> apiGroups,
      List<String> apiVersions,
      List<String> operations,
      List<String> resources) {}

  record Named(String name, String expression) {}

  record Validation(String expression, String message, String reason) {}

  /** The spec of {@code ValidatingAdmissionPolicyBinding}. */
  record Binding(String policyName, List<String> validationActions) {}
}
