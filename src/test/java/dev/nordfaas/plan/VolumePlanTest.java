package dev.nordfaas.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.config.ByteSize;
import dev.nordfaas.testing.Fixtures;
import dev.nordfaas.testing.Recorded;
import dev.nordfaas.testing.RecordingMocks.Registered;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class VolumePlanTest {

  /** Prometheus' data are in an emptyDir, which takes of the same disk. */
  @ParameterizedTest
  @MethodSource("dev.nordfaas.testing.Fixtures#stacks")
  void knowsEveryVolumeThatIsRegistered(String stack) {
    var plan = Plan.of(Fixtures.config(stack));

    var planned =
        plan.volumes().stream()
            .filter(volume -> !volume.name().equals("prometheus"))
            .flatMap(volume -> Stream.generate(volume::size).limit(volume.count()))
            .map(ByteSize::text)
            .toList();
    assertThat(planned).containsExactlyInAnyOrderElementsOf(claimed(plan));
  }

  private static List<String> claimed(Plan plan) {
    var sizes = new ArrayList<String>();
    for (var object : Recorded.of(plan).kubernetesObjects()) {
      var spec = map(object.inputs().get("spec"));
      switch (kind(object)) {
        case "StatefulSet" ->
            claims(spec)
                .forEach(
                    claim -> {
                      for (var i = 0; i < ((Number) spec.get("replicas")).intValue(); i++) {
                        sizes.add(claim);
                      }
                    });
        case "PersistentVolumeClaim" -> sizes.add(requested(spec));
        case "Cluster" -> {
          for (var i = 0; i < ((Number) spec.get("instances")).intValue(); i++) {
            sizes.add(map(spec.get("storage")).get("size").toString());
          }
        }
        default -> {}
      }
    }
    return sizes;
  }

  private static String kind(Registered object) {
    return object.inputs().get("kind").toString();
  }

  private static List<String> claims(Map<String, Object> spec) {
    return ((List<?>) spec.getOrDefault("volumeClaimTemplates", List.of()))
        .stream().map(claim -> requested(map(map(claim).get("spec")))).toList();
  }

  private static String requested(Map<String, Object> claim) {
    return map(map(claim.get("resources")).get("requests")).get("storage").toString();
  }

  @SuppressWarnings("unchecked") // Pulumi's inputs are maps by name
  private static Map<String, Object> map(Object value) {
    return (Map<String, Object>) value;
  }
}
