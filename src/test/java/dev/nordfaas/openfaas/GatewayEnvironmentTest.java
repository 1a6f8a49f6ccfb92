package dev.nordfaas.openfaas;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.config.OpenFaasConfig;
import dev.nordfaas.config.check.PatchedConfig;
import dev.nordfaas.testing.Fixtures;
import org.junit.jupiter.api.Test;

class GatewayEnvironmentTest {
  private static final OpenFaasConfig OSLO = Fixtures.oslo().openfaas();
  private static final String STANDARD =
      "set: {nordfaas:openfaas: {edition: standard, license: {secure: x}%s}}";

  @Test
  void gatewayGetsTheTimeoutsAsGoReadsThem() {
    assertThat(GatewayEnvironment.gateway(OSLO))
        .containsEntry("upstream_timeout", "1m")
        .containsEntry("read_timeout", "65s")
        .containsEntry("write_timeout", "65s");
  }

  @Test
  void gatewayHasNoAsynchronousPathOfItsOwn() {
    assertThat(GatewayEnvironment.gateway(OSLO).keySet()).noneMatch(name -> name.contains("nats"));
    assertThat(GatewayEnvironment.gateway(standard("")))
        .containsEntry("async", "false")
        .doesNotContainKey("faas_nats_address");
  }

  @Test
  void jetStreamGivesTheStandardEditionItsAsynchronousPath() {
    assertThat(GatewayEnvironment.gateway(standard(", jetstream: {}")))
        .containsEntry("async", "true")
        .containsEntry("faas_nats_address", "nats.openfaas.svc.cluster.local")
        .containsEntry("faas_nats_port", "4222")
        .containsEntry("faas_nats_channel", "faas-request");
  }

  @Test
  void gatewayAsksPrometheusWhereThereIsOne() {
    assertThat(GatewayEnvironment.gateway(OSLO))
        .containsEntry("faas_prometheus_host", "prometheus.openfaas.svc.cluster.local")
        .containsEntry("faas_prometheus_port", "9090");
    assertThat(GatewayEnvironment.gateway(standard("")))
        .containsEntry("faas_prometheus_host", "127.0.0.1");
  }

  @Test
  void gatewayAndProviderBothAskForThePassword() {
    assertThat(GatewayEnvironment.gateway(OSLO)).containsEntry("basic_auth", "true");
    assertThat(GatewayEnvironment.provider(OSLO)).containsEntry("basic_auth", "true");
  }

  @Test
  void onlyTheStandardEditionsProviderLooksForProfiles() {
    assertThat(GatewayEnvironment.provider(OSLO)).doesNotContainKey("profiles_namespace");
    assertThat(GatewayEnvironment.provider(standard("")))
        .containsEntry("profiles_namespace", "openfaas");
  }

  private static OpenFaasConfig standard(String more) {
    return PatchedConfig.of("oslo", STANDARD.formatted(more)).openfaas();
  }
}
