package dev.nordfaas.approval;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** That the engine applies what comes out of this: ApprovedPlanIT. */
class LateSecretsTest {
  private static JsonNode plan(String type, String inputDiff) {
    return yaml(
        "resourcePlans: {a: {goal: {type: '%s', inputDiff: %s}}}".formatted(type, inputDiff));
  }

  private static JsonNode yaml(String text) {
    return new YAMLMapper().readTree(text);
  }

  private static final String SECRET = "kubernetes:core/v1:Secret";
  private static final String UNKNOWN = PlanFile.UNKNOWN;

  @Test
  void aNewSecretMayHaveEither() {
    var plan = plan(SECRET, "{adds: {kind: Secret, stringData: {sig: s}}}");

    assertThat(LateSecrets.accept(plan)).isEqualTo(1);
    assertThat(plan)
        .isEqualTo(
            plan(
                SECRET,
                "{adds: {kind: Secret, stringData: %s, data: %s}}".formatted(UNKNOWN, UNKNOWN)));
  }

  @Test
  void aChangedSecretKeepsItsData() {
    var plan = plan(SECRET, "{adds: {stringData: {sig: s}}, deletes: [immutable, data]}");

    assertThat(LateSecrets.accept(plan)).isEqualTo(1);
    assertThat(plan)
        .isEqualTo(
            plan(
                SECRET,
                "{adds: {stringData: %s}, deletes: [immutable], updates: {data: %s}}"
                    .formatted(UNKNOWN, UNKNOWN)));
  }

  @Test
  void aSecretThatIsKnownStaysAsItWasPlanned() {
    var plan = plan(SECRET, "{adds: {data: {sig: s}}}");

    assertThat(LateSecrets.accept(plan)).isZero();
    assertThat(plan).isEqualTo(plan(SECRET, "{adds: {data: {sig: s}}}"));
  }

  @Test
  void nothingElseIsTouched() {
    var plan = plan("kubernetes:core/v1:ConfigMap", "{adds: {stringData: x}}");

    assertThat(LateSecrets.accept(plan)).isZero();
  }
}
