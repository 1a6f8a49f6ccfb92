package dev.nordfaas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.pulumi.test.PulumiTest;
import com.pulumi.test.TestOptions;
import com.pulumi.test.TestResult;
import com.pulumi.test.internal.PulumiTestInternal;
import dev.nordfaas.config.StackConfig;
import dev.nordfaas.config.check.PatchedConfig;
import dev.nordfaas.plan.Plan;
import dev.nordfaas.testing.Fixtures;
import dev.nordfaas.testing.Golden;
import dev.nordfaas.testing.KubernetesTypes;
import dev.nordfaas.testing.Manifests;
import dev.nordfaas.testing.PodSpecs;
import dev.nordfaas.testing.RecordingMocks;
import dev.nordfaas.testing.RecordingMocks.Registered;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The stacks of the tests as a whole, with mocks in place of the engine. */
class PlatformTest {
  @AfterEach
  void cleanUp() {
    PulumiTest.cleanup();
  }

  private static TestResult up(RecordingMocks mocks, StackConfig config) {
    return run(mocks, config, false);
  }

  private static TestResult run(RecordingMocks mocks, StackConfig config, boolean preview) {
    return PulumiTest.withMocks(mocks)
        .withOptions(TestOptions.builder().preview(preview).build())
        .runTest(context -> Platform.define(Plan.of(config)).outputs().forEach(context::export))
        .throwOnError();
  }

  @Test
  void warnsOfHostsThatHaveToBeRestarted() {
    var warnings = new ArrayList<String>();
    var mocks = new RecordingMocks();
    mocks.answer("bergen-2-drift", "restart: an update of libc6 takes effect with it\n");

    PulumiTest.withMocks(mocks)
        .runTest(context -> Platform.define(Plan.of(Fixtures.bergen()), warnings::add))
        .throwOnError();

    assertThat(warnings)
        .containsExactly(
            "bergen-2 has to be restarted: an update of libc6 takes effect with it; see 'Restart a node' in docs/runbook.md");
  }

  @ParameterizedTest
  @MethodSource("dev.nordfaas.testing.Fixtures#stacks")
  void isTheSameSetOfResourcesInAFirstPreviewAsInAnUp(String stack) {
    var preview = RecordingMocks.ofFirstPreview();
    run(preview, Fixtures.config(stack), true);
    PulumiTest.cleanup();
    var up = new RecordingMocks();
    up(up, Fixtures.config(stack));

    assertThat(preview.all())
        .extracting(Registered::type, Registered::name)
        .containsExactlyElementsOf(
            up.all().stream().map(resource -> tuple(resource.type(), resource.name())).toList());
  }

  @ParameterizedTest
  @MethodSource("dev.nordfaas.testing.Fixtures#stacks")
  void everyKubernetesObjectIsValidForTheApi(String stack) {
    var mocks = new RecordingMocks();
    up(mocks, Fixtures.config(stack));

    assertThat(mocks.kubernetesObjects())
        .hasSizeGreaterThan(30)
        .allSatisfy(object -> KubernetesTypes.validate(object.inputs()));
  }

  @ParameterizedTest
  @MethodSource("dev.nordfaas.testing.Fixtures#stacks")
  void everyKubernetesObjectGoesThroughTheProviderOfTheCluster(String stack) {
    var mocks = new RecordingMocks();
    up(mocks, Fixtures.config(stack));

    assertThat(Stream.of(mocks.kubernetesObjects(), mocks.patches()).flatMap(List::stream))
        .extracting(Registered::provider)
        .allMatch(provider -> provider.contains("::" + stack + "-provider::"));
  }

  @ParameterizedTest
  @MethodSource("dev.nordfaas.testing.Fixtures#stacks")
  void everyContainerKeepsToLeastPrivilege(String stack) {
    var mocks = new RecordingMocks();
    up(mocks, Fixtures.config(stack));

    assertThat(mocks.kubernetesObjects().stream().flatMap(PodSpecs::containersOf))
        .isNotEmpty()
        .allSatisfy(PodSpecs::assertLeastPrivilege);
  }

  @ParameterizedTest
  @MethodSource("dev.nordfaas.testing.Fixtures#stacks")
  void everyPodHasAPriorityClassOfTheStack(String stack) {
    var mocks = new RecordingMocks();
    up(mocks, Fixtures.config(stack));
    var classes =
        mocks.ofType("kubernetes:scheduling.k8s.io/v1:PriorityClass").stream()
            .map(object -> Manifests.at(object, "metadata.name"))
            .toList();

    assertThat(classes)
        .containsExactlyInAnyOrder(
            "nordfaas-platform", "nordfaas-queue", "nordfaas-functions", "nordfaas-batch");
    assertThat(
            mocks.kubernetesObjects().stream().flatMap(object -> PodSpecs.podOf(object).stream()))
        .hasSizeGreaterThan(5)
        .allSatisfy(pod -> assertThat(pod.get("priorityClassName")).isIn(classes));
  }

