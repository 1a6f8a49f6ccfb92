package dev.nordfaas.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.config.check.RuleCheck;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Virtual addresses that no other node could take over. */
class VirtualAddressRulesTest {
  private static final String EDGE =
      "nordfaas:edge.virtualAddress: {address: 203.0.113.10/24, networkInterface: eth0, privateInterface: eth1, routerId: 51}";

  private static List<String> problems(String set) {
    return RuleCheck.problems(new VirtualAddressRule(), "bergen", "set: {%s}".formatted(set));
  }

  @Test
  void mayBeTheEdgesAndTheApis() {
    assertThat(
            problems(
                EDGE
                    + ", nordfaas:k3s.virtualAddress: {address: 10.20.0.9/24, networkInterface: eth1, routerId: 52}"))
        .isEmpty();
  }

  @Test
  void needsTwoNodes() {
    assertThat(problems(EDGE + ", nordfaas:edge.nodes: [bergen-1]"))
        .containsExactly(
            "edge.virtualAddress: needs two nodes, one of which takes over from the other; add the others to edge.nodes, or remove it");
  }

  @Test
  void isNoNodesOwn() {
    assertThat(problems(EDGE.replace("113.10/", "113.14/")))
        .containsExactly(
            "edge.virtualAddress.address: 203.0.113.14 is the address of node bergen-4; use one that no machine has");
  }

  @Test
  void isInTheNetworkOfItsNodes() {
    assertThat(problems(EDGE.replace("203.0.113.10/24", "203.0.113.18/29")))
        .hasSize(3)
        .first()
        .asString()
        .isEqualTo(
            "edge.virtualAddress.address: 203.0.113.18/29 is not in a network of bergen-1, which has 203.0.113.11 and 10.20.0.11: there nobody could reach it; use an address of the nodes' network, with the prefix of that network");
  }

  @Test
  void isOutsideTheNetworkOfPods() {
    assertThat(problems(EDGE.replace("203.0.113.10/24", "10.42.0.1/8")))
        .containsExactly(
            "edge.virtualAddress.address: 10.42.0.1 is in clusterCidr 10.42.0.0/16; use one outside of it");
  }

  @Test
  void needsAPrivateNetworkBetweenTheNodes() {
    assertThat(
            RuleCheck.problems(
                new VirtualAddressRule(),
                "bergen",
                "{remove: [nordfaas:nodes.bergen-2.privateAddress], set: {%s}}".formatted(EDGE)))
        .containsExactly(
            "nodes.bergen-2.privateAddress: is missing, but over it the nodes of a virtual address tell each other that they are alive; add it, or remove virtualAddress");
  }

  @Test
  void areTwoForEdgeAndApi() {
    assertThat(
            problems(
                EDGE
                    + ", nordfaas:k3s.virtualAddress: {address: 203.0.113.10/24, networkInterface: eth0, routerId: 51}"))
        .containsExactly(
            "k3s.virtualAddress.address: 203.0.113.10 is the edge's, and the two can be on different nodes; use another address",
            "k3s.virtualAddress.routerId: 51 is the edge's; use another number");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 256})
  void hasARouterOfOneByte(int number) {
    assertThat(problems(EDGE.replace("routerId: 51", "routerId: " + number)))
        .singleElement()
        .asString()
        .startsWith("edge.virtualAddress.routerId: ");
  }
}
