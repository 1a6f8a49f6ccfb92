package dev.nordfaas.components;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.pulumi.resources.ComponentResourceOptions;
import com.pulumi.test.PulumiTest;
import com.pulumi.test.TestOptions;
import com.pulumi.test.internal.PulumiTestInternal;
import dev.nordfaas.config.StackConfig;
import dev.nordfaas.config.check.PatchedConfig;
import dev.nordfaas.plan.Plan;
import dev.nordfaas.template.NodeScript;
import dev.nordfaas.testing.Fixtures;
import dev.nordfaas.testing.Golden;
import dev.nordfaas.testing.GoldenManifests;
import dev.nordfaas.testing.RecordingMocks;
import dev.nordfaas.testing.RecordingMocks.Registered;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class K3sClusterTest {
  private static final String COMMAND = "command:remote:Command";
  private static final String PROVIDER = "pulumi:providers:kubernetes";
  private static final String BUDGET = "kubernetes:policy/v1:PodDisruptionBudget";
  private static final String DEPLOYMENT_PATCH = "kubernetes:apps/v1:DeploymentPatch";
  private static final String SERVICE_PATCH = "kubernetes:core/v1:ServicePatch";
  private static final String WITH_STORE =
      """
      set:
        nordfaas:k3s.etcdSnapshots:
          tokenPassphrase: {secure: x}
          s3:
            endpoint: s3.example.no
            country: "NO"
            region: no-oslo-1
            bucket: backup
            accessKey: {secure: x}
            secretKey: {secure: x}
      """;

  @AfterEach
  void cleanUp() {
    PulumiTest.cleanup();
  }

  @Test
  void installsEveryNodeOfBergen() {
    var mocks = create(Fixtures.bergen());

    assertThat(mocks.ofType(COMMAND))
        .extracting(Registered::name)
        .containsExactlyElementsOf(
            Stream.concat(
                    Stream.of("1", "2", "3", "4", "5")
                        .flatMap(
                            node ->
                                Stream.of("install", "member", "token")
                                    .map(step -> "k3s-bergen-%s-%s".formatted(node, step))),
                    Stream.of("k3s-ca-hash", "k3s-kubeconfig", "k3s-name-server-deployed"))
                .toList());
    assertThat(mocks.ofType("command:local:Command"))
        .extracting(Registered::name)
        .containsExactly(
            "k3s-agent-token-password", "k3s-cluster-id", "k3s-origin", "k3s-token-password");
    assertThat(mocks.ofType("command:remote:CopyToRemote")).isEmpty();
  }

  @Test
  void onlyTheFirstServerIsLeftAloneWhenItGoes() {
    var mocks = create(Fixtures.bergen());

    assertThat(mocks.ofType(COMMAND))
        .filteredOn(command -> command.inputs().containsKey("delete"))
        .extracting(Registered::name)
        .containsExactly(
            "k3s-bergen-2-install",
            "k3s-bergen-2-member",
            "k3s-bergen-3-install",
            "k3s-bergen-3-member",
            "k3s-bergen-4-install",
            "k3s-bergen-4-member",
            "k3s-bergen-5-install",
            "k3s-bergen-5-member");
    assertThat(mocks.one(COMMAND, "k3s-bergen-4-member").inputs())
        .containsEntry("delete", NodeScript.K3S_LEAVE.text());
    assertThat(mocks.one(COMMAND, "k3s-bergen-4-install").inputs())
        .containsEntry("delete", NodeScript.K3S_STOP.text());
  }

  @Test
  void theOnlyServerStaysWhateverIsDestroyed() {
    assertThat(create(Fixtures.oslo()).ofType(COMMAND))
        .noneMatch(command -> command.inputs().containsKey("delete"));
  }

  @Test
  void aServerLooksAfterTheMembershipOfAnAgent() {
    var member = create(Fixtures.bergen()).one(COMMAND, "k3s-bergen-4-member");

    assertThat(member.inputs().get("connection").toString()).contains("host=203.0.113.11");
  }

  @Test
  void whileTheFirstServerIsAwayAnotherLooksAfterTheCluster() {
    var mocks = create(PatchedConfig.of("bergen", "set: {nordfaas:nodes.bergen-1.away: true}"));

    assertThat(mocks.ofType(COMMAND))
        .filteredOn(
            command -> command.inputs().get("connection").toString().contains("203.0.113.12"))
        .extracting(Registered::name)
        .containsExactly(
            "k3s-bergen-1-member",
            "k3s-bergen-2-install",
            "k3s-bergen-2-token",
            "k3s-bergen-3-member",
            "k3s-bergen-4-member",
            "k3s-bergen-5-member",
            "k3s-ca-hash",
            "k3s-kubeconfig",
            "k3s-name-server-deployed");
    assertThat(mocks.one(COMMAND, "k3s-bergen-2-member").inputs().get("connection").toString())
        .contains("203.0.113.13");
    assertThat(mocks.one(COMMAND, "k3s-bergen-4-token").inputs().get("stdin").toString())
        .contains("\naway=bergen-1\n");
  }

  /** Where the first server is would be a change of all configs, and a restart of all servers. */
  @Test
  void nothingElseChangesWhileItIsAway() {
    var before = create(Fixtures.bergen());
    PulumiTest.cleanup();

    var after = create(PatchedConfig.of("bergen", "set: {nordfaas:nodes.bergen-1.away: true}"));

    for (var node : List.of("1", "2", "3", "4", "5")) {
      var name = "k3s-bergen-%s-install".formatted(node);
      assertThat(after.one(COMMAND, name).inputs()).isEqualTo(before.one(COMMAND, name).inputs());
    }
  }

  @Test
  void handsTheTokensToNothingButTheirOwnFiles() {
    var mocks = create(Fixtures.bergen());

    for (var command : mocks.ofType(COMMAND)) {
      if (command.name().endsWith("-token")) {
        assertThat(command.inputs()).containsEntry("logging", "none");
      } else {
        assertThat(command.inputs().toString())
            .as(command.name())
            .doesNotContain("stdout-of-k3s-token-password")
            .doesNotContain("stdout-of-k3s-agent-token-password");
      }
    }
  }

  @Test
  void aServerGetsBothTokensAndAnAgentItsOwnAlone() {
    var mocks = create(Fixtures.bergen());

    assertThat(mocks.one(COMMAND, "k3s-bergen-3-token").inputs())
        .containsEntry(
            "stdin",
            """
            node=bergen-3
            role=server
            token=K10stdout-of-k3s-ca-hash::server:stdout-of-k3s-token-password
            agent-token=stdout-of-k3s-agent-token-password
            first=false
            """);
    assertThat(mocks.one(COMMAND, "k3s-bergen-4-token").inputs())
        .containsEntry(
            "stdin",
            """
            node=bergen-4
            role=agent
            token=K10stdout-of-k3s-ca-hash::node:stdout-of-k3s-agent-token-password
            """);
  }

  @Test
  void theHashOfTheCaIsReadFromTheFirstServerAlone() {
    var hash = create(Fixtures.bergen()).one(COMMAND, "k3s-ca-hash").inputs();

    assertThat(hash.get("connection").toString()).contains("host=203.0.113.11");
    assertThat(hash)
        .containsEntry("create", NodeScript.K3S_CA.text())
        .containsEntry("stdin", "certificates of the first start, tokens of the first start\n");
  }

  @Test
  void theHashIsReadAgainWithANewDateOfEitherRotation() {
    var rotation =
        "set: {nordfaas:k3s.rotation: {certificates: \"2026-11-25\", token: \"2026-11-24\"}}";

    assertThat(create(PatchedConfig.of("bergen", rotation)).one(COMMAND, "k3s-ca-hash").inputs())
        .containsEntry("stdin", "certificates of 2026-11-25, tokens of 2026-11-24\n");
  }

  @Test
  void nobodyJoinsASingleNode() {
    assertThat(create(Fixtures.oslo()).ofType(COMMAND))
        .noneMatch(command -> command.name().equals("k3s-ca-hash"));
  }

  @Test
  void aNewReleaseChangesOnePropertyOfEachInstall() {
    var before = create(Fixtures.bergen());
    PulumiTest.cleanup();

    var after = create(PatchedConfig.of("bergen", "set: {nordfaas:k3s.version: v1.35.1+k3s1}"));

    var changes =
        after.all().stream()
            .flatMap(
                resource ->
                    resource.inputs().keySet().stream()
                        .filter(
                            key ->
                                !resource
                                    .inputs()
                                    .get(key)
                                    .equals(
                                        before
                                            .one(resource.type(), resource.name())
                                            .inputs()
                                            .get(key)))
                        .map(key -> resource.name() + " " + key));
    assertThat(changes)
        .containsExactly(
            "k3s-bergen-1-install stdin",
            "k3s-bergen-2-install stdin",
            "k3s-bergen-3-install stdin",
            "k3s-bergen-4-install stdin",
            "k3s-bergen-5-install stdin");
  }

  @Test
  void anotherDayOfRotationRenewsTokensCertificatesAndKubeconfig() {
    var mocks =
        create(
            PatchedConfig.of(
                "oslo",
                "set: {nordfaas:k3s.rotation: {certificates: \"2026-11-25\", token: \"2026-11-24\"}}"));

    assertThat(mocks.one("command:local:Command", "k3s-token-password").inputs())
        .containsEntry("triggers", List.of("2026-11-24"));
    assertThat(mocks.one("command:local:Command", "k3s-agent-token-password").inputs())
        .containsEntry("triggers", List.of("2026-11-24"));
    assertThat(mocks.one("command:local:Command", "k3s-cluster-id").inputs())
        .doesNotContainKey("triggers");
    assertThat(mocks.one(COMMAND, "k3s-kubeconfig").inputs())
        .containsEntry("stdin", "certificates of 2026-11-25\n");
    assertThat(mocks.one(COMMAND, "k3s-oslo-1-install").inputs().get("stdin").toString())
        .contains("\ncertificates-of=2026-11-25\ntoken-of=2026-11-24\n");
  }

  @Test
  void copiesBinaryAndImagesToAnAirGappedNode() {
    var mocks =
        create(
            PatchedConfig.of(
                "oslo",
                "set: {nordfaas:k3s.airGap: {binary: pom.xml, images: airgap/images.tar.zst}}"));

    assertThat(mocks.ofType("command:remote:CopyToRemote"))
        .extracting(Registered::name, copy -> copy.inputs().get("remotePath"))
        .containsExactly(
            tuple("k3s-oslo-1-binary", "nordfaas-k3s"),
            tuple("k3s-oslo-1-images", "nordfaas-k3s-images.tar.zst"));
    assertThat(mocks.ofType("command:remote:CopyToRemote"))
        .allSatisfy(
            copy ->
                assertThat(copy.inputs())
                    .containsEntry(
                        "triggers",
                        List.of(Fixtures.oslo().nodes().get("oslo-1").hostKey().text())));
  }

  @Test
  void tellsK3sOnlyByASecretWhereSnapshotsGo() {
    var mocks = create(PatchedConfig.of("oslo", WITH_STORE));

    GoldenManifests.assertManifestsMatch("k3s/manifests", mocks.kubernetesObjects());
    assertThat(mocks.one(COMMAND, "k3s-oslo-1-token").inputs())
        .extractingByKey("stdin", InstanceOfAssertFactories.STRING)
        .isEqualTo(
            """
            node=oslo-1
            role=server
            token=stdout-of-k3s-token-password
            agent-token=stdout-of-k3s-agent-token-password
            first=true
            day=first
            passphrase=[secret]
            s3-url=https://s3.example.no/backup/token-of-k3s
            s3-region=no-oslo-1
            s3-user=[secret]:[secret]
            s3-owner=stdout-of-k3s-cluster-id oslo-1 at 192.0.2.10
            """);
  }

  /** K3s counts them over all servers together, and keeps 5 unless told. */
  @Test
  void theStoreKeepsAsManySnapshotsOfEachServerAsTheServer() {
    var mocks = create(PatchedConfig.of("bergen", WITH_STORE));

    assertThat(mocks.one("kubernetes:core/v1:Secret", "k3s-snapshot-store").inputs())
        .extractingByKey("stringData", InstanceOfAssertFactories.MAP)
        .containsEntry("etcd-s3-retention", "84");
    assertThat(mocks.one(COMMAND, "k3s-bergen-1-install").inputs().get("stdin").toString())
        .contains("etcd-snapshot-retention: 28\n");
  }

  @Test
  void everyNodeHasANameServerOnceK3sHasDeployedTheFirst() {
    var mocks = create(Fixtures.bergen());

    Golden.assertMatches(
        "k3s/name-server/deployment.coredns.yaml",
        Golden.yaml(mocks.one(DEPLOYMENT_PATCH, "k3s-name-server").inputs()));
    Golden.assertMatches(
        "k3s/name-server/poddisruptionbudget.coredns.yaml",
        Golden.yaml(mocks.one(BUDGET, "k3s-name-server-disruption-budget").inputs()));
    var deployed = mocks.one(COMMAND, "k3s-name-server-deployed").inputs();
    assertThat(deployed).containsEntry("create", NodeScript.K3S_NAME_SERVER.text());
    assertThat(deployed.get("connection").toString()).contains("host=203.0.113.11");
  }

  @Test
  void aPodAsksTheNameServerOfItsOwnNode() {
    var mocks = create(Fixtures.bergen());

    Golden.assertMatches(
        "k3s/name-server/service.kube-dns.yaml",
        Golden.yaml(mocks.one(SERVICE_PATCH, "k3s-name-server-service").inputs()));
  }

  /** An API server before 1.34 refuses the value. */
  @Test
  void beforeKubernetes134ThereAreTwoNameServersForAllNodes() {
    var mocks = create(PatchedConfig.of("bergen", "set: {'nordfaas:k3s.version': v1.33.8+k3s1}"));

    assertThat(mocks.patches()).extracting(Registered::type).containsExactly(DEPLOYMENT_PATCH);
    assertThat(mocks.one(DEPLOYMENT_PATCH, "k3s-name-server").inputs())
        .extractingByKey("spec", InstanceOfAssertFactories.MAP)
        .containsEntry("replicas", 2L);
  }

  @Test
  void theOnlyNodeHasTheNameServerThatK3sDeploys() {
    var mocks = create(Fixtures.oslo());

    assertThat(mocks.patches()).isEmpty();
    assertThat(mocks.ofType(BUDGET)).isEmpty();
    assertThat(mocks.ofType(COMMAND)).noneMatch(it -> it.name().contains("name-server"));
  }

  /** The second pod of CoreDNS would find no node. */
  @Test
  void aNodeWithATaintIsNoneForASecondNameServer() {
    var tainted =
        Stream.of(1, 2, 3, 5)
            .map("nordfaas:nodes.bergen-%d.taints: ['a=b:NoSchedule']"::formatted)
            .collect(Collectors.joining(", ", "set: {", "}"));

    assertThat(create(PatchedConfig.of("bergen", tainted)).patches()).isEmpty();
  }

  @Test
  void theNameServersOfAClusterThatExistsAreLeftAlone() {
    var mocks = create(Fixtures.osloOnExistingCluster(RecordingMocks.KUBECONFIG));

    assertThat(mocks.patches()).isEmpty();
    assertThat(mocks.ofType(BUDGET)).isEmpty();
  }

  @Test
  void theReaderHasATokenAndNoCertificate() {
    var cluster = new AtomicReference<K3sCluster>();

    create(Fixtures.oslo(), false, cluster::set);

    var kubeconfig = PulumiTestInternal.extractOutputData(cluster.get().readOnlyKubeconfig());
    assertThat(kubeconfig.isSecret()).isTrue();
    assertThat(kubeconfig.getValueOptional().orElseThrow())
        .contains("server: https://192.0.2.10:6443", "token: token-of-k3s-reader-token")
        .doesNotContain("client-certificate");
  }

  @Test
  void theKubeconfigIsSecretAndNamesTheReachableServer() {
    var cluster = new AtomicReference<K3sCluster>();

    var mocks = create(Fixtures.oslo(), false, cluster::set);

    var kubeconfig = PulumiTestInternal.extractOutputData(cluster.get().kubeconfig());
    assertThat(kubeconfig.isSecret()).isTrue();
    assertThat(kubeconfig.getValueOptional().orElseThrow())
        .contains("server: https://192.0.2.10:6443");
    assertThat(mocks.one(COMMAND, "k3s-kubeconfig").inputs())
        .containsEntry("logging", "none")
        .containsEntry("addPreviousOutputInEnv", false);
    assertThat(mocks.one(PROVIDER, "k3s-provider").inputs())
        .containsEntry("kubeconfig", kubeconfig.getValueOptional().orElseThrow())
        .containsEntry("enableServerSideApply", "true");
  }

  @Test
  void theKubeconfigIsSecretAndUnknownBeforeTheFirstUp() {
    var cluster = new AtomicReference<K3sCluster>();

    create(Fixtures.bergen(), true, cluster::set);

    var kubeconfig = PulumiTestInternal.extractOutputData(cluster.get().kubeconfig());
    assertThat(kubeconfig.isSecret()).isTrue();
    assertThat(kubeconfig.isKnown()).isFalse();
    assertThat(cluster.get().provider()).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void touchesNoNodeOfAClusterThatExistsAlready(boolean preview) {
    var cluster = new AtomicReference<K3sCluster>();
    var config = Fixtures.osloOnExistingCluster(RecordingMocks.KUBECONFIG);

    var mocks = create(config, preview, cluster::set);

    assertThat(mocks.ofType(COMMAND)).isEmpty();
    assertThat(mocks.ofType("command:local:Command")).isEmpty();
    var kubeconfig = PulumiTestInternal.extractOutputData(cluster.get().kubeconfig());
    assertThat(kubeconfig.isSecret()).isTrue();
    assertThat(kubeconfig.getValueOptional()).contains(RecordingMocks.KUBECONFIG);
  }

  @Test
  void refusesOtherNetworksBeforeAnyNodeIsTouched() {
    var mocks = new RecordingMocks();
    mocks.withStdout("k3s-origin", "10.52.0.0/16 /24 10.43.0.0/16");

    assertThatThrownBy(() -> create(Fixtures.oslo(), true, cluster -> {}, mocks))
        .hasStackTraceContaining(
            "nordfaas:k3s.clusterCidr: the cluster was created with 10.52.0.0/16, and Kubernetes does not move its nodes to 10.42.0.0/16; undo it, or create another cluster");
    assertThat(mocks.ofType(COMMAND)).isEmpty();
  }

  @Test
  void namesTheInputThatIsMissing() {
    assertThatThrownBy(() -> K3sClusterArgs.builder().nodes(Fixtures.oslo().nodes()).build())
        .hasMessage("K3sCluster needs k3s");
  }

  private static RecordingMocks create(StackConfig config) {
    return create(config, false, cluster -> {});
  }

  private static RecordingMocks create(
      StackConfig config, boolean preview, Consumer<K3sCluster> then) {
    return create(
        config, preview, then, preview ? RecordingMocks.ofFirstPreview() : new RecordingMocks());
  }

  private static RecordingMocks create(
      StackConfig config, boolean preview, Consumer<K3sCluster> then, RecordingMocks mocks) {
    PulumiTest.withMocks(mocks)
        .withOptions(TestOptions.builder().preview(preview).build())
        .runTest(
            context ->
                then.accept(
                    new K3sCluster(
                        "k3s",
                        K3sClusterArgs.builder()
                            .nodes(config.nodes())
                            .k3s(config.k3s())
                            .host(config.host())
                            .ssh(config.ssh())
                            .nameServers(Plan.of(config).nameServers())
                            .hosts(List.of())
                            .build(),
                        ComponentResourceOptions.Empty)))
        .throwOnError();
    return mocks;
  }
}
