package dev.nordfaas.testing;

import static dev.nordfaas.testing.PlanAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nordfaas.config.check.PatchedConfig;
import dev.nordfaas.plan.Plan;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PlanAssertTest {
  private static final Stack OSLO = Stacks.of(Fixtures.file("oslo"));
  private static final Plan PLAN = OSLO.plan();

  @Test
  void acceptsWhatThePlanSays() {
    assertThat(PLAN)
        .hasFunction("order-status")
        .hasOnlyFunctions("order-processor", "order-status")
        .runsOn("order-status", "oslo-1")
        .fits()
        .costsAtMost(1_000_000)
        .reachesOnly("order-status");
  }

  @Test
  void namesTheFunctionsThatThereAre() {
    assertThatThrownBy(() -> assertThat(PLAN).hasFunction("hello"))
        .isInstanceOf(AssertionError.class)
        .hasMessage("Expected a function hello, but there are [order-processor, order-status]");
  }

  @Test
  void refusesAnotherNode() {
    assertThatThrownBy(() -> assertThat(PLAN).runsOn("order-status", "bergen-1"))
        .hasMessage(
            "Expected nodes of function order-status to be [bergen-1], but they are [oslo-1]");
  }

  @Test
  void refusesOtherReplicas() {
    var scaled = OSLO.with("functions.order-status.scale", Map.of("min", 2, "max", 3));

    assertThat(scaled.plan()).scales("order-status", 2, 3);
    assertThatThrownBy(() -> assertThat(scaled.plan()).scales("order-status", 1, 3))
        .hasMessage("Expected replicas of function order-status to be [1, 3], but they are [2, 3]");
  }

  @Test
  void refusesAHigherCost() {
    var priced = OSLO.with("nodes.oslo-1.monthlyPriceNok", 900).plan();

    assertThat(priced).costsAtMost(900);
    assertThatThrownBy(() -> assertThat(priced).costsAtMost(899))
        .hasMessage("Expected a cost of at most 899 NOK a month, but it is 900");
  }

  @Test
  void refusesAnotherDestination() {
    var calling =
        OSLO.with(
                "functions.order-status.egress",
                List.of(Map.of("cidr", "203.0.113.7/32", "port", 443)))
            .plan();

    assertThat(calling).reachesOnly("order-status", "203.0.113.7/32:443");
    assertThatThrownBy(() -> assertThat(calling).reachesOnly("order-status"))
        .hasMessage(
            "Expected destinations of function order-status outside the cluster to be [], but they"
                + " are [203.0.113.7/32:443]");
  }

  @Test
  void listsWhatLeavesTheCluster() {
    var calling =
        OSLO.with(
                "functions.order-status.egress",
                List.of(Map.of("cidr", "203.0.113.7/32", "port", 443)))
            .plan();

    assertThatThrownBy(() -> assertThat(calling).leavesTheClusterOnlyTo())
        .hasMessageContaining("  openfaas-fn/order-status -> 203.0.113.7/32:443");
  }

  @Test
  void refusesAnotherRoleInADatabase() {
    assertThatThrownBy(() -> assertThat(PLAN).letsInto("orders", "order-status"))
        .hasMessageStartingWith(
            "Expected functions with a role in database orders to be [order-status], but they are");
  }

  @Test
  void refusesWhatDoesNotFit() {
    var tooLarge = Plan.of(PatchedConfig.of("oslo", "set: {nordfaas:nodes.oslo-1.vcpu: 1}"));

    assertThatThrownBy(() -> assertThat(tooLarge).fits())
        .hasMessageStartingWith("Expected everything to fit on the nodes, but:\n  nordfaas:");
  }

  @Test
  void refusesWhatDoesNotFitUnderLoad() {
    var scaled =
        OSLO.with(
                "functions.order-status.resources",
                Map.of(
                    "requests", Map.of("cpu", "2", "memory", "8Gi"),
                    "limits", Map.of("memory", "8Gi")))
            .plan();

    assertThat(scaled).fits();
    assertThatThrownBy(() -> assertThat(scaled).fitsAtFullScale())
        .hasMessageContaining("nordfaas:functions.order-status.scale.max: 5 replicas");
  }
}
