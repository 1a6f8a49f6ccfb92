package dev.nordfaas.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.host.PortRange;
import dev.nordfaas.plan.Listener.ChosenBy;
import dev.nordfaas.plan.Listener.Place;
import dev.nordfaas.testing.Manifests;
import dev.nordfaas.testing.RecordingMocks.Registered;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The listeners that are planned are those that the pods have. */
class ListenedPortsTest {
  @Test
  void reservedAreThePortsOfTheDocument() {
    assertThat(PortRange.format(new StackVariant("oslo", "set: {}").plan().listenedPorts()))
        .isEqualTo(
            "22,80,443,2379-2382,4222,5432,6222,6432,6443-6444,8080,8222,8472,10010,10248-10259,30000-32767");
  }

  @ParameterizedTest
  @MethodSource("dev.nordfaas.plan.StackVariant#all")
  void everyHostPortIsListed(StackVariant variant) {
    var ofEdge =
        variant.plan().listeners().stream()
            .filter(it -> it.place().equals(Place.HOSTS) && it.owner().equals("the edge"))
            .map(it -> it.ports().first())
            .toList();

    assertThat(workloads(variant).flatMap(it -> ports(it, "hostPort")).distinct().sorted().toList())
        .isEqualTo(ofEdge);
  }

  /** Where a key chooses a port, all others have to be known. */
  @ParameterizedTest
  @MethodSource("dev.nordfaas.plan.StackVariant#all")
  void everyPortOfAPodWithAChosenPortIsListed(StackVariant variant) {
    var listeners = variant.plan().listeners();
    var pods =
        listeners.stream()
            .filter(it -> it.key().map(ChosenBy::path).isPresent())
            .map(Listener::place)
            .filter(it -> it.name().startsWith("pod "))
            .distinct()
            .toList();
    for (var pod : pods) {
      var registered =
          workloads(variant)
              .filter(it -> pod.equals(Place.pod(Manifests.at(it, "metadata.name").toString())))
              .flatMap(it -> ports(it, "containerPort"))
              .collect(Collectors.toCollection(TreeSet::new));

      assertThat(registered)
          .as(pod.name())
          .isNotEmpty()
          .isEqualTo(
              listeners.stream()
                  .filter(it -> it.place().equals(pod))
                  .map(it -> it.ports().first())
                  .collect(Collectors.toCollection(TreeSet::new)));
    }
  }

  private static Stream<Registered> workloads(StackVariant variant) {
    return Stream.of("Deployment", "StatefulSet", "DaemonSet")
        .flatMap(kind -> variant.recorded().ofType("kubernetes:apps/v1:" + kind).stream());
  }

  private static Stream<Integer> ports(Registered workload, String field) {
    return ((List<?>) Manifests.at(workload, "spec.template.spec.containers"))
        .stream()
            .flatMap(container -> list(((Map<?, ?>) container).get("ports")).stream())
            .map(port -> ((Map<?, ?>) port).get(field))
            .filter(Objects::nonNull)
            .map(port -> ((Number) port).intValue());
  }

  private static List<?> list(Object value) {
    return value == null ? List.of() : (List<?>) value;
  }
}
