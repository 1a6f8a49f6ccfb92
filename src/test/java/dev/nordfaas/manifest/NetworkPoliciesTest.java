package dev.nordfaas.manifest;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.pulumi.kubernetes.networking.v1.NetworkPolicy;
import com.pulumi.resources.CustomResourceOptions;
import com.pulumi.test.PulumiTest;
import dev.nordfaas.testing.GoldenManifests;
import dev.nordfaas.testing.RecordingMocks;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class NetworkPoliciesTest {
  private static final Labels LABELS = new Labels("nats", "queue");

  @AfterEach
  void cleanUp() {
    PulumiTest.cleanup();
  }

  @Test
  void deniesEverythingButDnsByDefaultAndOpensOnlyWhatIsNamed() {
    var mocks = new RecordingMocks();
    PulumiTest.withMocks(mocks)
        .runTest(
            context -> {
              new NetworkPolicy(
                  "deny", NetworkPolicies.defaultDeny("nats", LABELS), CustomResourceOptions.Empty);
              new NetworkPolicy(
                  "allow",
                  NetworkPolicies.allow(
                          "nats",
                          "nats",
                          LABELS,
                          List.of(
                              NetworkPolicies.from(
                                  List.of(
                                      NetworkPolicies.pods(
                                          "openfaas-fn", Map.of(Labels.NATS_CLIENT, "true"))),
                                  4222)),
                          List.of())
                      .args(),
                  CustomResourceOptions.Empty);
            })
        .throwOnError();

    GoldenManifests.assertManifestsMatch("manifest/network-policies", mocks.kubernetesObjects());
  }

  /** An empty list of peers means everybody, which nobody writes by accident. */
  @Test
  void ruleForPeersNeedsOne() {
    assertThatThrownBy(() -> NetworkPolicies.to(List.of(), 443))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a rule for peers needs one");
  }
}
