package dev.nordfaas.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.config.EdgeConfig;
import dev.nordfaas.config.check.PatchedConfig;
import dev.nordfaas.plan.Plan;
import dev.nordfaas.testing.Manifests;
import dev.nordfaas.testing.Recorded;
import dev.nordfaas.testing.RecordingMocks;
import dev.nordfaas.testing.RecordingMocks.Registered;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The edge of Bergen, on one node and on several. */
class EdgeManifestsTest {
  private static final String ONE = "set: {nordfaas:edge.nodes: [bergen-2]}";

  private static List<Registered> objects(String patch) {
    RecordingMocks recorded = Recorded.of(Plan.of(PatchedConfig.of("bergen", patch)));
    return recorded.kubernetesObjects().stream()
        .filter(it -> "edge".equals(Manifests.at(it, "metadata.namespace")))
        .toList();
  }

  private static List<Object> kinds(String patch) {
    return objects(patch).stream().map(it -> it.inputs().get("kind")).toList();
  }

  private static Registered edge(String patch) {
    return objects(patch).stream()
        .filter(it -> "StatefulSet".equals(it.inputs().get("kind")))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void hasOnePodOnEachNodeThatStartsWithoutTheOthersAndHasNoVolume() {
    var edge = edge("set: {}");

    assertThat(((Number) Manifests.at(edge, "spec.replicas")).intValue()).isEqualTo(3);
    assertThat(Manifests.at(edge, "spec.podManagementPolicy")).isEqualTo("Parallel");
    assertThat(edge.inputs().toString())
        .contains("values=[bergen-1, bergen-2, bergen-3]", "topologyKey=kubernetes.io/hostname")
        .doesNotContain("volumeClaimTemplates");
  }

  @Test
  void mayUseSecretsAndLeasesOfItsNamespaceOnly() {
    var role =
        objects("set: {}").stream()
            .filter(it -> "Role".equals(it.inputs().get("kind")))
            .findFirst()
            .orElseThrow();

    assertThat(Manifests.at(role, "rules"))
        .isEqualTo(
            List.of(
                Map.of(
                    "apiGroups",
                    List.of(""),
                    "resources",
                    List.of("secrets"),
                    "verbs",
                    List.of("get", "list", "create", "update", "delete")),
                Map.of(
                    "apiGroups",
                    List.of("coordination.k8s.io"),
                    "resources",
                    List.of("leases"),
                    "verbs",
                    List.of("get", "create", "update", "delete"))));
    assertThat(kinds("set: {}")).contains("ServiceAccount", "RoleBinding", "PodDisruptionBudget");
  }

  @Test
  void hasAVolumeAndNoTokenOnOneNode() {
    assertThat(kinds(ONE))
        .doesNotContain("ServiceAccount", "Role", "RoleBinding", "PodDisruptionBudget");
    assertThat(edge(ONE).inputs().toString())
        .contains("volumeClaimTemplates", "kubernetes.io/hostname=bergen-2")
        .doesNotContain("api-token", "podManagementPolicy");
  }

  @Test
  void sharesNothingWithACertificateOfYourOwn() {
    var bergen = PatchedConfig.of("bergen", "set: {nordfaas:edge.tls: certificate}").edge();

    assertThat(bergen.sharesCertificates()).isFalse();
    assertThat(caddyfile(bergen)).contains("\tstorage file_system /data\n");
  }

  @Test
  void sharesItsStorageWithTheOthers() {
    assertThat(caddyfile(PatchedConfig.of("bergen", "set: {}").edge()))
        .contains("\tstorage {$EDGE_STORAGE:kubernetes /run/caddy/storage}\n");
    assertThat(caddyfile(PatchedConfig.of("bergen", ONE).edge()))
        .contains("\tstorage file_system /data\n");
  }

  private static String caddyfile(EdgeConfig edge) {
    var bergen = PatchedConfig.of("bergen", "set: {}");
    return Caddyfile.of(
        edge,
        bergen.datacenter().domain(),
        EdgeRoutes.of(bergen.functions(), bergen.queueWorker().intake()),
        EdgeTimeouts.of(edge.timeouts(), bergen.openfaas().gateway()));
  }
}
