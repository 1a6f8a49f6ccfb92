package dev.nordfaas.host;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nordfaas.testing.Fixtures;
import dev.nordfaas.testing.Golden;
import dev.nordfaas.testing.Specs;
import java.util.List;
import org.junit.jupiter.api.Test;

class FirewallTest {
  @Test
  void letsNobodyElseInOnOneNode() {
    Golden.assertMatches("host/oslo-1/firewall.nft", Firewall.render(Specs.oslo()));
  }

  @Test
  void letsTheOtherNodesInByTheirPrivateAddresses() {
    Golden.assertMatches(
        "host/bergen-1/firewall.nft", Firewall.render(Specs.of(Fixtures.bergen(), "bergen-1")));
  }

  @Test
  void refusesAPeerWhoseAddressIsAName() {
    var oslo = Specs.oslo();
    var spec =
        new HostSpec(
            "a", oslo.node(), oslo.host(), oslo.ssh(), List.of(), List.of(), List.of("b.example"));

    assertThatThrownBy(() -> Firewall.render(spec))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "a: the firewall needs the other nodes' IP addresses, but has 'b.example'; set that node's privateAddress");
  }
}
