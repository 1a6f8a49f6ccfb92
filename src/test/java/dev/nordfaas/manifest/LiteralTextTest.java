package dev.nordfaas.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.config.check.PatchedConfig;
import dev.nordfaas.plan.Plan;
import dev.nordfaas.testing.Expansion;
import dev.nordfaas.testing.Manifests;
import dev.nordfaas.testing.PodSpecs;
import dev.nordfaas.testing.PodSpecs.PodContainer;
import dev.nordfaas.testing.Recorded;
import dev.nordfaas.testing.RecordingMocks;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** What the config says is what a container gets, whatever the kubelet expands. */
class LiteralTextTest {
  private static final String SCHEMA = "src/test/resources/schemas/dollars.schema.json";

  private static final Map<String, String> NASTY =
      Map.of(
          "A", "first",
          "DOUBLE", "pa$$word",
          "END", "ends in $$",
          "ESCAPED", "$$(A)",
          "MANY", "$$$$(A)$",
          "REFERENCE", "$(A) and $(HOSTNAME)",
          "SHELL", "${A} $A $? `A` \"$(id)\" '$'",
          "UNFINISHED", "$(A");

  private static final String BODY = "{\"total\": \"$$100\", \"id\": \"$(CALL_ID)\"}";
  private static final String CONTENT_TYPE = "text/plain; note=\"$$(BODY)\"";

  private static String patch() {
    var json = JsonMapper.shared();
    return "set: "
        + json.writeValueAsString(
            Map.of(
                "nordfaas:functions.order-status.environment",
                NASTY,
                "nordfaas:functions.order-status.cron",
                Map.of(
                    "nightly",
                    Map.of("schedule", "0 3 * * *", "body", BODY, "contentType", CONTENT_TYPE)),
                "nordfaas:queueWorker.intake.routes.orders.schema",
                SCHEMA));
  }

  private static RecordingMocks recorded(String stack, String patch) {
    return Recorded.of(Plan.of(PatchedConfig.of(stack, patch)));
  }

  private static PodContainer container(RecordingMocks mocks, String type, String object) {
    return PodSpecs.containersOf(mocks.one(type, object)).findFirst().orElseThrow();
  }

  /** The variables as the kubelet makes them: each can refer to those before it. */
  private static Map<String, String> variables(PodContainer container) {
    var variables = new LinkedHashMap<String, String>();
    for (var variable : list(container.container().get("env"))) {
      var name = ((Map<?, ?>) variable).get("name").toString();
      var value = ((Map<?, ?>) variable).get("value");
      variables.put(
          name,
          value == null
              ? "from elsewhere"
              : Expansion.expand(
                  value.toString(), it -> variables.getOrDefault(it, "$(%s)".formatted(it))));
    }
    return variables;
  }

  private static List<?> list(Object value) {
    return value instanceof List<?> list ? list : List.of();
  }

  @Test
  void aFunctionGetsItsEnvironmentAsWritten() {
    var variables =
        variables(
            container(
                recorded("oslo", patch()),
                "kubernetes:apps/v1:Deployment",
                "order-status-deployment"));

    assertThat(variables).containsAllEntriesOf(NASTY);
  }

  @Test
  void aScheduledCallHasItsBodyAndContentTypeAsWritten() {
    var mocks = recorded("oslo", patch());
    var cronJob =
        mocks.ofType("kubernetes:batch/v1:CronJob").stream()
            .filter(it -> "order-status-cron-nightly".equals(Manifests.at(it, "metadata.name")))
            .findFirst()
            .orElseThrow();

    assertThat(variables(PodSpecs.containersOf(cronJob).findFirst().orElseThrow()))
        .containsEntry("BODY", BODY)
        .containsEntry("CONTENT_TYPE", CONTENT_TYPE);
  }

  /** A pattern that ends in {@code $$} accepts other bodies than one that ends in {@code $}. */
  @Test
  void intakeChecksTheSchemaAsWritten() throws Exception {
    var variables =
        variables(
            container(
                recorded("oslo", patch()), "kubernetes:apps/v1:Deployment", "intake-deployment"));

    var json = JsonMapper.shared();
    assertThat(json.readTree(variables.get("ROUTES")).get(0).get("schema"))
        .isEqualTo(json.readTree(Files.readString(Path.of(SCHEMA))));
  }

  /** No text of ours means a reference either; one that is meant would be listed here. */
  @ParameterizedTest
  @ValueSource(strings = {"oslo", "bergen", "small"})
  void noContainerOfAStackHasAReference(String stack) {
    var containers =
        recorded(stack, stack.equals("oslo") ? patch() : "set: {}").kubernetesObjects().stream()
            .flatMap(PodSpecs::containersOf)
            .toList();

    assertThat(containers)
        .hasSizeGreaterThan(5)
        .allSatisfy(
            container ->
                assertThat(expandedTexts(container))
                    .allSatisfy(
                        text ->
                            Expansion.expand(
                                text,
                                name -> {
                                  throw new AssertionError(
                                      "%s refers to $(%s): %s".formatted(container, name, text));
                                })));
  }

  private static Stream<String> expandedTexts(PodContainer container) {
    var all = container.container();
    return Stream.of(
            list(all.get("env")).stream().map(variable -> ((Map<?, ?>) variable).get("value")),
            list(all.get("command")).stream(),
            list(all.get("args")).stream(),
            Stream.of("startupProbe", "readinessProbe", "livenessProbe")
                .map(all::get)
                .filter(Map.class::isInstance)
                .map(probe -> ((Map<?, ?>) probe).get("exec"))
                .filter(Map.class::isInstance)
                .flatMap(exec -> list(((Map<?, ?>) exec).get("command")).stream()))
        .flatMap(texts -> texts)
        .filter(String.class::isInstance)
        .map(String.class::cast);
  }
}
