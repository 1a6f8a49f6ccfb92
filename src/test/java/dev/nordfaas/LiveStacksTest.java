package dev.nordfaas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.pulumi.test.PulumiTest;
import com.pulumi.test.TestOptions;
import dev.nordfaas.config.StackConfig;
import dev.nordfaas.config.check.ConfigLoader;
import dev.nordfaas.config.check.ConfigSource;
import dev.nordfaas.plan.Plan;
import dev.nordfaas.policy.Rules;
import dev.nordfaas.testing.KubernetesTypes;
import dev.nordfaas.testing.LiveStacks;
import dev.nordfaas.testing.RecordingMocks;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every stack beside {@code Pulumi.yaml}, whatever stands in it. */
class LiveStacksTest {

  @AfterEach
  void cleanUp() {
    PulumiTest.cleanup();
  }

  @ParameterizedTest
  @MethodSource("dev.nordfaas.testing.LiveStacks#all")
  void isValid(String stack) {
    assertThatCode(() -> load(stack)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @MethodSource("dev.nordfaas.testing.LiveStacks#all")
  void canBePreviewed(String stack) {
    var mocks = RecordingMocks.ofFirstPreview();
    var config = load(stack);

    PulumiTest.withMocks(mocks)
        .withOptions(TestOptions.builder().preview(true).build())
        .runTest(context -> Platform.define(Plan.of(config)).outputs().forEach(context::export))
        .throwOnError();

    assertThat(mocks.kubernetesObjects())
        .isNotEmpty()
        .allSatisfy(object -> KubernetesTypes.validate(object.inputs()));
  }

  private static StackConfig load(String stack) {
    return ConfigLoader.load(ConfigSource.fromFile(LiveStacks.file(stack)), Rules::check).config();
  }
}
