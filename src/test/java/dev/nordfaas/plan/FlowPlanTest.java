package dev.nordfaas.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.config.check.PatchedConfig;
import dev.nordfaas.manifest.NetworkPeer;
import dev.nordfaas.manifest.NetworkPolicies;
import dev.nordfaas.manifest.NetworkRule;
import dev.nordfaas.manifest.PodNetworkPolicy;
import dev.nordfaas.testing.Fixtures;
import dev.nordfaas.testing.Golden;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FlowPlanTest {
  private static final NetworkPeer SERVER = NetworkPolicies.pods("data", Map.of("app", "server"));
  private static final NetworkPeer CLIENT = NetworkPolicies.pods("web", Map.of("app", "client"));

  private static PodNetworkPolicy policy(
      String namespace, String app, List<NetworkRule> ingress, List<NetworkRule> egress) {
    var labels = Map.of("app", app);
    return new PodNetworkPolicy(namespace, app, labels, labels, labels, ingress, egress);
  }

  private static List<String> flows(PodNetworkPolicy... policies) {
    return FlowPlan.of(List.of(policies)).stream().map(Flow::toString).toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"oslo", "bergen", "small"})
  void ofAStack(String stack) {
    Golden.assertMatches(
        "plan/flows/%s.txt".formatted(stack),
        Plan.of(Fixtures.config(stack)).flows().stream()
            .map(Flow::toString)
            .collect(Collectors.joining("\n", "", "\n")));
  }

  /** Functions let in their own callers, and nobody else. */
  @Test
  void ofAStackWithoutOpenFaas() {
    Golden.assertMatches(
        "plan/flows/oslo-without-openfaas.txt",
        Plan.of(PatchedConfig.withoutOpenFaas()).flows().stream()
            .map(Flow::toString)
            .collect(Collectors.joining("\n", "", "\n")));
  }

  @Test
  void isNotToAnIssuerWhereNoRouteAsksWhoIsCalling() {
    var everybody =
        """
        set:
          nordfaas:queueWorker.intake.routes.orders.auth: {public: true}
          nordfaas:functions.order-status.http.auth: {public: true}
        """;

    assertThat(toIssuer("{}")).hasSize(1);
    assertThat(toIssuer(everybody)).isEmpty();
  }

  private static List<String> toIssuer(String patch) {
    return Plan.of(PatchedConfig.of("oslo", patch)).flows().stream()
        .map(Flow::toString)
        .filter(flow -> flow.startsWith("edge/edge") && flow.contains("198.51.100.0/24"))
        .toList();
  }

  @Test
  void isThereWhereBothSidesLetItBe() {
    assertThat(
            flows(
                policy("web", "client", List.of(), List.of(NetworkPolicies.to(List.of(SERVER), 5))),
                policy(
                    "data",
                    "server",
                    List.of(NetworkPolicies.from(List.of(CLIENT), 5, 6)),
                    List.of())))
        .containsExactly("web/client -> data/server:5");
  }

  @Test
  void isNotThereWhereTheServerLetsNobodyIn() {
    assertThat(
            flows(
                policy("web", "client", List.of(), List.of(NetworkPolicies.to(List.of(SERVER), 5))),
                policy("data", "server", List.of(), List.of())))
        .isEmpty();
  }

  @Test
  void isNotThereWhereTheClientMayNotConnect() {
    assertThat(
            flows(
                policy("web", "client", List.of(), List.of()),
                policy(
                    "data",
                    "server",
                    List.of(NetworkPolicies.from(List.of(CLIENT), 5)),
                    List.of())))
        .isEmpty();
  }

  @Test
  void comesFromOutsideWhereEverybodyIsLetIn() {
    assertThat(flows(policy("web", "edge", List.of(NetworkPolicies.fromAnywhere(443)), List.of())))
        .containsExactly("0.0.0.0/0 -> web/edge:443", "::/0 -> web/edge:443");
  }

  @Test
  void leadsOutsideWhereANetworkIsNamed() {
    assertThat(
            flows(
                policy(
                    "web",
                    "client",
                    List.of(),
                    List.of(
                        NetworkPolicies.to(
                            List.of(NetworkPolicies.network("203.0.113.0/24")), 443)))))
        .containsExactly("web/client -> 203.0.113.0/24:443");
  }

  /** As Kubernetes reads them: what any policy that selects a pod allows is allowed. */
  @Test
  void addsUpThePoliciesThatSelectTheSamePods() {
    var both = Map.of("app", "client", "tier", "front");
    var wide =
        new PodNetworkPolicy(
            "web",
            "wide",
            Map.of(),
            Map.of("tier", "front"),
            Map.of("tier", "front"),
            List.of(),
            List.of(NetworkPolicies.to(List.of(SERVER), 5)));
    var client =
        new PodNetworkPolicy(
            "web", "client", Map.of(), Map.of("app", "client"), both, List.of(), List.of());

    assertThat(
            flows(
                wide,
                client,
                policy(
                    "data",
                    "server",
                    List.of(NetworkPolicies.from(List.of(CLIENT), 5)),
                    List.of())))
        .containsExactly("web/client -> data/server:5");
  }
}
