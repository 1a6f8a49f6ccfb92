package dev.nordfaas.components;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.pulumi.resources.ComponentResourceOptions;
import com.pulumi.test.PulumiTest;
import com.pulumi.test.TestOptions;
import com.pulumi.test.internal.PulumiTestInternal;
import dev.nordfaas.config.ApiKeyConfig;
import dev.nordfaas.config.Cidr;
import dev.nordfaas.config.EdgeConfig;
import dev.nordfaas.config.OpenFaasConfig;
import dev.nordfaas.config.SecretValue;
import dev.nordfaas.config.StackConfig;
import dev.nordfaas.config.check.PatchedConfig;
import dev.nordfaas.edge.EdgeRoutes;
import dev.nordfaas.prometheus.ScrapeTarget;
import dev.nordfaas.testing.Fixtures;
import dev.nordfaas.testing.Golden;
import dev.nordfaas.testing.GoldenManifests;
import dev.nordfaas.testing.Manifests;
import dev.nordfaas.testing.RecordingMocks;
import dev.nordfaas.testing.Records;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OpenFaasTest {
  private static final String DEPLOYMENT = "kubernetes:apps/v1:Deployment";
  private static final String COMMAND = "command:local:Command";
  private static final String CONFIG_MAP = "kubernetes:core/v1:ConfigMap";
  private static final String JOB = "kubernetes:batch/v1:Job";
  private static final String SECRET = "kubernetes:core/v1:Secret";
  private static final String STATEFUL_SET = "kubernetes:apps/v1:StatefulSet";
  private static final String NAMESPACE = "kubernetes:core/v1:Namespace";
  private static final String POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy";

  private static final String KEY = "a-key-of-partner-a-0123456789abcdef";
  private static final String OLD_KEY = "the-one-before-it-0123456789abcdef";
  private static final String HASH =
      "9d1c8608055c2e463b6b34e6deab541bb26d9937b6d04d05ee29fccb92c57f33";
  private static final String OLD_HASH =
      "2c5bc2e09569f660d447b48562e52006c2d909858032236786a1d454cd925266";

  private final RecordingMocks mocks = new RecordingMocks();

  @AfterEach
  void cleanUp() {
    PulumiTest.cleanup();
  }

  @Test
  void describesOslo() {
    run(args(Fixtures.oslo()).build(), false);

    GoldenManifests.assertManifestsMatch("openfaas/oslo", mocks.kubernetesObjects());
  }

  @Test
  void describesBergenWithThreeGatewaysAndOneNodeForTheEdge() {
    run(args(Fixtures.bergen()).build(), false);

    GoldenManifests.assertManifestsMatch(
        "openfaas/bergen", List.of("openfaas/oslo"), mocks.kubernetesObjects());
  }

  @Test
  void describesTheStandardEditionWithItsLicense() {
    run(args(Fixtures.oslo()).config(standard("")).build(), false);

    GoldenManifests.assertManifestsMatch(
        "openfaas/standard", List.of("openfaas/oslo"), mocks.kubernetesObjects());
  }

  @Test
  void describesTheStandardEditionWithJetStreamPrometheusAndPrivateImages() {
    var more =
        ", jetstream: {}, prometheus: {}, registries: {registry.example.no: {username: puller, password: {secure: a-token}}}";
    run(args(Fixtures.oslo()).config(standard(more)).build(), false);

    GoldenManifests.assertManifestsMatch(
        "openfaas/standard-jetstream",
        List.of("openfaas/oslo", "openfaas/standard"),
        mocks.kubernetesObjects());
  }

  @Test
  void describesTheEdgeAndPrometheusWithoutOpenFaas() {
    var openFaas = run(args(PatchedConfig.withoutOpenFaas()).build(), false);

    GoldenManifests.assertManifestsMatch(
        "openfaas/none", List.of("openfaas/oslo"), mocks.kubernetesObjects());
    assertThat(openFaas.adminPassword()).isEmpty();
    assertThat(openFaas.internalGatewayUrl()).isEmpty();
    assertThat(PulumiTest.extractValue(openFaas.edgeUrl()))
        .isEqualTo("https://faas.oslo.example.no");
  }

  @Test
  void hasNothingInItsNamespaceWithoutOpenFaasAndPrometheus() {
    run(
        args(PatchedConfig.withoutOpenFaas())
            .config(
                patched(
                    "set: {nordfaas:openfaas: {edition: none, registries: {registry.example.no: {username: puller, password: {secure: a-token}}}}}"))
            .build(),
        false);

    assertThat(mocks.kubernetesObjects())
        .extracting(object -> Manifests.at(object, "metadata.namespace"))
        .doesNotContain("openfaas")
        .contains("openfaas-fn", "edge");
    assertThat(mocks.all()).noneMatch(object -> object.name().equals("openfaas-namespace"));
    assertThat(mocks.ofType(SECRET))
        .extracting(object -> Manifests.at(object, "metadata.namespace"))
        .containsExactlyInAnyOrder("openfaas-fn", "edge");
  }

  /** Another edition must not take the functions' namespace away, nor the certificates. */
  @Test
  void keepsWhatTheEditionsHaveInCommon() {
    run(args(Fixtures.oslo()).build(), false);
    PulumiTest.cleanup();
    var without = new RecordingMocks();
    run(without, args(PatchedConfig.withoutOpenFaas()).build(), false);

    for (var name :
        List.of("openfaas-namespace", "openfaas-functions-namespace", "openfaas-edge-namespace")) {
      assertThat(without.one(NAMESPACE, name).inputs())
          .isEqualTo(mocks.one(NAMESPACE, name).inputs());
    }
    assertThat(
            Manifests.at(without.one(STATEFUL_SET, "openfaas-edge"), "spec.volumeClaimTemplates"))
        .isEqualTo(
            Manifests.at(mocks.one(STATEFUL_SET, "openfaas-edge"), "spec.volumeClaimTemplates"));
  }

  @Test
  void withoutPrometheusTheGatewayIsAnsweredThatThereAreNoMetrics() {
    run(
        args(Fixtures.oslo())
            .config(patched("remove: [nordfaas:openfaas.prometheus]"))
            .scrapeTargets(List.of(ScrapeTarget.workload("intake", "intake-metrics", 8081)))
            .build(),
        false);

    assertThat(containers(mocks.one(DEPLOYMENT, "openfaas-gateway"))).contains("no-metrics");
    assertThat(mocks.all().stream().map(RecordingMocks.Registered::name))
        .noneMatch(name -> name.contains("prometheus") || name.endsWith("-metrics"));
  }

  @Test
  void withPrometheusTheGatewayHasNoStandInForIt() {
    run(args(Fixtures.oslo()).build(), false);

    assertThat(containers(mocks.one(DEPLOYMENT, "openfaas-gateway")))
        .containsExactly("gateway", "faas-netes");
  }

  @Test
  void whatIsNewToReadRollsPrometheus() {
    run(args(Fixtures.oslo()).scrapeTargets(List.of()).build(), false);
    var before = prometheusChecksum(mocks);
    PulumiTest.cleanup();
    var more = new RecordingMocks();
    run(more, args(Fixtures.oslo()).build(), false);

    assertThat(prometheusChecksum(more)).isNotEqualTo(before);
  }

  @Test
  void describesTheSameResourcesInAFirstPreview() {
    run(args(Fixtures.oslo()).build(), true);
    var previewed = mocks.all().stream().map(RecordingMocks.Registered::name).toList();
    PulumiTest.cleanup();
    var again = new RecordingMocks();
    run(again, args(Fixtures.oslo()).build(), false);

    assertThat(previewed)
        .isEqualTo(again.all().stream().map(RecordingMocks.Registered::name).toList());
  }

  @Test
  void givesOutAddressesAndASecretPassword() {
    var openFaas = run(args(Fixtures.oslo()).build(), false);

    assertThat(PulumiTest.extractValue(openFaas.edgeUrl()))
        .isEqualTo("https://faas.oslo.example.no");
    assertThat(PulumiTest.extractValue(openFaas.internalGatewayUrl().orElseThrow()))
        .isEqualTo("http://gateway.openfaas.svc.cluster.local:8080");
    assertThat(PulumiTest.extractValue(openFaas.functionsNamespace())).isEqualTo("openfaas-fn");
    assertThat(
            PulumiTestInternal.extractOutputData(openFaas.adminPassword().orElseThrow()).isSecret())
        .isTrue();
  }

  @Test
  void anotherDayMakesAnotherPassword() {
    run(args(Fixtures.oslo()).build(), false);
    assertThat(mocks.one(COMMAND, "openfaas-admin-password").inputs())
        .doesNotContainKey("triggers");
    PulumiTest.cleanup();

    var rotated = patched("set: {nordfaas:openfaas.rotation.password: '2026-12-01'}");
    var again = new RecordingMocks();
    run(again, args(Fixtures.oslo()).config(rotated).build(), false);

    assertThat(again.one(COMMAND, "openfaas-admin-password").inputs())
        .containsEntry("triggers", List.of("2026-12-01"));
  }

  @Test
  void mountsTheApiTokenIntoTheProviderOnly() {
    run(args(Fixtures.oslo()).build(), false);
    var deployment = mocks.one(DEPLOYMENT, "openfaas-gateway");

    assertThat(Manifests.at(deployment, "spec.template.spec.automountServiceAccountToken"))
        .isEqualTo(false);
    assertThat(mounts(deployment, 0)).doesNotContain("api-token");
    assertThat(mounts(deployment, 1)).contains("api-token");
  }

  @Test
  void onlyTheCommunityEditionReachesTheInternet() {
    run(args(Fixtures.oslo()).config(standard("")).build(), false);

    assertThat(egressPorts("openfaas-gateway-policy")).doesNotContain(443L);

    PulumiTest.cleanup();
    var community = new RecordingMocks();
    run(community, args(Fixtures.oslo()).build(), false);
    assertThat(Golden.yaml(community.one(POLICY, "openfaas-gateway-policy").inputs()))
        .contains("port: 443\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "set: {nordfaas:openfaas.prometheus: {}}",
        "remove: [nordfaas:openfaas.prometheus]"
      })
  void onlyPodsThatMayReadMetricsReachTheGatewaysOwnOnes(String patch) {
    run(args(Fixtures.oslo()).config(patched(patch)).build(), false);

    assertThat(Manifests.at(mocks.one(POLICY, "openfaas-gateway-policy"), "spec.ingress.1"))
        .asInstanceOf(InstanceOfAssertFactories.map(String.class, Object.class))
        .containsEntry("ports", List.of(Map.of("port", 8082L, "protocol", "TCP")))
        .extractingByKey("from")
        .asString()
        .contains("nordfaas.dev/metrics-client=true");
  }

  @Test
  void edgeReachesTheInternetForCertificatesOnly() {
    run(args(Fixtures.oslo()).edge(edge(EdgeConfig.Tls.INTERNAL, List.of())).build(), false);

    assertThat(egressPorts("openfaas-edge-policy")).doesNotContain(443L);
  }

  @Test
  void checksAnotherConfigWithoutARestartOfTheEdge() {
    run(args(Fixtures.oslo()).build(), false);
    PulumiTest.cleanup();
    var changed = new RecordingMocks();
    var admins = List.of(Cidr.parse("203.0.113.0/24"));
    run(changed, args(Fixtures.oslo()).edge(edge(EdgeConfig.Tls.ACME, admins)).build(), false);

    assertThat(template(changed, STATEFUL_SET, "openfaas-edge"))
        .isEqualTo(template(mocks, STATEFUL_SET, "openfaas-edge"));
    assertThat(template(changed, JOB, "openfaas-edge-check"))
        .isNotEqualTo(template(mocks, JOB, "openfaas-edge-check"));
  }

  @Test
  void letsTheEdgeOutToThePortOfItsAuthorityAlone() {
    run(args(Fixtures.oslo()).edge(certifiedBy("https://ca.example.no:9000/acme")).build(), false);

    assertThat(egressPorts("openfaas-edge-policy")).contains(9000L).doesNotContain(443L);
  }

  @ParameterizedTest
  @ValueSource(strings = {"https://ca.example.no/acme", "https://ca.example.no:443/acme"})
  void letsTheEdgeOutToTheUsualPortOfHttps(String directory) {
    run(args(Fixtures.oslo()).edge(certifiedBy(directory)).build(), false);

    assertThat(egressPorts("openfaas-edge-policy")).contains(443L);
  }

  @Test
  void bringsTheRootsOfTheAuthorityToTheEdge() {
    run(args(Fixtures.oslo()).edge(certifiedBy("https://ca.example.no/acme")).build(), false);

    assertThat(Manifests.at(mocks.one(CONFIG_MAP, "openfaas-edge-config"), "data"))
        .asInstanceOf(InstanceOfAssertFactories.MAP)
        .containsEntry("acme-roots.pem", "roots");
  }

  @Test
  void mountsACertificateOfTheUsersOwn() {
    run(args(Fixtures.oslo()).edge(certified("a chain", "a key")).build(), false);

    assertThat(Manifests.at(mocks.one(SECRET, "openfaas-edge-certificate"), "stringData"))
        .isEqualTo(Map.of("tls.crt", "a chain", "tls.key", "a key"));
    assertThat(
            Manifests.at(
                mocks.one(STATEFUL_SET, "openfaas-edge"),
                "spec.template.spec.volumes.0.projected.sources.1.secret.name"))
        .isEqualTo("edge-certificate");
  }

  @Test
  void checksAnotherKeyOfACertificate() {
    run(args(Fixtures.oslo()).edge(certified("a chain", "a key")).build(), false);
    PulumiTest.cleanup();
    var changed = new RecordingMocks();
    run(changed, args(Fixtures.oslo()).edge(certified("a chain", "another key")).build(), false);

    assertThat(template(changed, JOB, "openfaas-edge-check"))
        .isNotEqualTo(template(mocks, JOB, "openfaas-edge-check"));
  }

  @Test
  void bringsTheHashesOfApiKeysToTheEdgeAndNotTheKeys() {
    run(args(Fixtures.oslo()).edge(withKey(KEY, Optional.of(OLD_KEY))).build(), false);

    assertThat(Manifests.at(mocks.one(SECRET, "openfaas-edge-keys"), "stringData"))
        .isEqualTo(
            Map.of("keys.json", "{\"partner-a\":[\"%s\",\"%s\"]}".formatted(HASH, OLD_HASH)));
    assertThat(mocks.all())
        .allSatisfy(it -> assertThat(it.inputs().toString()).doesNotContain(KEY, OLD_KEY));
  }

  @Test
  void mountsTheApiKeysBesideTheCaddyfile() {
    run(args(Fixtures.oslo()).build(), false);

    assertThat(
            Manifests.at(
                mocks.one(STATEFUL_SET, "openfaas-edge"),
                "spec.template.spec.volumes.0.projected.sources.1.secret.name"))
        .isEqualTo("edge-keys");
    assertThat(mocks.one(JOB, "openfaas-edge-check").inputs().toString())
        .contains("secret={name=edge-keys}");
  }

  @Test
  void waitsUntilTheEdgeHasReadAChangedApiKeyWithoutARestart() {
    run(args(Fixtures.oslo()).edge(withKey(KEY, Optional.empty())).build(), false);
    PulumiTest.cleanup();
    var changed = new RecordingMocks();
    run(changed, args(Fixtures.oslo()).edge(withKey(OLD_KEY, Optional.empty())).build(), false);

    assertThat(configVersion(changed)).hasSize(16).isNotEqualTo(configVersion(mocks));
    assertThat(caddyfile(changed)).contains("respond /version " + configVersion(changed));
    assertThat(template(changed, STATEFUL_SET, "openfaas-edge"))
        .isEqualTo(template(mocks, STATEFUL_SET, "openfaas-edge"));
  }

  /** Whoever may read the version cannot try out keys with it. */
  @Test
  void theVersionOfApiKeysIsKeyedWithAGeneratedPassword() {
    run(args(Fixtures.oslo()).edge(withKey(KEY, Optional.empty())).build(), false);
    PulumiTest.cleanup();
    var elsewhere =
        new RecordingMocks().withStdout("openfaas-edge-keys-checksum", "another password");
    run(elsewhere, args(Fixtures.oslo()).edge(withKey(KEY, Optional.empty())).build(), false);

    assertThat(configVersion(elsewhere)).isNotEqualTo(configVersion(mocks));
  }

  @Test
  void withoutApiKeysThereIsNeitherSecretNorPassword() {
    var edge = PatchedConfig.of("oslo", "remove: [nordfaas:edge.apiKeys]").edge();
    run(args(Fixtures.oslo()).edge(edge).build(), false);

    assertThat(mocks.all())
        .extracting(RecordingMocks.Registered::name)
        .noneMatch(name -> name.contains("edge-keys"));
  }

  @Test
  void letsTheEdgeOutToTheHostOfAnIssuerAlone() {
    var edge =
        PatchedConfig.of(
                "oslo",
                """
                set:
                  nordfaas:edge.tls: internal
                  nordfaas:edge.issuers.maskinporten.discovery: https://maskinporten.no:8443/meta
                """)
            .edge();
    run(args(Fixtures.oslo()).edge(edge).build(), false);

    assertThat(Manifests.at(mocks.one(POLICY, "openfaas-edge-policy"), "spec.egress.2"))
        .isEqualTo(
            Map.of(
                "ports",
                List.of(Map.of("port", 8443L, "protocol", "TCP")),
                "to",
                List.of(Map.of("ipBlock", Map.of("cidr", "198.51.100.0/24")))));
  }

  @Test
  void asksNobodyForKeysThatAreInTheConfig() {
    var edge =
        PatchedConfig.of(
                "oslo",
                """
                set: {nordfaas:edge.tls: internal, nordfaas:edge.issuers.maskinporten.keys: "{}"}
                remove: [nordfaas:edge.issuers.maskinporten.discovery]
                """)
            .edge();
    run(args(Fixtures.oslo()).edge(edge).build(), false);

    assertThat(egressPorts("openfaas-edge-policy")).containsOnly(8080L);
    assertThat(Manifests.at(mocks.one(CONFIG_MAP, "openfaas-edge-config"), "data"))
        .asInstanceOf(InstanceOfAssertFactories.MAP)
        .containsEntry("issuer-maskinporten.json", "{}");
  }

  @Test
  void refusesTheStandardEditionWithoutLicense() {
    assertThatThrownBy(
            () ->
                run(
                    args(Fixtures.oslo())
                        .config(patched("set: {nordfaas:openfaas.edition: standard}"))
                        .build(),
                    false))
        .hasStackTraceContaining("OpenFaas needs a license");
  }

  @Test
  void namesTheArgumentThatIsMissing() {
    assertThatThrownBy(() -> OpenFaasArgs.builder().config(Fixtures.oslo().openfaas()).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("OpenFaas needs edge");
  }

  private OpenFaas run(OpenFaasArgs args, boolean preview) {
    return run(mocks, args, preview);
  }

  private static OpenFaas run(RecordingMocks mocks, OpenFaasArgs args, boolean preview) {
    var result = new AtomicReference<OpenFaas>();
    PulumiTest.withMocks(mocks)
        .withOptions(TestOptions.builder().preview(preview).build())
        .runTest(
            context -> result.set(new OpenFaas("openfaas", args, ComponentResourceOptions.Empty)))
        .throwOnError();
    return result.get();
  }

  private static OpenFaasArgs.Builder args(StackConfig stack) {
    return OpenFaasArgs.builder()
        .config(stack.openfaas())
        .edge(stack.edge())
        .domain(stack.datacenter().domain())
        .routes(EdgeRoutes.of(stack.functions(), stack.queueWorker().intake()))
        .scrapeTargets(
            List.of(
                ScrapeTarget.served("nats", "nats", "nats-headless", 7777),
                ScrapeTarget.workload("intake", "intake-metrics", 8081),
                ScrapeTarget.workload("order-processor-worker", "order-processor-worker", 8081)));
  }

  private static OpenFaasConfig patched(String patch) {
    return PatchedConfig.of("oslo", patch).openfaas();
  }

  /** More keys, after the license. */
  private static OpenFaasConfig standard(String more) {
    return patched(
        "set: {nordfaas:openfaas: {edition: standard, license: {secure: a-license}%s}}"
            .formatted(more));
  }

  private static EdgeConfig edge(EdgeConfig.Tls tls, List<Cidr> admins) {
    return edge(tls, admins, Optional.empty());
  }

  private static EdgeConfig edge(
      EdgeConfig.Tls tls, List<Cidr> admins, Optional<EdgeConfig.Certificate> certificate) {
    return Records.with(
        Fixtures.oslo().edge(),
        Map.of("tls", tls, "certificate", certificate, "adminCidrs", admins, "issuers", Map.of()));
  }

  private static EdgeConfig withKey(String key, Optional<String> previous) {
    var keys = new ApiKeyConfig(SecretValue.of(key), previous.map(SecretValue::of));
    return Records.with(Fixtures.oslo().edge(), Map.of("apiKeys", Map.of("partner-a", keys)));
  }

  private static EdgeConfig certifiedBy(String directory) {
    return PatchedConfig.of(
            "oslo",
            """
            set: {nordfaas:edge.acmeDirectory: '%s', nordfaas:edge.acmeRoots: roots}
            remove: [nordfaas:edge.issuers]
            """
                .formatted(directory))
        .edge();
  }

  private static EdgeConfig certified(String chain, String key) {
    return edge(
        EdgeConfig.Tls.CERTIFICATE,
        List.of(),
        Optional.of(new EdgeConfig.Certificate(chain, SecretValue.of(key))));
  }

  private static Object template(RecordingMocks mocks, String type, String name) {
    return Manifests.at(mocks.one(type, name), "spec.template");
  }

  private static String configVersion(RecordingMocks mocks) {
    var environment =
        (List<?>)
            Manifests.at(
                mocks.one(JOB, "openfaas-edge-check"), "spec.template.spec.containers.0.env");
    return environment.stream()
        .map(variable -> (Map<?, ?>) variable)
        .filter(variable -> "CONFIG_VERSION".equals(variable.get("name")))
        .map(variable -> variable.get("value").toString())
        .findFirst()
        .orElseThrow();
  }

  private static String caddyfile(RecordingMocks mocks) {
    var data = (Map<?, ?>) Manifests.at(mocks.one(CONFIG_MAP, "openfaas-edge-config"), "data");
    return data.get("Caddyfile").toString();
  }

  private static Object prometheusChecksum(RecordingMocks mocks) {
    return Manifests.at(
        mocks.one(DEPLOYMENT, "openfaas-prometheus"), "spec.template.metadata.annotations");
  }

  private static List<Object> containers(RecordingMocks.Registered deployment) {
    return ((List<?>) Manifests.at(deployment, "spec.template.spec.containers"))
        .stream().<Object>map(container -> ((Map<?, ?>) container).get("name")).toList();
  }

  private static List<Object> mounts(RecordingMocks.Registered deployment, int container) {
    var mounts =
        Manifests.at(deployment, "spec.template.spec.containers." + container + ".volumeMounts");
    return mounts == null
        ? List.of()
        : ((List<?>) mounts)
            .stream().<Object>map(mount -> ((Map<?, ?>) mount).get("name")).toList();
  }

  private List<Object> egressPorts(String policy) {
    return ((List<?>) Manifests.at(mocks.one(POLICY, policy), "spec.egress"))
        .stream()
            .flatMap(rule -> ((List<?>) ((Map<?, ?>) rule).get("ports")).stream())
            .<Object>map(port -> ((Map<?, ?>) port).get("port"))
            .toList();
  }
}
