package dev.nordfaas.components;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.pulumi.resources.ComponentResourceOptions;
import com.pulumi.test.PulumiTest;
import com.pulumi.test.TestOptions;
import com.pulumi.test.internal.PulumiTestInternal;
import dev.nordfaas.config.K3sConfig;
import dev.nordfaas.config.K3sConfig.Existing;
import dev.nordfaas.config.Secret;
import dev.nordfaas.config.StackConfig;
import dev.nordfaas.testing.Fixtures;
import dev.nordfaas.testing.RecordingMocks;
import dev.nordfaas.testing.RecordingMocks.Registered;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class K3sClusterTest {
  private static final String COMMAND = "command:remote:Command";
  private static final String PROVIDER = "pulumi:providers:kubernetes";

  @AfterEach
  void cleanUp() {
    PulumiTest.cleanup();
  }

  @Test
  void installsEveryNodeOfBergen() {
    var mocks = create(Fixtures.bergen(), Fixtures.bergen().k3s());

    assertThat(mocks.ofType(COMMAND))
        .extracting(Registered::name)
        .containsExactly(
            "k3s-bergen-1-config",
            "k3s-bergen-1-install",
            "k3s-bergen-1-token",
            "k3s-bergen-2-config",
            "k3s-bergen-2-install",
            "k3s-bergen-2-token",
            "k3s-bergen-3-config",
            "k3s-bergen-3-install",
            "k3s-bergen-3-token",
            "k3s-bergen-4-config",
            "k3s-bergen-4-install",
            "k3s-bergen-4-token",
            "k3s-bergen-5-config",
            "k3s-bergen-5-install",
            "k3s-bergen-5-token",
            "k3s-kubeconfig");
    assertThat(mocks.ofType("command:local:Command"))
        .extracting(Registered::name)
        .containsExactly("k3s-token-password");
  }

  @Test
  void handsTheTokenToNothingButItsOwnFile() {
    var mocks = create(Fixtures.bergen(), Fixtures.bergen().k3s());

    for (var command : mocks.ofType(COMMAND)) {
      if (command.name().endsWith("-token")) {
        assertThat(command.inputs())
            .containsEntry("stdin", "stdout-of-k3s-token-password")
            .containsEntry("logging", "none");
      } else {
        assertThat(command.inputs().toString())
            .as(command.name())
            .doesNotContain("stdout-of-k3s-token-password");
      }
    }
  }

  @Test
  void aNewReleaseChangesOnePropertyOfEachInstall() {
    var k3s = Fixtures.bergen().k3s();
    var before = create(Fixtures.bergen(), k3s);
    PulumiTest.cleanup();

    var after = create(Fixtures.bergen(), with(k3s, "v1.35.1+k3s1", Optional.empty()));

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
  void asksForTheReleaseTheRoleAndTheInstallerOfTheConfig() {
    var stdin =
        create(
                Fixtures.oslo(),
                with(Fixtures.oslo().k3s(), "v1.34.4+k3s1", Optional.of("/lab/k3s")))
            .one(COMMAND, "k3s-oslo-1-install")
            .inputs()
            .get("stdin");

    assertThat(stdin.toString())
        .startsWith("version=v1.34.4+k3s1\nrole=server\nnode=oslo-1\nfiles=sha256:")
        .endsWith("\ninstaller=/lab/k3s\n");
  }

  @Test
  void theKubeconfigIsSecretAndNamesTheReachableServer() {
    var cluster = new AtomicReference<K3sCluster>();

    var mocks = create(Fixtures.oslo(), Fixtures.oslo().k3s(), false, cluster::set);

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

    create(Fixtures.bergen(), Fixtures.bergen().k3s(), true, cluster::set);

    var kubeconfig = PulumiTestInternal.extractOutputData(cluster.get().kubeconfig());
    assertThat(kubeconfig.isSecret()).isTrue();
    assertThat(kubeconfig.isKnown()).isFalse();
    assertThat(cluster.get().provider()).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void touchesNoNodeOfAClusterThatExistsAlready(boolean preview) {
    var cluster = new AtomicReference<K3sCluster>();
    var k3s = withExisting(Fixtures.oslo().k3s(), new Existing(Secret.of("apiVersion: v1")));

    var mocks = create(Fixtures.oslo(), k3s, preview, cluster::set);

    assertThat(mocks.ofType(COMMAND)).isEmpty();
    assertThat(mocks.ofType("command:local:Command")).isEmpty();
    var kubeconfig = PulumiTestInternal.extractOutputData(cluster.get().kubeconfig());
    assertThat(kubeconfig.isSecret()).isTrue();
    assertThat(kubeconfig.getValueOptional()).contains("apiVersion: v1");
  }

  @Test
  void namesTheInputThatIsMissing() {
    assertThatThrownBy(() -> K3sClusterArgs.builder().nodes(Fixtures.oslo().nodes()).build())
        .hasMessage("K3sCluster needs k3s");
  }

  private static RecordingMocks create(StackConfig config, K3sConfig k3s) {
    return create(config, k3s, false, cluster -> {});
  }

  private static RecordingMocks create(
      StackConfig config, K3sConfig k3s, boolean preview, Consumer<K3sCluster> then) {
    var mocks = preview ? RecordingMocks.ofFirstPreview() : new RecordingMocks();
    PulumiTest.withMocks(mocks)
        .withOptions(TestOptions.builder().preview(preview).build())
        .runTest(
            context ->
                then.accept(
                    new K3sCluster(
                        "k3s",
                        K3sClusterArgs.builder()
                            .nodes(config.nodes())
                            .k3s(k3s)
                            .ssh(config.ssh())
                            .hosts(List.of())
                            .build(),
                        ComponentResourceOptions.Empty)))
        .throwOnError();
    return mocks;
  }

  private static K3sConfig with(K3sConfig k3s, String version, Optional<String> installer) {
    return new K3sConfig(
        version,
        k3s.clusterCidr(),
        k3s.serviceCidr(),
        k3s.tlsSans(),
        k3s.apiAddress(),
        k3s.maxPods(),
        k3s.etcdSnapshots(),
        installer,
        k3s.existing());
  }

  private static K3sConfig withExisting(K3sConfig k3s, Existing existing) {
    return new K3sConfig(
        k3s.version(),
        k3s.clusterCidr(),
        k3s.serviceCidr(),
        k3s.tlsSans(),
        k3s.apiAddress(),
        k3s.maxPods(),
        k3s.etcdSnapshots(),
        k3s.installer(),
        Optional.of(existing));
  }
}
