package dev.nordfaas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.pulumi.core.Output;
import com.pulumi.kubernetes.core.v1.ConfigMap;
import com.pulumi.kubernetes.core.v1.ConfigMapArgs;
import com.pulumi.resources.ComponentResource;
import com.pulumi.resources.ComponentResourceOptions;
import com.pulumi.resources.CustomResourceOptions;
import dev.nordfaas.config.check.PatchedConfig;
import dev.nordfaas.plan.Plan;
import dev.nordfaas.testing.Fixtures;
import dev.nordfaas.testing.Recorded;
import dev.nordfaas.testing.RecordingMocks;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What a program of one's own can build on the platform. */
class NordfaasTest {
  private static final String CONFIG_MAP = "kubernetes:core/v1:ConfigMap";

  /** A component of a user. */
  private static final class Cache extends ComponentResource {
    Cache(String name, Map<String, Output<String>> data, ComponentResourceOptions options) {
      super("example:index:Cache", name, options);
      new ConfigMap(
          name + "-config",
          ConfigMapArgs.builder()
              .data(
                  Output.all(data.values().stream().toList())
                      .applyValue(texts -> Map.of("all", String.join(" ", texts))))
              .build(),
          CustomResourceOptions.builder().parent(this).build());
      registerOutputs(Map.of());
    }
  }

  private static RecordingMocks oslo(Consumer<Platform> more) {
    return Recorded.of(Plan.of(Fixtures.oslo()), more);
  }

  @Test
  void componentOfAUserGoesThroughTheProviderOfTheCluster() {
    var mocks = oslo(platform -> new Cache("cache", Map.of(), platform.options()));

    assertThat(mocks.one(CONFIG_MAP, "cache-config").provider()).contains("::oslo-provider::");
  }

  @Test
  void resourceOfAUserGoesThroughTheProviderOfTheCluster() {
    var mocks =
        oslo(platform -> new ConfigMap("own", ConfigMapArgs.Empty, platform.resourceOptions()));

    assertThat(mocks.one(CONFIG_MAP, "own").provider()).contains("::oslo-provider::");
  }

  @Test
  void componentOfAUserHasTheAddressesOfThePlatform() {
    var mocks =
        oslo(
            platform ->
                new Cache(
                    "cache",
                    Map.of(
                        "edge", platform.edgeUrl(),
                        "nats", platform.natsUrl(),
                        "user", Output.of(platform.natsLogin("intake").user()),
                        "database", platform.databaseLogin("order-status").dsn(),
                        "function", platform.functionUrl("order-status"),
                        "gateway", platform.internalGatewayUrl().orElseThrow(),
                        "namespace", platform.functionsNamespace()),
                    platform.options()));

    assertThat(
            mocks
                .one(CONFIG_MAP, "cache-config")
                .at("data.all")
                .orElseThrow()
                .toString()
                .split(" "))
        .contains(
            "intake",
            "openfaas-fn",
            "http://order-status.openfaas-fn.svc.cluster.local:8080",
            "http://gateway.openfaas.svc.cluster.local:8080")
        .anyMatch(it -> it.startsWith("https://"))
        .anyMatch(it -> it.contains("nats.nats.svc.cluster.local:4222"))
        .anyMatch(it -> it.startsWith("postgresql://order_status:"));
  }

  @Test
  void withoutOpenFaasThereIsNoGateway() {
    Recorded.of(
        Plan.of(PatchedConfig.withoutOpenFaas()),
        platform -> {
          assertThat(platform.internalGatewayUrl()).isEmpty();
          assertThat(platform.gatewayPassword()).isEmpty();
        });
  }

  @Test
  void outputsOfAUserAreBesideThoseOfThePlatform() {
    oslo(
        platform -> {
          platform.export("cacheUrl", Output.of("redis://cache"));
          assertThat(platform.outputs()).containsKeys("cacheUrl", "edgeUrl", "kubeconfig");
        });
  }

  @Test
  void outputOfThePlatformIsNotReplaced() {
    oslo(
        platform ->
            assertThatThrownBy(() -> platform.export("edgeUrl", Output.of("")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("The stack has an output 'edgeUrl' already; choose another name"));
  }

  @Test
  void namesTheFunctionsThatThereAre() {
    oslo(
        platform ->
            assertThatThrownBy(() -> platform.functionUrl("hello"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                    "The platform has no function 'hello'; it has [order-processor, order-status]"));
  }
}
