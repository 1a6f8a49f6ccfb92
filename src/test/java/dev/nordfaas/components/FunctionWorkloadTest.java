package dev.nordfaas.components;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.pulumi.core.Output;
import com.pulumi.resources.ComponentResourceOptions;
import com.pulumi.test.PulumiTest;
import com.pulumi.test.TestOptions;
import dev.nordfaas.config.FunctionConfig;
import dev.nordfaas.config.QueueWorkerConfig;
import dev.nordfaas.config.StackConfig;
import dev.nordfaas.config.check.PatchedConfig;
import dev.nordfaas.function.DatabaseLogin;
import dev.nordfaas.function.NatsLogin;
import dev.nordfaas.manifest.CallPath;
import dev.nordfaas.manifest.Checksums;
import dev.nordfaas.manifest.PullSecret;
import dev.nordfaas.testing.Fixtures;
import dev.nordfaas.testing.Golden;
import dev.nordfaas.testing.GoldenManifests;
import dev.nordfaas.testing.Manifests;
import dev.nordfaas.testing.RecordingMocks;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FunctionWorkloadTest {
  private static final String DEPLOYMENT = "kubernetes:apps/v1:Deployment";
  private static final String AUTOSCALER = "kubernetes:autoscaling/v2:HorizontalPodAutoscaler";
  private static final String BUDGET = "kubernetes:policy/v1:PodDisruptionBudget";
  private static final String POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy";
  private static final String SECRET = "kubernetes:core/v1:Secret";
  private static final String PASSWORD = "geheim-not-to-be-seen";

  private final RecordingMocks mocks = new RecordingMocks();

  @AfterEach
  void cleanUp() {
    PulumiTest.cleanup();
  }

  @Test
  void describesAFunctionWithDatabaseAndWorker() {
    run("order-processor", args(Fixtures.oslo(), "order-processor").build());

    GoldenManifests.assertManifestsMatch("function/order-processor", mocks.kubernetesObjects());
  }

  @Test
  void describesAFunctionWithAPathAtTheEdge() {
    run("order-status", args(Fixtures.bergen(), "order-status").build());

    GoldenManifests.assertManifestsMatch("function/order-status", mocks.kubernetesObjects());
  }

  @Test
  void describesTheIntake() {
    run("intake", intake().build());

    GoldenManifests.assertManifestsMatch("function/intake", mocks.kubernetesObjects());
  }

  @Test
  void describesTheSameResourcesInAFirstPreview() {
    run(mocks, "order-processor", args(Fixtures.oslo(), "order-processor").build(), true);
    var previewed = mocks.all().stream().map(RecordingMocks.Registered::name).toList();
    PulumiTest.cleanup();
    var again = new RecordingMocks();
    run(again, "order-processor", args(Fixtures.oslo(), "order-processor").build(), false);

    assertThat(previewed)
        .isEqualTo(again.all().stream().map(RecordingMocks.Registered::name).toList());
  }

  @Test
  void givesOutTheAddressInsideTheCluster() {
    var workload = run("order-status", args(Fixtures.oslo(), "order-status").build());

    assertThat(PulumiTest.extractValue(workload.url()))
        .isEqualTo("http://order-status.openfaas-fn.svc.cluster.local:8080");
  }

  @Test
  void pullsEveryImageWithTheLoginsForPrivateOnes() {
    run(
        "order-processor",
        args(Fixtures.oslo(), "order-processor").pullSecret(new PullSecret(true)).build());

    assertThat(mocks.ofType("kubernetes:core/v1:ServiceAccount"))
        .hasSize(2)
        .allSatisfy(
            account ->
                assertThat(Manifests.at(account, "imagePullSecrets"))
                    .isEqualTo(List.of(Map.of("name", "registries"))));
  }

  @Test
  void keepsPasswordsInSecretsAlone() {
    run("order-processor", args(Fixtures.oslo(), "order-processor").build());

    assertThat(mocks.kubernetesObjects())
        .filteredOn(object -> !object.type().equals(SECRET))
        .noneMatch(object -> Golden.yaml(object.inputs()).contains(PASSWORD));
    assertThat(Golden.yaml(mocks.one(SECRET, "order-processor-secret").inputs()))
        .contains(PASSWORD);
  }

  @Test
  void rollsPodsWhenThePasswordChanges() {
    run("order-status", args(Fixtures.oslo(), "order-status").build());
    PulumiTest.cleanup();
    var changed = new RecordingMocks();
    var args =
        args(Fixtures.oslo(), "order-status")
            .database(
                new DatabaseLogin(Output.ofSecret("postgres://new"), Output.of("the CA"), 6432))
            .build();
    run(changed, "order-status", args, false);

    assertThat(annotations(changed)).isNotEqualTo(annotations(mocks));
  }

  @Test
  void startsWithAsManyPodsAsTheAutoscalerKeepsAtLeast() {
    run("quote", FunctionWorkloadArgs.function(function(2, 5)).namespace(namespace()).build());

    var deployment = mocks.one(DEPLOYMENT, "quote-deployment");
    assertThat(Manifests.at(deployment, "spec.replicas")).isEqualTo(2L);
    assertThat(Manifests.at(deployment, "metadata.annotations")).isNull();
    assertThat(mocks.ofType(AUTOSCALER)).hasSize(1);
  }

  @Test
  void fixesTheNumberOfPodsWithoutAutoscaler() {
    run("quote", FunctionWorkloadArgs.function(function(2, 2)).namespace(namespace()).build());

    var deployment = mocks.one(DEPLOYMENT, "quote-deployment");
    assertThat(Manifests.at(deployment, "spec.replicas")).isEqualTo(2L);
    assertThat(Manifests.at(deployment, "metadata.annotations"))
        .isEqualTo(Map.of("pulumi.com/patchForce", "true"));
    assertThat(mocks.ofType(AUTOSCALER)).isEmpty();
    assertThat(mocks.ofType(BUDGET)).hasSize(1);
  }

  @Test
  void lonePodsDoNotBlockTheMaintenanceOfTheirNode() {
    run("quote", FunctionWorkloadArgs.function(function(1, 1)).namespace(namespace()).build());

    assertThat(mocks.ofType(BUDGET)).isEmpty();
  }

  @Test
  void opensNothingButWhatIsDeclared() {
    var args = FunctionWorkloadArgs.function(function(1, 1)).namespace(namespace()).build();
    run("quote", args);

    assertThat(Manifests.at(mocks.one(POLICY, "quote-policy"), "spec.egress.0.to.0.ipBlock.cidr"))
        .isEqualTo("203.0.113.0/24");
    assertThat((List<?>) Manifests.at(mocks.one(POLICY, "quote-policy"), "spec.egress")).hasSize(1);
  }

  @Test
  void opensTheAddressOfAHost() {
    var function = function("egress: [{host: 203.0.113.7, port: 5671}]");
    run("quote", FunctionWorkloadArgs.function(function).namespace(namespace()).build());

    var policy = mocks.one(POLICY, "quote-policy");
    assertThat(Manifests.at(policy, "spec.egress.0.to.0.ipBlock.cidr")).isEqualTo("203.0.113.7/32");
    assertThat(Manifests.at(policy, "spec.egress.0.ports.0.port")).isEqualTo(5671L);
  }

  @Test
  void followsTheLoadAsFastAsTheConfigSays() {
    var function =
        function(
            "scale: {min: 1, max: 4, behavior: {scaleUp: {percent: 200, pods: 2},"
                + " scaleDown: {stabilizationWindow: 10s, pods: 3, period: 5s}}}");
    run("quote", FunctionWorkloadArgs.function(function).namespace(namespace()).build());

    var autoscaler = mocks.one(AUTOSCALER, "quote-autoscaler");
    assertThat(Golden.yaml((Map<?, ?>) Manifests.at(autoscaler, "spec.behavior")))
        .isEqualTo(
            """
            scaleDown:
              policies:
              - periodSeconds: 5
                type: Pods
                value: 3
              stabilizationWindowSeconds: 10
            scaleUp:
              policies:
              - periodSeconds: 15
                type: Percent
                value: 200
              - periodSeconds: 15
                type: Pods
                value: 2
              selectPolicy: Max
              stabilizationWindowSeconds: 0
            """);
  }

  @Test
  void secretsAreFilesAndNeverVariables() {
    run("quote", withSecrets("api-key: {secure: hemmelig-1}, ca.pem: {secure: hemmelig-2}"));

    var pod = Manifests.at(mocks.one(DEPLOYMENT, "quote-deployment"), "spec.template");
    assertThat(Golden.yaml((Map<?, ?>) pod))
        .contains("mountPath: /var/openfaas/secrets", "secretName: quote-secrets")
        .doesNotContain("hemmelig", "api-key");
    var files = (Map<?, ?>) Manifests.at(mocks.one(SECRET, "quote-secret-files"), "data");
    assertThat(files.keySet()).extracting(Object::toString).containsExactly("api-key", "ca.pem");
  }

  @Test
  void podsHaveAChecksumOfTheirSecrets() {
    run("quote", withSecrets("api-key: {secure: x}"));
    var annotations =
        (Map<?, ?>)
            Manifests.at(
                mocks.one(DEPLOYMENT, "quote-deployment"), "spec.template.metadata.annotations");

    assertThat(annotations.get(Checksums.SECRET_FILES)).asString().hasSize(16);
  }

  @Test
  void describesTheSchedulesOfAFunction() {
    var stack =
        PatchedConfig.of(
            "oslo",
            """
            set:
              nordfaas:functions.order-status.cron:
                nightly: {schedule: "30 2 * * *", path: /orders/late, body: '{"days": 3}'}
                hourly: {schedule: "0 * * * *", timezone: Etc/UTC, retries: 0, concurrencyPolicy: replace}
            """);
    run("order-status", args(stack, "order-status").build());

    GoldenManifests.assertManifestsMatch(
        "function/schedules",
        mocks.kubernetesObjects().stream()
            .filter(object -> object.name().startsWith("order-status-cron"))
            .toList());
  }

  /** The edge, a worker and a schedule. */
  @Test
  void describesAFunctionWhoseCallersConnectToItself() {
    var stack =
        PatchedConfig.of(
            "oslo",
            """
            set:
              nordfaas:functions.order-processor.http: {}
              nordfaas:functions.order-processor.cron.nightly: {schedule: "30 2 * * *", path: /late}
            """);
    run("order-processor", direct(stack, "order-processor"));

    GoldenManifests.assertManifestsMatch(
        "function/direct", List.of("function/order-processor"), mocks.kubernetesObjects());
  }

  @Test
  void letsInNobodyWhereNobodyIsToCall() {
    run(
        "quote",
        FunctionWorkloadArgs.function(function(""))
            .namespace(namespace())
            .calls(CallPath.DIRECT)
            .build());

    assertThat(Manifests.at(mocks.one(POLICY, "quote-policy"), "spec.ingress"))
        .isEqualTo(List.of());
    assertThat(mocks.all()).noneMatch(object -> object.name().equals("quote-pods-service"));
  }

  @Test
  void servesUntilTheEdgeHasHeardThatAPodIsGone() {
    run("order-status", direct(Fixtures.oslo(), "order-status"));
    assertThat(drain("order-status-deployment")).isEqualTo(10L);
    PulumiTest.cleanup();

    run("order-processor", direct(Fixtures.oslo(), "order-processor"));
    assertThat(drain("order-processor-deployment")).isEqualTo(5L);
  }

  private Object drain(String deployment) {
    return Manifests.at(
        mocks.one(DEPLOYMENT, deployment),
        "spec.template.spec.containers.0.lifecycle.preStop.sleep.seconds");
  }

  private static FunctionWorkloadArgs direct(StackConfig stack, String function) {
    return args(stack, function)
        .functionUrl(Output.of("http://%s.openfaas-fn.svc.cluster.local:8080".formatted(function)))
        .calls(CallPath.DIRECT)
        .build();
  }

  @Test
  void describesLabelsAnnotationsAndNodesOfItsOwn() {
    var stack =
        PatchedConfig.of(
            "oslo",
            """
            set:
              nordfaas:functions.order-status.labels: {team: checkout, app.kubernetes.io/version: "2", faas_function: other}
              nordfaas:functions.order-status.annotations: {example.no/owner: "Kari & Ola", prometheus.io/port: "1"}
              nordfaas:functions.order-status.nodeSelector: {example.no/disk: nvme}
            """);
    run("order-status", args(stack, "order-status").build());

    GoldenManifests.assertManifestsMatch(
        "function/own-metadata",
        mocks.kubernetesObjects().stream()
            .filter(object -> object.type().equals(DEPLOYMENT))
            .toList());
  }

  @Test
  void rollsOutWithinTheTimeOfTheConfig() {
    var function = function("rolloutTimeout: 40s");
    run("quote", FunctionWorkloadArgs.function(function).namespace(namespace()).build());

    assertThat(
            Manifests.at(mocks.one(DEPLOYMENT, "quote-deployment"), "spec.progressDeadlineSeconds"))
        .isEqualTo(40L);
  }

  @Test
  void functionsOwnVariablesOverrideTheWatchdogs() {
    var args = FunctionWorkloadArgs.function(function(1, 1)).namespace(namespace()).build();
    run("quote", args);

    assertThat(
            Manifests.at(
                mocks.one(DEPLOYMENT, "quote-deployment"), "spec.template.spec.containers.0.env"))
        .isEqualTo(
            List.of(
                Map.of("name", "LOG_LEVEL", "value", "info"),
                Map.of("name", "exec_timeout", "value", "7s"),
                Map.of("name", "read_timeout", "value", "30s"),
                Map.of("name", "write_timeout", "value", "30s")));
  }

  @Test
  void workerMayPostAnswersToTheListedHostsAlone() {
    var stack =
        PatchedConfig.of(
            "oslo",
            """
            set:
              nordfaas:functions.order-processor.queue.callbacks:
                - {host: hooks.example.no, cidr: 203.0.113.0/24}
                - {host: erp.example.no, cidr: 203.0.113.0/24, port: 8443}
            """);
    run("order-processor", args(stack, "order-processor").build());

    assertThat(environment("order-processor-worker-deployment"))
        .containsEntry("CALLBACK_HOSTS", "hooks.example.no,erp.example.no:8443");
    var policy = mocks.one(POLICY, "order-processor-worker-policy");
    assertThat((List<?>) Manifests.at(policy, "spec.egress")).hasSize(4);
    assertThat(Manifests.at(policy, "spec.egress.3.ports.0.port")).isEqualTo(8443L);
  }

  @Test
  void intakeLimitsTheRateOnlyWhereTheConfigSaysSo() {
    run("intake", intake().build());
    assertThat(environment("intake-deployment")).doesNotContainKey("RATE_LIMIT");
    PulumiTest.cleanup();
    var plain = Fixtures.bergen().queueWorker();
    var limited =
        new QueueWorkerConfig(
            plain.image(),
            new QueueWorkerConfig.IntakeConfig(
                plain.intake().scale(),
                plain.intake().resources(),
                Optional.of(50),
                plain.intake().routes(),
                plain.intake().statusAuth()),
            plain.workerResources());
    var again = new RecordingMocks();
    run(again, "intake", intake(limited).build(), false);

    assertThat(environment(again, "intake-deployment")).containsEntry("RATE_LIMIT", "50");
  }

  @Test
  void onlyFunctionsAreFunctionsForOpenFaas() {
    run("order-processor", args(Fixtures.oslo(), "order-processor").build());

    assertThat(labels("order-processor-deployment"))
        .containsEntry("faas_function", "order-processor");
    assertThat(labels("order-processor-worker-deployment")).doesNotContainKey("faas_function");
  }

  @Test
  void refusesAVariableThatTheDatabaseSets() {
    var function =
        function("database: {name: orders}, environment: {DATABASE_URL: 'postgres://elsewhere'}");

    assertThatThrownBy(
            () ->
                FunctionWorkloadArgs.function(function)
                    .namespace(namespace())
                    .database(
                        new DatabaseLogin(
                            Output.ofSecret("postgres://orders"), Output.of("the CA"), 6432))
                    .build())
        .hasMessageContaining("DATABASE_URL is set from the function's database");
  }

  @Test
  void namesTheArgumentThatATriggerNeeds() {
    var function = Fixtures.oslo().functions().get("order-processor");

    assertThatThrownBy(() -> FunctionWorkloadArgs.function(function).namespace(namespace()).build())
        .hasMessage("FunctionWorkload needs consumer");
  }

  @Test
  void keepsTheNameOfIntakeForIntake() {
    assertThatThrownBy(() -> run("orders-intake", intake().build()))
        .hasStackTraceContaining("the name 'intake' is reserved for intake");
  }

  private FunctionWorkload run(String name, FunctionWorkloadArgs args) {
    return run(mocks, name, args, false);
  }

  private static FunctionWorkload run(
      RecordingMocks mocks, String name, FunctionWorkloadArgs args, boolean preview) {
    var result = new AtomicReference<FunctionWorkload>();
    PulumiTest.withMocks(mocks)
        .withOptions(TestOptions.builder().preview(preview).build())
        .runTest(
            context -> result.set(new FunctionWorkload(name, args, ComponentResourceOptions.Empty)))
        .throwOnError();
    return result.get();
  }

  private static FunctionWorkloadArgs.FunctionBuilder args(StackConfig stack, String function) {
    return FunctionWorkloadArgs.function(stack.functions().get(function))
        .namespace(namespace())
        .queueWorker(stack.queueWorker())
        .consumer(stack.nats().streams().get("orders").consumers().get("order-processor"))
        .nats(nats(function))
        .functionUrl(
            Output.of("http://gateway.openfaas.svc.cluster.local:8080/function/" + function))
        .database(
            new DatabaseLogin(
                Output.ofSecret("postgres://orders:" + PASSWORD + "@pgbouncer:6432/orders"),
                Output.of("the CA"),
                6432));
  }

  private static NatsLogin nats(String user) {
    return new NatsLogin(
        Output.of("nats://nats.nats.svc.cluster.local:4222"),
        user,
        Output.ofSecret(PASSWORD),
        Output.of("-----BEGIN CERTIFICATE-----\n"));
  }

  private static FunctionWorkloadArgs.IntakeBuilder intake() {
    return intake(Fixtures.bergen().queueWorker());
  }

  private static FunctionWorkloadArgs.IntakeBuilder intake(QueueWorkerConfig config) {
    return FunctionWorkloadArgs.intake(config).namespace(namespace()).nats(nats("intake"));
  }

  private static FunctionConfig function(int min, int max) {
    return function(
        """
        scale: {min: %d, max: %d}, environment: {exec_timeout: 7s, LOG_LEVEL: info},
        egress: [{cidr: 203.0.113.0/24, port: 443}]"""
            .formatted(min, max));
  }

  /** A function with the keys besides its image. */
  private static FunctionConfig function(String keys) {
    var config =
        PatchedConfig.of(
            "oslo",
            "set: {'nordfaas:functions': {quote: {image: 'registry.example.no/quote:1.0.0', %s}}}"
                .formatted(keys));
    return config.functions().get("quote");
  }

  private static Output<String> namespace() {
    return Output.of("openfaas-fn");
  }

  private Map<Object, Object> environment(String deployment) {
    return environment(mocks, deployment);
  }

  private static Map<Object, Object> environment(RecordingMocks mocks, String deployment) {
    var variables =
        (List<?>)
            Manifests.at(mocks.one(DEPLOYMENT, deployment), "spec.template.spec.containers.0.env");
    var environment = new HashMap<>();
    for (var variable : variables) {
      var entry = (Map<?, ?>) variable;
      environment.put(entry.get("name"), entry.get("value"));
    }
    return environment;
  }

  private static FunctionWorkloadArgs withSecrets(String secrets) {
    return FunctionWorkloadArgs.function(function("secrets: {%s}".formatted(secrets)))
        .namespace(namespace())
        .build();
  }

  private static Object annotations(RecordingMocks mocks) {
    return Manifests.at(
        mocks.one(DEPLOYMENT, "order-status-deployment"), "spec.template.metadata.annotations");
  }

  @SuppressWarnings("unchecked") // Labels are strings.
  private Map<String, String> labels(String deployment) {
    return (Map<String, String>)
        Manifests.at(mocks.one(DEPLOYMENT, deployment), "spec.template.metadata.labels");
  }
}
