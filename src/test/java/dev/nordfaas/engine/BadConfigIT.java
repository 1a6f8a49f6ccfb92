package dev.nordfaas.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.pulumi.automation.AutomationException;
import dev.nordfaas.config.check.BadConfigs;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Bad configs of the table through the real CLI, for what the loader alone does not show: the same
 * words, and nothing but them. {@code ConfigLoaderTest} has all of them.
 */
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

  @ParameterizedTest
  @ValueSource(
      strings = {
        // Pulumi.yaml has an empty section in its place.
        "missing-section",
        // The SDK cannot list the keys that there are.
        "unknown-section",
        // The CLI passes on a section as a string, an object, a list.
        "section-is-text",
        "section-is-list",
        // What the CLI makes of a number that is no integer.
        "fraction-for-sysctl",
        // Files are looked for beside Pulumi.yaml.
        "schema-not-there",
        "function-files-not-there",
        // Who may use it is said of each route.
        "route-without-auth",
        // All of them, in their order.
        "many-problems-at-once"
      })
  void failsWithItsExactMessageAndNoStackTrace(String name)
      throws IOException, InterruptedException {
    var bad = BadConfigs.named(name);
    project.setConfig(bad.yaml());

    var result = project.cli("--skip-plugin-pre-install");

    assertThat(result.exitCode()).isNotZero();
    assertThat(result.output().lines().map(String::strip))
        .containsSubsequence(("error: " + bad.message("oslo")).lines().map(String::strip).toList());
    assertThat(result.output()).doesNotContain("\tat ").doesNotContain("Exception");
  }
}
