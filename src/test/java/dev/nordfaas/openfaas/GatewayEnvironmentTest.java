package dev.nordfaas.openfaas;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.testing.Fixtures;
import org.junit.jupiter.api.Test;

class GatewayEnvironmentTest {
  @Test
  void gatewayGetsTheTimeoutsAsGoReadsThem() {
    assertThat(GatewayEnvironment.gateway(Fixtures.oslo().openfaas().gateway()))
        .containsEntry("upstream_timeout", "1m")
        .containsEntry("read_timeout", "65s")
        .containsEntry("write_timeout", "65s");
  }

  @Test
  void gatewayHasNoAsynchronousPathOfItsOwn() {
    assertThat(GatewayEnvironment.gateway(Fixtures.oslo().openfaas().gateway()).keySet())
        .noneMatch(name -> name.contains("nats"));
  }

  @Test
  void gatewayAndProviderBothAskForThePassword() {
    var config = Fixtures.oslo().openfaas().gateway();

    assertThat(GatewayEnvironment.gateway(config)).containsEntry("basic_auth", "true");
    assertThat(GatewayEnvironment.provider(config)).containsEntry("basic_auth", "true");
  }
}
