package dev.nordfaas.k3s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nordfaas.config.HostConfig;
import dev.nordfaas.config.NodeConfig;
import dev.nordfaas.config.check.PatchedConfig;
import dev.nordfaas.testing.Fixtures;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TopologyTest {
  private static final Map<String, NodeConfig> BERGEN = Fixtures.bergen().nodes();
  private static final HostConfig HOST = Fixtures.bergen().host();

  @Test
  void startsServersBeforeAgentsInTheOrderOfTheConfig() {
    var nodes = new LinkedHashMap<String, NodeConfig>();
    for (var name : new String[] {"bergen-5", "bergen-3", "bergen-4", "bergen-1"}) {
      nodes.put(name, BERGEN.get(name));
    }

    assertThat(Topology.of(nodes, HOST, Optional.empty()).members())
        .extracting(Topology.Member::name)
        .containsExactly("bergen-3", "bergen-1", "bergen-5", "bergen-4");
  }

  @Test
  void startsWithTheServerThatIsNamed() {
    assertThat(Topology.of(BERGEN, HOST, Optional.of("bergen-3")).members())
        .extracting(Topology.Member::name)
        .containsExactly("bergen-3", "bergen-1", "bergen-2", "bergen-4", "bergen-5");
  }

  @Test
  void refusesAgentsWithoutAServer() {
    assertThatThrownBy(
            () -> Topology.of(Map.of("bergen-4", BERGEN.get("bergen-4")), HOST, Optional.empty()))
        .hasMessage("a cluster needs at least one node with role server");
  }

  @Test
  void clientsReachTheFirstServerUnlessTheApiHasAnAddress() {
    var topology = Topology.of(BERGEN, HOST, Optional.empty());

    assertThat(topology.apiUrl(Optional.empty())).isEqualTo("https://203.0.113.11:6443");
    assertThat(topology.apiUrl(Optional.of("k3s.example"))).isEqualTo("https://k3s.example:6443");
    assertThat(topology.apiUrl(Optional.of("2001:db8::1"))).isEqualTo("https://[2001:db8::1]:6443");
  }

  @Test
  void theFirstServerLooksAfterTheClusterAndAllNodes() {
    var topology = Topology.of(BERGEN, HOST, Optional.empty());

    assertThat(topology.keeper().name()).isEqualTo("bergen-1");
    assertThat(topology.members())
        .extracting(member -> topology.keeperOf(member).name())
        .containsOnly("bergen-1");
  }

  @Test
  void theNextServersDoWhileItIsAway() {
    var topology = away("bergen-1");

    assertThat(topology.firstServer().name()).isEqualTo("bergen-1");
    assertThat(topology.keeper().name()).isEqualTo("bergen-2");
    assertThat(topology.members())
        .extracting(member -> member.name() + " by " + topology.keeperOf(member).name())
        .containsExactly(
            "bergen-1 by bergen-2",
            "bergen-2 by bergen-3",
            "bergen-3 by bergen-2",
            "bergen-4 by bergen-2",
            "bergen-5 by bergen-2");
    assertThat(topology.apiUrl(Optional.empty())).isEqualTo("https://203.0.113.12:6443");
  }

  @Test
  void anotherNodeThatIsAwayChangesNothingOfThat() {
    var topology = away("bergen-3");

    assertThat(topology.members())
        .extracting(member -> topology.keeperOf(member).name())
        .containsOnly("bergen-1");
  }

  private static Topology away(String name) {
    var config = PatchedConfig.of("bergen", "set: {nordfaas:nodes.%s.away: true}".formatted(name));
    return Topology.of(config.nodes(), config.host(), config.k3s().firstServer());
  }
}
