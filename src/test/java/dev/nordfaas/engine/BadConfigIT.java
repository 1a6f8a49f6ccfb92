package dev.nordfaas.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.pulumi.automation.AutomationException;
import dev.nordfaas.config.BadConfigs;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every bad config of the table, through the real CLI: the same words, and nothing but them. */
class BadConfigIT {
  private static EngineProject project;

  @BeforeAll
  static void openProject() throws IOException, AutomationException {
    project = EngineProject.ofFixture("oslo");
  }

  @AfterAll
  static void closeProject() throws IOException {
    project.close();
  }

  /** Without those that have a secret: the CLI cannot decrypt what no stack has encrypted. */
  static Stream<BadConfigs.Case> badConfigs() {
    return BadConfigs.all().stream().filter(bad -> !bad.yaml().contains("secure:"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("badConfigs")
  void failsWithItsExactMessageAndNoStackTrace(BadConfigs.Case bad)
      throws IOException, InterruptedException {
    project.setConfig(bad.yaml());

    var result = project.cli("--skip-plugin-pre-install");

    assertThat(result.exitCode()).isNotZero();
    assertThat(result.output().lines().map(String::strip))
        .containsSubsequence(("error: " + bad.message("oslo")).lines().map(String::strip).toList());
    assertThat(result.output()).doesNotContain("\tat ").doesNotContain("Exception");
  }
}