  @ParameterizedTest
  @ValueSource(strings = {"oslo", "bergen"})
  void onlyFunctionsWorkersAndIntakeAreBelowThePlatform(String stack) {
    var mocks = new RecordingMocks();
    up(mocks, Fixtures.config(stack));
    var below = new TreeMap<String, Object>();
    for (var object : mocks.kubernetesObjects()) {
      PodSpecs.podOf(object)
          .map(pod -> String.valueOf(pod.get("priorityClassName")))
          .filter(priority -> !priority.equals("nordfaas-platform"))
          .ifPresent(priority -> below.put(object.name(), priority));
    }

    assertThat(below)
        .isEqualTo(
            Map.of(
                "intake-deployment", "nordfaas-queue",
                "order-processor-deployment", "nordfaas-functions",
                "order-processor-worker-deployment", "nordfaas-queue",
                "order-status-deployment", "nordfaas-functions"));
  }

  @Test
  void functionsGiveWayToPodsWithoutAClassAndThoseToThePlatform() {
    var mocks = new RecordingMocks();
    up(mocks, Fixtures.config("oslo"));

    assertThat(mocks.ofType("kubernetes:scheduling.k8s.io/v1:PriorityClass"))
        .extracting(
            it -> Manifests.at(it, "metadata.name"),
            it -> Manifests.at(it, "value"),
            it -> Manifests.at(it, "preemptionPolicy"),
            it -> Manifests.at(it, "globalDefault"))
        .containsExactlyInAnyOrder(
            tuple("nordfaas-platform", 1_000_000L, "PreemptLowerPriority", false),
            tuple("nordfaas-queue", 100_000L, "PreemptLowerPriority", false),
            tuple("nordfaas-functions", -5L, "Never", false),
            tuple("nordfaas-batch", -10L, "Never", false));
  }

  @Test
  void anExistingClusterHasThePriorityClasses() {
    var mocks = new RecordingMocks();
    up(mocks, Fixtures.osloOnExistingCluster(RecordingMocks.KUBECONFIG));

    assertThat(mocks.ofType("kubernetes:scheduling.k8s.io/v1:PriorityClass")).hasSize(4);
  }

  @Test
  void cloudNativePgRunsWithThePriorityOfThePlatform() {
    var mocks = new RecordingMocks();
    up(mocks, Fixtures.config("bergen"));

    assertThat(
            Manifests.at(
                mocks.one("kubernetes:postgresql.cnpg.io/v1:Cluster", "postgres-cluster"),
                "spec.priorityClassName"))
        .isEqualTo("nordfaas-platform");
    assertThat(
            Manifests.at(
                mocks.one("kubernetes:postgresql.cnpg.io/v1:Pooler", "postgres-pooler"),
                "spec.template.spec.priorityClassName"))
        .isEqualTo("nordfaas-platform");
    assertThat(
            Manifests.at(
                    mocks.one("kubernetes:helm.cattle.io/v1:HelmChart", "postgres-operator-chart"),
                    "spec.valuesContent")
                .toString())
        .contains("priorityClassName: nordfaas-platform\n");
  }

  @Test
  void kubeconfigsPasswordAndPassphraseAreSecretOutputs() {
    var outputs = up(new RecordingMocks(), Fixtures.oslo()).outputs();

    assertThat(outputs)
        .containsOnlyKeys(
            "backupPassphrase",
            "edgeUrl",
            "gatewayUrl",
            "gatewayPassword",
            "kubeconfig",
            "readOnlyKubeconfig");
    assertThat(List.of("backupPassphrase", "gatewayPassword", "kubeconfig", "readOnlyKubeconfig"))
        .allMatch(name -> PulumiTestInternal.extractOutputData(outputs.get(name)).isSecret());
  }

  @Test
  void withoutOpenFaasThereIsNoAdministrator() {
    var outputs = up(new RecordingMocks(), PatchedConfig.withoutOpenFaas()).outputs();

    assertThat(outputs)
        .containsOnlyKeys("backupPassphrase", "edgeUrl", "kubeconfig", "readOnlyKubeconfig");
  }

  @Test
  void withoutOpenFaasWorkersAndSchedulesCallTheFunctionItself() {
    var mocks = new RecordingMocks();
    up(mocks, PatchedConfig.withoutOpenFaas());

    assertThat(
            Golden.yaml(
                mocks
                    .one("kubernetes:apps/v1:Deployment", "order-processor-worker-deployment")
                    .inputs()))
        .contains("value: http://order-processor.openfaas-fn.svc.cluster.local:8080/\n");
    assertThat(
            Golden.yaml(
                mocks.one("kubernetes:batch/v1:CronJob", "order-status-cron-nightly").inputs()))
        .contains("value: http://order-status.openfaas-fn.svc.cluster.local:8080/orders/late\n");
    assertThat(mocks.kubernetesObjects())
        .allSatisfy(object -> KubernetesTypes.validate(object.inputs()))
        .noneMatch(object -> Golden.yaml(object.inputs()).contains("gateway"));
  }

