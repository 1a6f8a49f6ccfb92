package dev.nordfaas.graph;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.config.check.PatchedConfig;
import dev.nordfaas.plan.Flow;
import dev.nordfaas.plan.Plan;
import dev.nordfaas.testing.Fixtures;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ConnectionsTest {
  /** However workloads are put together: nothing is lost, and nothing is added. */
  @ParameterizedTest
  @MethodSource("dev.nordfaas.graph.Stacks#all")
  void holdEveryFlowOfThePlanOnce(Plan plan) {
    assertThat(Connections.of(plan).flows().map(Flow::toString))
        .isNotEmpty()
        .containsExactlyInAnyOrderElementsOf(plan.flows().stream().map(Flow::toString).toList());
  }

  @Test
  void putFunctionsTogetherThatConnectAlike() {
    var connections = Connections.of(Stacks.manyFunctions());

    var functions =
        connections.parties().stream()
            .filter(party -> party.label().startsWith("functions"))
            .toList();

    assertThat(functions).hasSize(4);
    assertThat(functions.stream().flatMap(party -> party.members().stream()))
        .hasSize(40)
        .doesNotHaveDuplicates();
  }

  @Test
  void showThatAWorkerCallsItsOwnFunctionOnly() {
    var plan =
        Stacks.patched(
            "oslo",
            PatchedConfig.WITHOUT_OPENFAAS
                + """
                  nordfaas:functions.order-status.queue: {stream: orders, durable: other}
                """);

    assertThat(Connections.of(plan).inside())
        .filteredOn(it -> it.from().label().equals("workers") && it.own())
        .isNotEmpty()
        .allSatisfy(it -> assertThat(it.portText()).isEqualTo("8080"));
  }

  @Test
  void sayWhatDestinationsOutsideAreFor() {
    var exits = Connections.of(Plan.of(Fixtures.bergen())).exits();

    assertThat(exits).extracting(Exit::letter).containsExactly("A", "B");
    assertThat(exits)
        .extracting(Exit::text)
        .containsExactly("198.51.100.0/24, port 443", "any address, port 443");
    assertThat(exits.get(0).purposes())
        .containsEntry("edge/edge", List.of("keys of issuer maskinporten: maskinporten.no (NO)"))
        .containsEntry("postgres/postgres", List.of("backups: s3.example.no (NO)"));
  }

  @Test
  void takeTheServersOfTheKubernetesApiForInside() {
    var connections = Connections.of(Plan.of(Fixtures.bergen()));

    assertThat(connections.parties())
        .filteredOn(party -> party.label().equals(Connections.KUBERNETES_API))
        .singleElement()
        .satisfies(party -> assertThat(party.members()).hasSize(3));
    assertThat(connections.exits()).noneMatch(exit -> exit.port() == 6443);
  }

  @Test
  void letterDestinationsBeyondTheAlphabet() {
    assertThat(List.of(Exit.letter(0), Exit.letter(25), Exit.letter(26), Exit.letter(52)))
        .containsExactly("A", "Z", "AA", "BA");
  }
}
