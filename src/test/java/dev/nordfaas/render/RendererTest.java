package dev.nordfaas.render;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.config.check.ConfigLoader;
import dev.nordfaas.config.check.ConfigSource;
import dev.nordfaas.config.check.PatchedConfig;
import dev.nordfaas.host.UserData;
import dev.nordfaas.plan.Plan;
import dev.nordfaas.policy.Rules;
import dev.nordfaas.testing.Fixtures;
import dev.nordfaas.testing.GoldenManifests;
import dev.nordfaas.testing.KubernetesTypes;
import dev.nordfaas.testing.Specs;
import dev.nordfaas.testing.SplitStack;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.dataformat.yaml.YAMLMapper;

class RendererTest {
  @Test
  void rendersTheWholeOfOslo() {
    var files = Renderer.render("oslo", ConfigLoader.load(Fixtures.source("oslo"), Rules::check));

    GoldenManifests.assertFilesMatchOrAreElsewhere("render/oslo", files);
  }

  @Test
  void rendersAStackInFilesAsTheSameInOne(@TempDir Path project) throws IOException {
    var split = SplitStack.of("oslo");
    split.writeFiles(project);
    Files.writeString(project.resolve("Pulumi.yaml"), "name: nordfaas\n");
    var file = Files.writeString(project.resolve("Pulumi.oslo.yaml"), split.config());

    assertThat(
            Renderer.render("oslo", ConfigLoader.load(ConfigSource.fromFile(file), Rules::check)))
        .isEqualTo(
            Renderer.render("oslo", ConfigLoader.load(Fixtures.source("oslo"), Rules::check)));
  }

  @Test
  void rendersTheWholeOfOsloWithoutOpenFaas() {
    var files = Renderer.render(Plan.of(PatchedConfig.withoutOpenFaas()));

    GoldenManifests.assertFilesMatchOrAreElsewhere("render/oslo-without-openfaas", files);
  }

  @ParameterizedTest
  @MethodSource("dev.nordfaas.testing.Fixtures#stacks")
  void givesTheSameFilesTwice(String stack) {
    assertThat(Renderer.render(Plan.of(Fixtures.config(stack))))
        .isEqualTo(Renderer.render(Plan.of(Fixtures.config(stack))));
  }

  @ParameterizedTest
  @MethodSource("dev.nordfaas.testing.Fixtures#stacks")
  void everyObjectIsValidForTheApi(String stack) {
    var objects = objects(Renderer.render(Plan.of(Fixtures.config(stack))));

    assertThat(objects.values()).hasSizeGreaterThan(30).allSatisfy(KubernetesTypes::validate);
  }

  @Test
  void holdsTheUserDataOfEveryHost() {
    assertThat(Renderer.render(Plan.of(Fixtures.oslo())))
        .containsEntry("hosts/oslo-1/user-data", UserData.render(Specs.oslo()))
        .containsKeys(
            "hosts/oslo-1/etc/rancher/k3s/config.yaml",
            "hosts/oslo-1/etc/rancher/k3s/audit-policy.yaml");
  }

  /** What is created is what is named in the environment file, and nothing else is filled in. */
  @ParameterizedTest
  @MethodSource("dev.nordfaas.testing.Fixtures#stacks")
  void everySecretIsMadeOfPlaceholdersThatAreListed(String stack) {
    var files = Renderer.render(Plan.of(Fixtures.config(stack)));
    var variables = files.get(Renderer.VARIABLES);

    var secrets =
        objects(files).values().stream()
            .filter(object -> object.get("kind").equals("Secret"))
            .filter(secret -> secret.containsKey("stringData"))
            .toList();

    assertThat(secrets)
        .hasSizeGreaterThan(4)
        .allSatisfy(
            secret ->
                assertThat(((Map<?, ?>) secret.get("stringData")).values())
                    .extracting(Object::toString)
                    .allSatisfy(
                        value -> {
                          var found = PLACEHOLDER.matcher(value);
                          while (found.find()) {
                            assertThat(variables).contains("\n" + found.group(1) + "=\n");
                          }
                        }));
    assertThat(variables.lines().filter(line -> !line.startsWith("#")))
        .allSatisfy(
            line ->
                assertThat(files.values())
                    .as(line)
                    .anyMatch(text -> text.contains("${" + line.replace("=", "") + "}")));
  }

  /** A key that is made of a placeholder is one that everybody has. */
  @ParameterizedTest
  @MethodSource("dev.nordfaas.testing.Fixtures#stacks")
  void holdsNoKeyNoCertificateAndNoVerifier(String stack) {
    assertThat(Renderer.render(Plan.of(Fixtures.config(stack))).values())
        .noneMatch(text -> text.contains("-----BEGIN"))
        // A verifier of a placeholder would let everybody in who knows that.
        .noneMatch(text -> text.contains("SCRAM-SHA-256$"));
  }

  /** `kubectl apply --recursive` would refuse what is not whole. */
  @Test
  void whatIsChangedInAnObjectOfK3sIsApartFromTheObjects() {
    var files = Renderer.render(Plan.of(Fixtures.bergen()));

    assertThat(files.tailMap("patches/").headMap("patches0"))
        .containsOnlyKeys(
            "patches/kube-system/deployment.coredns.yaml",
            "patches/kube-system/service.kube-dns.yaml");
    assertThat(files)
        .containsKey("kubernetes/kube-system/poddisruptionbudget.coredns.yaml")
        .doesNotContainKey("kubernetes/kube-system/deployment.coredns.yaml");
    assertThat(Renderer.render(Plan.of(Fixtures.oslo())).keySet())
        .noneMatch(path -> path.startsWith("patches/"));
  }

  @Test
  void leavesOutTheHostsOfAClusterThatExists() {
    var config = Fixtures.osloOnExistingCluster("x");

    assertThat(Renderer.render(Plan.of(config)).keySet())
        .isNotEmpty()
        .noneMatch(path -> path.startsWith("hosts/"));
  }

  private static final java.util.regex.Pattern PLACEHOLDER =
      java.util.regex.Pattern.compile("\\$\\{([A-Z0-9_]+)}");

  @SuppressWarnings("unchecked") // A Kubernetes object has string keys.
  private static Map<String, Map<String, Object>> objects(SortedMap<String, String> files) {
    var objects = new HashMap<String, Map<String, Object>>();
    files.forEach(
        (path, text) -> {
          if (path.startsWith("kubernetes/")) {
            objects.put(path, new YAMLMapper().readValue(text, Map.class));
          }
        });
    return objects;
  }
}
