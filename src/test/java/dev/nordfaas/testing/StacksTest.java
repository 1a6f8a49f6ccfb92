package dev.nordfaas.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nordfaas.config.check.InvalidStackConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StacksTest {
  private static final Stack OSLO = Stacks.of(Fixtures.file("oslo"));

  @Test
  void isWhatTheProgramMakesOfTheFile() {
    assertThat(OSLO.plan().config().toString()).isEqualTo(Fixtures.oslo().toString());
  }

  @Test
  void variantLeavesTheStackAsItIs() {
    var variant = OSLO.with("datacenter.monthlyCostLimitNok", 123_456);

    assertThat(variant.plan().config().datacenter().monthlyCostLimitNok()).contains(123_456);
    assertThat(OSLO.plan().config().datacenter().monthlyCostLimitNok()).isNotEqualTo(123_456);
  }

  @Test
  void sectionCanBeReplaced() {
    assertThat(OSLO.with("ssh", Map.of("user", "someone")).plan().config().ssh().user())
        .isEqualTo("someone");
  }

  @Test
  void keyCanBeRemoved() {
    assertThat(OSLO.without("functions.order-status").plan().config().functions())
        .containsOnlyKeys("order-processor");
  }

  @Test
  void functionsOfFilesAreLikeOthers(@TempDir Path project) throws IOException {
    var split = SplitStack.of("oslo");
    split.writeFiles(project);
    Files.writeString(project.resolve("Pulumi.yaml"), "name: nordfaas\n");
    var stack = Stacks.of(Files.writeString(project.resolve("Pulumi.oslo.yaml"), split.config()));

    assertThat(stack.plan().config().functions()).isEqualTo(Fixtures.oslo().functions());
    assertThat(
            stack
                .with("functions.order-status.scale.max", 3)
                .without("functions.order-processor.metricsPort"))
        .satisfies(
            variant -> {
              var functions = variant.plan().config().functions();
              assertThat(functions.get("order-status").scale().max()).isEqualTo(3);
              assertThat(functions.get("order-processor").metricsPort()).isEmpty();
            });
    assertThat(stack.without("functions.order-status").plan().config().functions())
        .containsOnlyKeys("order-processor");
  }

  @Test
  void variantIsCheckedAsInAPreview() {
    var variant = OSLO.with("functions.order-status.scale.max", 0);

    assertThatThrownBy(variant::plan)
        .isInstanceOf(InvalidStackConfigException.class)
        .hasMessageContaining("nordfaas:functions.order-status.scale.max: ");
  }

  @Test
  void warningsAreThoseOfAPreview() {
    var large =
        OSLO.with(
            "functions.order-status.resources",
            Map.of(
                "requests", Map.of("cpu", "2", "memory", "8Gi"),
                "limits", Map.of("memory", "8Gi")));

    assertThat(large.warnings())
        .anyMatch(it -> it.startsWith("nordfaas:functions.order-status.scale.max: 5 replicas"));
  }
}
