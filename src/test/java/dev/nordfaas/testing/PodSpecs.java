package dev.nordfaas.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The containers of recorded manifests, and what every one of them has to keep to. */
public final class PodSpecs {
  private PodSpecs() {}

  /** One container and the pod template that it is in. */
  public record PodContainer(String object, Map<?, ?> pod, Map<?, ?> container) {
    @Override
    public String toString() {
      return object + "/" + container.get("name");
    }
  }

  /** The pod that a workload, a Job or a CronJob makes. */
  public static Optional<Map<?, ?>> podOf(RecordingMocks.Registered object) {
    for (var path : List.of("spec.template.spec", "spec.jobTemplate.spec.template.spec")) {
      if (Manifests.at(object, path) instanceof Map<?, ?> pod) {
        return Optional.of(pod);
      }
    }
    return Optional.empty();
  }

  /**
   * Containers and init containers of a workload; none of another object, nor of a template that an
   * operator completes.
   */
  public static Stream<PodContainer> containersOf(RecordingMocks.Registered object) {
    if (KubernetesTypes.isCustom(object.inputs())) {
      return Stream.empty();
    }
    return podOf(object).stream().flatMap(pod -> containersOf(object.name(), pod));
  }

  private static Stream<PodContainer> containersOf(String object, Map<?, ?> pod) {
    return Stream.of("initContainers", "containers")
        .flatMap(key -> pod.get(key) instanceof List<?> list ? list.stream() : Stream.empty())
        .map(container -> new PodContainer(object, pod, (Map<?, ?>) container));
  }

  /**
   * Fails unless the container is non-root, without privileges, on a read-only root file system,
   * with seccomp, with requests, with limits of memory and disk, and with a pinned image.
   */
  public static void assertLeastPrivilege(PodContainer it) {
    var podContext = map(it.pod().get("securityContext"));
    assertThat(podContext.get("runAsNonRoot")).as("%s: runAsNonRoot", it).isEqualTo(true);
    assertThat(map(podContext.get("seccompProfile")).get("type"))
        .as("%s: seccompProfile", it)
        .isEqualTo("RuntimeDefault");
    assertThat(it.pod().get("automountServiceAccountToken"))
        .as("%s: automountServiceAccountToken", it)
        .isEqualTo(false);

    var context = map(it.container().get("securityContext"));
    assertThat(context.get("allowPrivilegeEscalation"))
        .as("%s: allowPrivilegeEscalation", it)
        .isEqualTo(false);
    assertThat(context.get("readOnlyRootFilesystem"))
        .as("%s: readOnlyRootFilesystem", it)
        .isEqualTo(true);
    assertThat(map(context.get("capabilities")).get("drop"))
        .as("%s: dropped capabilities", it)
        .isEqualTo(List.of("ALL"));

    var resources = map(it.container().get("resources"));
    assertThat(map(resources.get("requests")).keySet().toString())
        .as("%s: requests", it)
        .contains("cpu", "memory", "ephemeral-storage");
    assertThat(map(resources.get("limits")).keySet().toString())
        .as("%s: limits", it)
        .contains("memory", "ephemeral-storage");
    assertThat(it.container().get("image").toString())
        .as("%s: image", it)
        .matches(".+(:(?!latest).+|@sha256:.+)");
  }

  private static Map<?, ?> map(Object value) {
    return value instanceof Map<?, ?> map ? map : Map.of();
  }
}
