package dev.nordfaas.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.pulumi.automation.AutomationException;
import com.pulumi.automation.events.StepEventMetadata;
import dev.nordfaas.testing.Golden;
import dev.nordfaas.testing.SplitStack;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * What only the real CLI shows of functions in files: where they are looked for, and how many fit.
 */
class FunctionFilesIT {
  private static final int MANY = 1000;

  private static EngineProject project(String config) throws IOException, AutomationException {
    return EngineProject.of("oslo", config);
  }

  private static Path folder(EngineProject project) {
    return project.configFile().resolveSibling(".").normalize();
  }

  @Test
  void previewsTheSameResourcesAsOfOneFile() throws IOException, AutomationException {
    var split = SplitStack.of("oslo");
    try (var project = project(split.config())) {
      split.writeFiles(folder(project));

      var urns =
          project.preview().stream()
              .map(StepEventMetadata::urn)
              .sorted()
              .collect(Collectors.joining("\n", "", "\n"));

      Golden.assertMatches("engine/oslo.urns.txt", urns);
    }
  }

  @Test
  void failsWithTheNameOfTheFile() throws Exception {
    var split = SplitStack.of("oslo");
    try (var project = project(split.config())) {
      split.writeFiles(folder(project));
      Files.writeString(folder(project).resolve("teams/vat.yaml"), "vat: {imag: r/vat:1}\n");

      var result = project.cli("--skip-plugin-pre-install");

      assertThat(result.exitCode()).isNotZero();
      assertThat(result.output())
          .contains("nordfaas:functions.vat.imag (teams/vat.yaml): is unknown; did you mean image?")
          .contains("Fix teams/vat.yaml, then run `pulumi preview --stack oslo` again.")
          .doesNotContain("\tat ")
          .doesNotContain("Exception");
    }
  }

  /** In one variable of the environment, as Pulumi hands over a config, some 350 fit. */
  @Test
  void previewsAThousandFunctions() throws IOException, AutomationException {
    var split = SplitStack.of("oslo").withMore(MANY);
    try (var project = project(split.config())) {
      split.writeFiles(folder(project));

      assertThat(project.preview())
          .filteredOn(step -> step.urn().matches(".*:FunctionWorkload::function-[0-9]+"))
          .hasSize(MANY);
    }
  }
}
