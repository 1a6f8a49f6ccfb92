package dev.nordfaas.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.testing.Fixtures;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Stacks of earlier releases, previewed with the program of today: what holds data stays, under its
 * name. Two previews of each, because the cluster's plug-in can only compare objects once it knows
 * the kubeconfig, which it does not when the command that reads it has changed: one of everything,
 * and one of the objects in the cluster that hold data, in which that command is left alone.
 */
class ReleasesIT {
  private static final Set<String> HARMLESS = Set.of("same", "update", "read", "refresh");

  static Stream<Release> recorded() throws IOException {
    return Release.all();
  }

  @ParameterizedTest
  @MethodSource("recorded")
  void replacesAndDeletesNothingThatHoldsData(Release release) throws Exception {
    try (var project = EngineProject.of(release.stack(), release.config())) {
      project.importState(release.deployment());

      var all = steps(project.cli("--json"));
      var stores = steps(project.cli(targets(release)));

      assertThat(urns(all)).containsAll(release.holdingData());
      assertThat(urns(stores)).containsAll(release.holdingDataInCluster());
      assertThat(losses(release, all)).isEmpty();
      assertThat(losses(release, stores)).isEmpty();
    }
  }

  @Test
  void reportsWhatHasAnotherName() throws Exception {
    var release = oslo();
    var urn = "nordfaas:index:NatsJetStream$kubernetes:apps/v1:StatefulSet::nats-servers";
    var renamed = release.resources().get(urn).deepCopy().put("urn", urn + "-of-old");
    var earlier = release.with(urn, renamed);

    try (var project = EngineProject.of(earlier.stack(), earlier.config())) {
      project.importState(earlier.deployment());

      assertThat(losses(earlier, steps(project.cli("--json"))))
          .containsExactly("delete urn:pulumi:oslo::nordfaas::" + urn + "-of-old");
    }
  }

  @Test
  void reportsWhatTheClusterCannotChangeInPlace() throws Exception {
    var release = oslo();
    var urn = "nordfaas:index:PooledPostgres$kubernetes:apps/v1:StatefulSet::postgres-server";
    var changed = release.resources().get(urn).deepCopy();
    ((ObjectNode) changed.at("/inputs/spec")).put("serviceName", "another");
    var earlier = release.with(urn, changed);

    try (var project = EngineProject.of(earlier.stack(), earlier.config())) {
      project.importState(earlier.deployment());

      assertThat(losses(earlier, steps(project.cli(targets(earlier)))))
          .containsExactly("replace urn:pulumi:oslo::nordfaas::" + urn);
    }
  }

  /** To be run when a release is made: {@code make release-record}. */
  @ParameterizedTest
  @ValueSource(strings = {"oslo", "bergen"})
  @EnabledIfSystemProperty(named = "release.record", matches = "[0-9].*")
  void recordsTheRelease(String stack) throws Exception {
    try (var project = EngineProject.ofFixture(stack)) {
      var release =
          Release.of(System.getProperty("release.record"), stack, json(project.cli("--json")));

      release.write(Fixtures.text(stack).replaceFirst("^# yaml-language-server.*\n", ""));

      assertThat(release.holdingData()).isNotEmpty();
    }
  }

  private static Release oslo() throws IOException {
    return Release.all().filter(it -> it.stack().equals("oslo")).findFirst().orElseThrow();
  }

  private static String[] targets(Release release) {
    var flags = new ArrayList<String>(List.of("--json"));
    release.holdingDataInCluster().forEach(urn -> flags.addAll(List.of("--target", urn)));
    return flags.toArray(String[]::new);
  }

  private static List<JsonNode> steps(EngineProject.CliResult result) {
    return List.copyOf(json(result).get("steps").values());
  }

  /** A preview that fails, as it would delete what is protected, prints its steps all the same. */
  private static JsonNode json(EngineProject.CliResult result) {
    var output = result.output();
    assertThat(output).contains("\"steps\"");
    return new JsonMapper()
        .readTree(output.substring(output.indexOf('{'), output.lastIndexOf('}') + 1));
  }

  private static List<String> urns(List<JsonNode> steps) {
    return steps.stream().map(step -> step.get("urn").stringValue()).toList();
  }

  private static List<String> losses(Release release, List<JsonNode> steps) {
    return steps.stream()
        .filter(step -> release.holdingData().contains(step.get("urn").stringValue()))
        .filter(step -> !HARMLESS.contains(step.get("op").stringValue()))
        .map(step -> step.get("op").stringValue() + " " + step.get("urn").stringValue())
        .distinct()
        .toList();
  }
}
