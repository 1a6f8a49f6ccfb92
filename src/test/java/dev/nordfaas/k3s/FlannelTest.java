package dev.nordfaas.k3s;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.config.K3sConfig.FlannelBackend;
import dev.nordfaas.config.StackConfig;
import dev.nordfaas.config.check.PatchedConfig;
import dev.nordfaas.testing.Fixtures;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FlannelTest {
  @Test
  void isUnencryptedInAPrivateNetworkUnlessChosen() {
    assertThat(of(Fixtures.bergen())).isEqualTo(new Flannel(FlannelBackend.VXLAN, 8472));
    assertThat(
            of(PatchedConfig.of("bergen", "set: {nordfaas:k3s.flannelBackend: wireguard-native}")))
        .isEqualTo(new Flannel(FlannelBackend.WIREGUARD_NATIVE, 51820));
  }

  /** One node sends nothing to others. */
  @Test
  void doesNotMatterOnOneNode() {
    assertThat(of(Fixtures.oslo()).backend()).isEqualTo(FlannelBackend.VXLAN);
  }

  @Test
  void isEncryptedIfANodeHasNoPrivateAddress() {
    assertThat(
            of(PatchedConfig.of("bergen", "remove: [nordfaas:nodes.bergen-4.privateAddress]"))
                .backend())
        .isEqualTo(FlannelBackend.WIREGUARD_NATIVE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "198.51.100.14",
        "172.32.0.1",
        "11.0.0.1",
        "192.169.0.1",
        "100.128.0.1",
        "2001:db8::1",
        "node.example.no"
      })
  void aPrivateAddressThatIsPublicIsPublic(String address) {
    assertThat(at(address).backend()).isEqualTo(FlannelBackend.WIREGUARD_NATIVE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"10.255.0.1", "172.31.0.1", "192.168.9.1", "100.64.0.1", "fd12::1", "fe80::1"})
  void theseArePrivate(String address) {
    assertThat(at(address).backend()).isEqualTo(FlannelBackend.VXLAN);
  }

  private static Flannel at(String address) {
    return of(
        PatchedConfig.of(
            "bergen", "set: {nordfaas:nodes.bergen-4.privateAddress: '%s'}".formatted(address)));
  }

  private static Flannel of(StackConfig config) {
    return Flannel.of(config.k3s(), config.nodes());
  }
}
