package dev.nordfaas.approval;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The format is that of {@code pulumi preview --save-plan} 3.259; the real one: ApprovedPlanIT. */
class PlanFileTest {
  private static PlanFile of(String... resources) {
    return PlanFile.of(
        new YAMLMapper().readTree("resourcePlans: {%s}".formatted(String.join(", ", resources))));
  }

  @Test
  void countsOperationsButWhatStaysTheSame() {
    assertThat(
            of(
                    "a: {steps: [create]}",
                    "b: {steps: [create]}",
                    "c: {steps: [same]}",
                    "d: {steps: [create-replacement, replace, delete-replaced]}")
                .operations())
        .isEqualTo(
            Map.of("create", 2, "create-replacement", 1, "replace", 1, "delete-replaced", 1));
  }

  @Test
  void countsUnknownInputsHoweverDeep() {
    var unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

    var plan =
        of(
            "a: {goal: {inputDiff: {adds: {x: %s, y: {z: [%s, known]}}}}}"
                .formatted(unknown, unknown),
            "b: {goal: {inputDiff: {updates: {x: %s}}, outputDiff: {adds: {o: %s}}}}"
                .formatted(unknown, unknown));

    assertThat(plan.unknown()).isEqualTo(3);
  }

  @Test
  void countsSecretInputs() {
    var secret =
        "{4dabf18193072939515e22adb298388d: 1b47061264138c4ac30d75fd1eb44270, ciphertext: 'v1:a'}";

    assertThat(of("a: {goal: {inputDiff: {adds: {x: %s, y: plain}}}}".formatted(secret)).secret())
        .isEqualTo(1);
  }
}
