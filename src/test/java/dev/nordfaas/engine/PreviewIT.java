package dev.nordfaas.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.pulumi.automation.AutomationException;
import com.pulumi.automation.OperationType;
import com.pulumi.automation.events.StepEventMetadata;
import dev.nordfaas.testing.Golden;
import dev.nordfaas.testing.LiveStacks;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** Whole stacks, previewed by the real engine with nothing there yet. */
class PreviewIT {
  private static final Map<String, List<StepEventMetadata>> PREVIEWS = new ConcurrentHashMap<>();

  /** One preview per stack serves all tests of this class; each test can still run alone. */
  private static List<StepEventMetadata> previewOf(String stack) {
    return PREVIEWS.computeIfAbsent(
        stack,
        name -> {
          try (var project = EngineProject.ofFixture(name)) {
            return project.preview();
          } catch (IOException | AutomationException e) {
            throw new AssertionError(e);
          }
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"oslo", "bergen"})
  void createsEverythingAndChangesNothingElse(String stack) {
    assertThat(previewOf(stack))
        .extracting(StepEventMetadata::op)
        .isNotEmpty()
        .containsOnly(OperationType.CREATE);
  }

  @ParameterizedTest
  @MethodSource("dev.nordfaas.testing.LiveStacks#all")
  void previewsWhateverStackIsThere(String stack) throws IOException, AutomationException {
    assumeThat(
            Files.readString(LiveStacks.file(stack))
                .replaceAll("(?m)(^| )#.*", "")
                .replace(EngineProject.PLACEHOLDER, "")
                .contains("secure:"))
        .as("has secrets, which nobody can decrypt here")
        .isFalse();

    try (var project = EngineProject.ofLive(stack)) {
      assertThat(project.preview())
          .extracting(StepEventMetadata::op)
          .isNotEmpty()
          .containsOnly(OperationType.CREATE);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"oslo", "bergen"})
  void registersExactlyTheKnownResources(String stack) {
    var urns =
        previewOf(stack).stream()
            .map(StepEventMetadata::urn)
            .sorted()
            .collect(Collectors.joining("\n", "", "\n"));

    Golden.assertMatches("engine/" + stack + ".urns.txt", urns);
  }

  @ParameterizedTest
  @ValueSource(strings = {"oslo", "bergen"})
  void holdsAllSixComponents(String stack) {
    assertThat(previewOf(stack))
        .extracting(StepEventMetadata::type)
        .contains(
            "nordfaas:index:TunedHost",
            "nordfaas:index:K3sCluster",
            "nordfaas:index:NatsJetStream",
            "nordfaas:index:PooledPostgres",
            "nordfaas:index:OpenFaas",
            "nordfaas:index:FunctionWorkload");
  }

  @ParameterizedTest
  @ValueSource(strings = {"oslo", "bergen"})
  void appliesEveryKubernetesObjectThroughTheOneProviderOfTheCluster(String stack) {
    assertThat(previewOf(stack))
        .filteredOn(step -> step.type().startsWith("kubernetes:"))
        .extracting(step -> step.provider().replaceAll("::[^:]*$", ""))
        .hasSizeGreaterThan(20)
        .allMatch(
            provider ->
                provider.contains("::nordfaas:index:K3sCluster$pulumi:providers:kubernetes::"));
  }

  /** Kubernetes deletes the Secret for the token of an account that is not there yet. */
  @Test
  void asksForTheTokenOfTheReaderAfterItsAccount() throws Exception {
    try (var project = EngineProject.ofFixture("oslo")) {
      assertThat(dependencies(project.cli("--json").output(), "oslo-reader-token"))
          .anyMatch(urn -> urn.endsWith("::oslo-reader"));
    }
  }

  /**
   * Kubernetes refuses a pod of a class that is not there yet; every pod waits for its namespace.
   */
  @Test
  void makesNamespacesAfterThePriorityClasses() throws Exception {
    try (var project = EngineProject.ofFixture("bergen")) {
      var plan = project.cli("--json").output();
      for (var namespace :
          List.of(
              "nats-namespace",
              "postgres-namespace",
              "openfaas-namespace",
              "openfaas-functions-namespace",
              "openfaas-edge-namespace")) {
        assertThat(dependencies(plan, namespace))
            .as(namespace)
            .extracting(urn -> urn.substring(urn.lastIndexOf("::") + 2))
            .contains(
                "bergen-priority-platform",
                "bergen-priority-queue",
                "bergen-priority-functions",
                "bergen-priority-batch");
      }
    }
  }

  /** An earlier edge lets clients write the headers that intake believes. */
  @Test
  void changesIntakeOnceTheEdgeHasReadItsConfig() throws Exception {
    try (var project = EngineProject.ofFixture("oslo")) {
      assertThat(dependencies(project.cli("--json").output(), "intake-deployment"))
          .anySatisfy(urn -> assertThat(urn).endsWith("::openfaas-edge-check"));
    }
  }

  private static List<String> dependencies(String plan, String resource) {
    var json = plan.substring(plan.indexOf('{'), plan.lastIndexOf('}') + 1);
    for (var step : new JsonMapper().readTree(json).get("steps")) {
      if (step.get("urn").stringValue().endsWith("::" + resource)) {
        var urns = new ArrayList<String>();
        step.get("newState").path("dependencies").forEach(urn -> urns.add(urn.stringValue()));
        return urns;
      }
    }
    throw new AssertionError("no step of " + resource);
  }
}
