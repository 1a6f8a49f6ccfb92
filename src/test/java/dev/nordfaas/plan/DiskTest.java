package dev.nordfaas.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.config.ByteSize;
import dev.nordfaas.testing.KubernetesTypes;
import dev.nordfaas.testing.Manifests;
import dev.nordfaas.testing.PodSpecs;
import dev.nordfaas.testing.PodSpecs.PodContainer;
import dev.nordfaas.testing.RecordingMocks.Registered;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** No pod of a stack can fill the disk that etcd writes to. */
class DiskTest {
  private static final String DISK = "ephemeral-storage";

  /** The kubelet keeps five files of 10 MiB of each log, and looks at their sizes every 10 s. */
  private static final long LOGS = 50L << 20;

  @ParameterizedTest
  @MethodSource("dev.nordfaas.plan.StackVariant#all")
  void everyContainerHasRequestAndLimit(StackVariant variant) {
    var containers =
        variant.recorded().kubernetesObjects().stream().flatMap(PodSpecs::containersOf).toList();

    assertThat(containers)
        .hasSizeGreaterThan(8)
        .allSatisfy(
            container -> {
              assertThat(disk(container, "requests"))
                  .as("%s: request", container)
                  .isGreaterThanOrEqualTo(LOGS);
              assertThat(disk(container, "limits"))
                  .as("%s: limit", container)
                  .isGreaterThan(disk(container, "requests"));
            });
  }

  /** The kubelet evicts a pod that uses more than its containers' limits, volumes included. */
  @ParameterizedTest
  @MethodSource("dev.nordfaas.plan.StackVariant#all")
  void everyScratchVolumeHasASizeThatAContainerRequests(StackVariant variant) {
    for (var object : variant.recorded().kubernetesObjects()) {
      if (KubernetesTypes.isCustom(object.inputs())) {
        continue;
      }
      var pod = PodSpecs.podOf(object);
      if (pod.isEmpty()) {
        continue;
      }
      var onDisk = new HashSet<Object>();
      var needed = 0L;
      for (var volume : list(pod.get().get("volumes"))) {
        if (volume.get("emptyDir") instanceof Map<?, ?> emptyDir) {
          assertThat(emptyDir.get("sizeLimit"))
              .as("%s: size of %s", object.name(), volume.get("name"))
              .isNotNull();
          if (!"Memory".equals(emptyDir.get("medium"))) {
            onDisk.add(volume.get("name"));
            needed += ByteSize.parse(emptyDir.get("sizeLimit").toString()).bytes();
          }
        }
      }
      var containers = list(pod.get().get("containers"));
      var requested =
          PodSpecs.containersOf(object)
              .filter(it -> containers.contains(it.container()))
              .mapToLong(it -> disk(it, "requests"))
              .sum();
      assertThat(requested)
          .as("%s, with %s", object.name(), onDisk)
          .isGreaterThanOrEqualTo(needed + containers.size() * LOGS);
    }
  }

  /** What operators, tools and administrators create there. */
  @ParameterizedTest
  @MethodSource("dev.nordfaas.plan.StackVariant#all")
  void everyNamespaceHasDefaultsForThePodsOfOthers(StackVariant variant) {
    var limited =
        variant.recorded().ofType("kubernetes:core/v1:LimitRange").stream()
            .filter(it -> Manifests.at(it, "spec.limits.0.default." + DISK) != null)
            .filter(it -> Manifests.at(it, "spec.limits.0.defaultRequest." + DISK) != null)
            .map(it -> Manifests.at(it, "metadata.namespace"))
            .collect(Collectors.toCollection(TreeSet::new));

    assertThat(limited)
        .containsExactlyInAnyOrderElementsOf(
            variant.recorded().ofType("kubernetes:core/v1:Namespace").stream()
                .map(it -> Manifests.at(it, "metadata.name"))
                .toList());
  }

  @ParameterizedTest
  @MethodSource("dev.nordfaas.plan.StackVariant#all")
  void theOperatorsPodsHaveLimitsToo(StackVariant variant) {
    for (var object : variant.recorded().kubernetesObjects()) {
      resourcesOfCustom(object)
          .forEach(
              resources ->
                  assertThat(resources.toString())
                      .as(object.name())
                      .contains("limits=", "requests=")
                      .matches(text -> text.split(DISK, -1).length == 3));
    }
  }

  private static Stream<Object> resourcesOfCustom(Registered object) {
    return switch (object.inputs().get("kind").toString()) {
      case "Cluster" -> Stream.of(Manifests.at(object, "spec.resources"));
      case "Pooler" -> Stream.of(Manifests.at(object, "spec.template.spec.containers.0.resources"));
      default -> Stream.empty();
    };
  }

  private static long disk(PodContainer container, String kind) {
    return container.container().get("resources") instanceof Map<?, ?> resources
            && resources.get(kind) instanceof Map<?, ?> amounts
            && amounts.get(DISK) != null
        ? ByteSize.parse(amounts.get(DISK).toString()).bytes()
        : 0;
  }

  private static List<Map<?, ?>> list(Object value) {
    return value instanceof List<?> list
        ? list.stream().map(it -> (Map<?, ?>) it).collect(Collectors.toList())
        : List.of();
  }
}
