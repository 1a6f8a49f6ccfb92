package dev.nordfaas.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.config.check.PatchedConfig;
import dev.nordfaas.testing.Fixtures;
import dev.nordfaas.testing.RecordingMocks;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DestinationPlanTest {
  private static List<String> from(String from, String patch) {
    return Plan.of(PatchedConfig.of("oslo", patch)).destinations().stream()
        .filter(it -> it.from().equals(from))
        .map(DestinationPlanTest::text)
        .toList();
  }

  private static String text(Destination it) {
    return "%s %s:%d %s"
        .formatted(
            it.host().orElse("-"), it.network().orElse("-"), it.port(), it.country().orElse("?"));
  }

  @Test
  void hasTheCountryOfAnIssuer() {
    assertThat(from("edge/edge", "set: {}")).contains("maskinporten.no 198.51.100.0/24:443 NO");
  }

  @Test
  void doesNotKnowWhereAPublicAuthorityIs() {
    assertThat(from("edge/edge", "set: {}"))
        .contains("Let's Encrypt or ZeroSSL, for certificates 0.0.0.0/0:443 ?");
    assertThat(
            from(
                "edge/edge",
                "set: {nordfaas:edge.acmeDirectory: 'https://ca.example.no:14000/dir'}"))
        .contains("ca.example.no 0.0.0.0/0:14000 ?");
  }

  @Test
  void namesTheServiceThatTheCommunityEditionAsks() {
    assertThat(from("openfaas/gateway", "set: {}"))
        .containsExactly("checkip.amazonaws.com 0.0.0.0/0:443 US");
  }

  @Test
  void hasTheCountryOfTheStoreOfBackups() {
    assertThat(
            Plan.of(Fixtures.bergen()).destinations().stream()
                .filter(it -> it.from().equals("postgres/postgres"))
                .map(DestinationPlanTest::text))
        .containsExactly("s3.example.no 198.51.100.0/24:443 NO");
  }

  /** A function of which another's name is the beginning has nothing of it. */
  @Test
  void hasTheNamesOfAFunctionsOwnDestinations() {
    var patch =
        """
        set:
          nordfaas:functions.order.image: ghcr.io/nordfaas/order:0.1.0
          nordfaas:functions.order.egress: [{host: one.example.no, cidr: 203.0.113.0/24, port: 443}]
          nordfaas:functions.order-status.egress: [{cidr: 203.0.113.0/24, port: 443}]
          nordfaas:functions.order-processor.queue.callbacks: [{host: hooks.example.no, cidr: 203.0.113.0/24}]
        """;

    assertThat(from("openfaas-fn/order", patch))
        .containsExactly("one.example.no 203.0.113.0/24:443 ?");
    assertThat(from("openfaas-fn/order-status", patch)).containsExactly("- 203.0.113.0/24:443 ?");
    assertThat(from("openfaas-fn/order-processor-worker", patch))
        .containsExactly("hooks.example.no 203.0.113.0/24:443 ?");
  }

  @Test
  void hasWhatHostsUse() {
    assertThat(from(Destination.HOSTS, "set: {}"))
        .containsExactly(
            "ghcr.io -:443 ?",
            "registry-1.docker.io -:443 ?",
            "registry.k8s.io -:443 ?",
            "github.com -:443 ?",
            "ntp.justervesenet.no -:123 ?",
            "the VPS provider's name servers -:53 ?",
            "the distribution's packages -:80 ?");
  }

  @Test
  void hasTheCountryOfAMirror() {
    assertThat(
            from(
                Destination.HOSTS,
                "set: {nordfaas:k3s.registries: {docker.io: {endpoints: ['https://mirror.example.no:8443'], country: 'NO'}}}"))
        .contains("mirror.example.no -:8443 NO")
        .noneMatch(line -> line.contains("docker.io"));
  }

  @Test
  void hasTheStoreOfSnapshots() {
    assertThat(
            from(
                Destination.HOSTS,
                "set: {nordfaas:k3s.etcdSnapshots.s3: {endpoint: 's3.example.no:9000', country: 'NO', bucket: nordfaas-etcd, accessKey: {secure: x}, secretKey: {secure: x}}}"))
        .contains("s3.example.no -:9000 NO");
  }

  @Test
  void saysThatTheKubernetesApiMayBeAnywhereWhereItsAddressIsNotKnown() {
    var config = Fixtures.osloOnExistingCluster(RecordingMocks.KUBECONFIG);

    assertThat(
            Plan.of(config).destinations().stream()
                .filter(it -> it.from().equals("openfaas/gateway"))
                .map(DestinationPlanTest::text))
        .contains("the Kubernetes API, whose address is not in the config 0.0.0.0/0:6443 ?");
  }

  static Stream<StackVariant> variants() {
    return StackVariant.all();
  }

  /** Whatever a policy lets out is there. */
  @ParameterizedTest
  @MethodSource("variants")
  void leavesOutNoFlowThatLeavesTheCluster(StackVariant variant) {
    var plan = variant.plan();

    assertThat(
            plan.flows().stream()
                .filter(flow -> flow.to().matches("[0-9a-f.:]+/[0-9]+"))
                .filter(flow -> flow.port() != 6443)
                .map(Flow::toString))
        .allSatisfy(
            flow ->
                assertThat(plan.destinations())
                    .anyMatch(
                        it ->
                            flow.equals(
                                "%s -> %s:%d"
                                    .formatted(it.from(), it.network().orElse(""), it.port()))));
  }
}
