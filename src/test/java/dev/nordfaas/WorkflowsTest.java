package dev.nordfaas;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The workflows run for every datacenter that has a stack config, and name none. */
class WorkflowsTest {
  @TempDir private Path project;

  @Test
  void stacksAreThoseBesideTheProjectFileButTheLab() throws Exception {
    for (var name : List.of("Pulumi", "Pulumi.oslo", "Pulumi.lab", "Pulumi.mo-i-rana")) {
      Files.createFile(project.resolve(name + ".yaml"));
    }

    assertThat(stacks()).isEqualTo("[\"mo-i-rana\",\"oslo\"]\n");
  }

  @Test
  void listOfStacksIsEmptyWhereThereIsNone() throws Exception {
    Files.createFile(project.resolve("Pulumi.yaml"));

    assertThat(stacks()).isEqualTo("[]\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"drift", "preview", "up"})
  void workflowTakesTheListOfStacks(String name) throws IOException {
    var jobs = workflow(name).get("jobs");

    assertThat(jobs.at("/stacks/outputs/names").stringValue())
        .isEqualTo("${{ steps.stacks.outputs.names }}");
    assertThat(jobs.at("/stacks/steps/1/id").stringValue()).isEqualTo("stacks");
    assertThat(jobs.at("/stacks/steps/1/run").stringValue())
        .isEqualTo("echo \"names=$(.ci/stacks)\" >>\"$GITHUB_OUTPUT\"");
    assertThat(jobs.get(name).get("needs").stringValue()).isEqualTo("stacks");
    assertThat(jobs.get(name).at("/strategy/matrix/stack").stringValue())
        .isEqualTo("${{ fromJSON(needs.stacks.outputs.names) }}");
  }

  /** GitHub fails a job whose matrix is empty. */
  @ParameterizedTest
  @ValueSource(strings = {"drift", "preview", "up"})
  void workflowRunsForNothingWhereThereIsNoStack(String name) throws IOException {
    assertThat(workflow(name).at("/jobs/" + name + "/if").stringValue())
        .startsWith("needs.stacks.outputs.names != '[]'");
  }

  private String stacks() throws IOException, InterruptedException {
    var process = new ProcessBuilder(".ci/stacks", project.toString()).start();
    var output = new String(process.getInputStream().readAllBytes());
    assertThat(process.waitFor()).isZero();
    return output;
  }

  private static JsonNode workflow(String name) throws IOException {
    return new YAMLMapper().readTree(Files.readString(Path.of(".github/workflows", name + ".yml")));
  }
}