  @Test
  void withoutOpenFaasPrometheusReadsTheEdge() {
    var mocks = new RecordingMocks();
    up(mocks, PatchedConfig.withoutOpenFaas());

    assertThat(
            Manifests.at(
                    mocks.one("kubernetes:core/v1:ConfigMap", "openfaas-prometheus-config"), "data")
                .toString())
        .contains(
            "job_name: \"edge\"",
            "names: [\"edge.edge.svc.cluster.local.\"]",
            "job_name: \"order-processor-worker\"")
        .doesNotContain("gateway");
  }

  @Test
  void gatewayIntakeAndNatsHaveTheListenQueueOfTheHosts() {
    var mocks = new RecordingMocks();
    up(mocks, Fixtures.oslo());

    for (var pod :
        List.of(
            mocks.one("kubernetes:apps/v1:Deployment", "openfaas-gateway"),
            mocks.one("kubernetes:apps/v1:Deployment", "intake-deployment"),
            mocks.one("kubernetes:apps/v1:StatefulSet", "nats-servers"))) {
      assertThat(Manifests.at(pod, "spec.template.spec.securityContext.sysctls"))
          .as(pod.name())
          .isEqualTo(List.of(Map.of("name", "net.core.somaxconn", "value", "8192")));
      assertThat(Manifests.at(pod, "spec.template.spec.runtimeClassName"))
          .isEqualTo("nordfaas-tuned");
    }
    assertThat(mocks.kubernetesObjects())
        .filteredOn(
            object ->
                Manifests.at(object, "spec.template.spec.runtimeClassName") != null
                    || Manifests.at(object, "spec.template.spec.securityContext.sysctls") != null)
        .hasSize(3);
    assertThat(mocks.one("kubernetes:node.k8s.io/v1:RuntimeClass", "oslo-tuned-pods").inputs())
        .containsEntry("handler", "runc");
  }

  @Test
  void prometheusReadsIntakeWorkersFunctionsAndTheExporterOfNats() {
    var mocks = new RecordingMocks();
    up(
        mocks,
        PatchedConfig.of(
            "oslo",
            "set: {nordfaas:nats.exporterImage:"
                + " 'docker.io/natsio/prometheus-nats-exporter:0.18.0'}"));

    assertThat(
            Manifests.at(
                    mocks.one("kubernetes:core/v1:ConfigMap", "openfaas-prometheus-config"), "data")
                .toString())
        .contains(
            "job_name: \"gateway\"",
            "job_name: \"nats\"",
            "job_name: \"intake\"",
            "job_name: \"order-processor-worker\"",
            "job_name: \"order-processor\"",
            "job_name: \"order-status\"")
        .doesNotContain("job_name: \"order-status-worker");
  }

  @Test
  void everyAccountOfOpenFaasAndItsFunctionsPullsWithTheLogins() {
    var mocks = new RecordingMocks();
    up(
        mocks,
        PatchedConfig.of(
            "oslo",
            "set: {nordfaas:openfaas: {edition: standard, license: {secure: x}, registries:"
                + " {registry.example.no: {username: puller, password: {secure: x}}}}}"));

    assertThat(mocks.ofType("kubernetes:core/v1:ServiceAccount"))
        .filteredOn(
            account ->
                Manifests.at(account, "metadata.namespace").toString().startsWith("openfaas"))
        .hasSizeGreaterThan(4)
        .allMatch(account -> Manifests.at(account, "imagePullSecrets") != null);
  }

  @Test
  void theEdgeRunsOnTheNodesThatTheDomainPointsTo() {
    var mocks = new RecordingMocks();
    up(mocks, Fixtures.bergen());

    assertThat(
            Manifests.at(
                    mocks.one("kubernetes:apps/v1:StatefulSet", "openfaas-edge"),
                    "spec.template.spec.affinity.nodeAffinity")
                .toString())
        .contains("kubernetes.io/hostname", "bergen-1", "bergen-2", "bergen-3")
        .doesNotContain("bergen-4");
  }

  @Test
  void anExistingClusterKeepsItsHostsAsTheyAre() {
    var mocks = new RecordingMocks();
    up(mocks, Fixtures.osloOnExistingCluster(RecordingMocks.KUBECONFIG));

    assertThat(mocks.ofType("nordfaas:index:TunedHost")).isEmpty();
    assertThat(mocks.ofType("command:remote:Command")).isEmpty();
    assertThat(mocks.kubernetesObjects())
        .noneMatch(
            object -> Manifests.at(object, "spec.template.spec.securityContext.sysctls") != null)
        .noneMatch(object -> object.inputs().get("kind").equals("RuntimeClass"));
  }
}
