package dev.nordfaas.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.config.ByteSize;
import dev.nordfaas.config.Cpu;
import dev.nordfaas.manifest.Requests;
import dev.nordfaas.testing.KubernetesTypes;
import dev.nordfaas.testing.Manifests;
import dev.nordfaas.testing.PodSpecs;
import dev.nordfaas.testing.RecordingMocks.Registered;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is planned to run is what the program makes. */
class PodPlanTest {
  private static List<Registered> recorded(StackVariant variant) {
    return variant.recorded().kubernetesObjects().stream()
        .filter(it -> KubernetesTypes.isCustom(it.inputs()) || PodSpecs.podOf(it).isPresent())
        // Barman Cloud runs in the instances.
        .filter(it -> !it.inputs().get("kind").equals("ScheduledBackup"))
        .toList();
  }

  private static String nameOf(Registered object) {
    return "%s %s/%s"
        .formatted(
            object.inputs().get("kind"),
            Manifests.at(object, "metadata.namespace"),
            Manifests.at(object, "metadata.name"));
  }

  private static Map<String, Pods> counted(StackVariant variant) {
    return variant.plan().pods().stream()
        .filter(it -> it.object().isPresent())
        .collect(Collectors.toMap(it -> it.object().orElseThrow(), it -> it));
  }

  @ParameterizedTest
  @MethodSource("dev.nordfaas.plan.StackVariant#all")
  void countsEverythingThatMakesPodsAndNothingElse(StackVariant variant) {
    assertThat(recorded(variant))
        .extracting(PodPlanTest::nameOf)
        .containsExactlyInAnyOrderElementsOf(counted(variant).keySet());
  }

  @ParameterizedTest
  @MethodSource("dev.nordfaas.plan.StackVariant#all")
  void countsWhatThePodsAskFor(StackVariant variant) {
    var workloads = counted(variant);
    var counted = new TreeMap<String, Requests>();
    var asked = new TreeMap<String, Requests>();
    for (var object : recorded(variant)) {
      requests(object)
          .ifPresent(
              requests -> {
                asked.put(nameOf(object), requests);
                assertThat(workloads).containsKey(nameOf(object));
                counted.put(nameOf(object), workloads.get(nameOf(object)).pod());
              });
    }

    assertThat(asked).hasSizeGreaterThan(8).isEqualTo(counted);
  }

  @ParameterizedTest
  @MethodSource("dev.nordfaas.plan.StackVariant#all")
  void countsAsManyPodsAsThereAre(StackVariant variant) {
    var workloads = counted(variant);
    var asked = new TreeMap<String, Integer>();
    var counted = new TreeMap<String, Integer>();
    for (var object : recorded(variant)) {
      Stream.of("spec.replicas", "spec.instances")
          .map(path -> Manifests.at(object, path))
          .filter(Number.class::isInstance)
          .map(number -> ((Number) number).intValue())
          .findFirst()
          .ifPresent(
              replicas -> {
                asked.put(nameOf(object), replicas);
                assertThat(workloads).containsKey(nameOf(object));
                counted.put(nameOf(object), workloads.get(nameOf(object)).replicas());
              });
    }

    assertThat(asked).hasSizeGreaterThan(3).isEqualTo(counted);
  }

  @ParameterizedTest
  @MethodSource("dev.nordfaas.plan.StackVariant#all")
  void countsAsManyNameServersAsK3sAndTheProgramMake(StackVariant variant) {
    var asked =
        variant.recorded().patches().stream()
            .filter(patch -> patch.type().endsWith(":DeploymentPatch"))
            .map(patch -> ((Number) Manifests.at(patch, "spec.replicas")).intValue())
            .findFirst()
            .orElse(1);

    assertThat(variant.plan().pods())
        .filteredOn(pods -> pods.name().equals("CoreDNS"))
        .extracting(Pods::replicas)
        .containsExactly(asked);
  }

  /** The scheduler's sum: of all containers, or the largest that runs before them. */
  private static Optional<Requests> requests(Registered object) {
    if (KubernetesTypes.isCustom(object.inputs())) {
      return Optional.empty();
    }
    return PodSpecs.podOf(object)
        .map(
            pod -> {
              var containers = requests(pod, "containers").reduce(Requests.NONE, Requests::plus);
              return requests(pod, "initContainers").reduce(containers, Requests::orMore);
            });
  }

  private static Stream<Requests> requests(Map<?, ?> pod, String key) {
    return pod.get(key) instanceof List<?> list
        ? list.stream()
            .map(container -> (Map<?, ?>) ((Map<?, ?>) container).get("resources"))
            .map(resources -> (Map<?, ?>) resources.get("requests"))
            .map(
                it ->
                    new Requests(
                        Cpu.parse(it.get("cpu").toString()).millicores(),
                        ByteSize.parse(it.get("memory").toString()).bytes(),
                        ByteSize.parse(it.get("ephemeral-storage").toString()).bytes()))
        : Stream.empty();
  }
}
