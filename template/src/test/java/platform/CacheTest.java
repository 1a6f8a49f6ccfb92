package platform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.testing.Recorded;
import dev.nordfaas.testing.RecordingMocks;
import dev.nordfaas.testing.RecordingMocks.Registered;
import dev.nordfaas.testing.Stacks;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The cache beside the platform of stack oslo, with mocks in place of the engine. */
class CacheTest {
  private static RecordingMocks registered;

  @BeforeAll
  static void define() {
    registered =
        Recorded.of(Stacks.named("oslo").plan(), platform -> new Cache("cache", platform, "hello"));
  }

  @Test
  void isOnTheClusterOfThePlatform() {
    assertThat(registered.all())
        .filteredOn(it -> it.name().startsWith("cache-"))
        .hasSize(5)
        .extracting(Registered::provider)
        .allMatch(provider -> provider.contains("::oslo-provider::"));
  }

  @Test
  void onlyHelloMayConnectToIt() {
    var policy = policy("cache-from-functions");

    assertThat(policy.at("spec.ingress.0.from.0.namespaceSelector.matchLabels"))
        .contains(Map.of("kubernetes.io/metadata.name", "openfaas-fn"));
    assertThat(policy.at("spec.ingress.0.from.0.podSelector.matchExpressions.0.values"))
        .contains(List.of("hello"));
    assertThat(policy.at("spec.ingress.1")).isEmpty();
    assertThat(policy.at("spec.ingress.0.from.1")).isEmpty();
  }

  @Test
  void connectsToNobody() {
    var policy = policy("cache-from-functions");

    assertThat(policy.at("spec.policyTypes")).contains(List.of("Ingress", "Egress"));
    assertThat(policy.at("spec.egress")).isEmpty();
  }

  @Test
  void helloMayConnectToIt() {
    var policy = policy("cache-of-functions");

    assertThat(policy.at("metadata.namespace")).contains("openfaas-fn");
    assertThat(policy.at("spec.podSelector.matchExpressions.0.values")).contains(List.of("hello"));
    assertThat(policy.at("spec.egress.0.ports.0.port")).contains(6379L);
  }

  @Test
  void helloIsToldWhereItIs() {
    assertThat(Stacks.named("oslo").plan().config().functions().get("hello").environment())
        .containsEntry("CACHE_URL", Cache.url("cache"));
  }

  private static Registered policy(String name) {
    return registered.one("kubernetes:networking.k8s.io/v1:NetworkPolicy", name);
  }
}
