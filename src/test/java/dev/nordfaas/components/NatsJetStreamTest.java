package dev.nordfaas.components;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.pulumi.core.Output;
import com.pulumi.resources.ComponentResourceOptions;
import com.pulumi.test.PulumiTest;
import com.pulumi.test.TestOptions;
import com.pulumi.test.internal.PulumiTestInternal;
import dev.nordfaas.config.NatsConfig;
import dev.nordfaas.nats.NatsWorker;
import dev.nordfaas.testing.Fixtures;
import dev.nordfaas.testing.GoldenManifests;
import dev.nordfaas.testing.Manifests;
import dev.nordfaas.testing.NatsConfigs;
import dev.nordfaas.testing.RecordingMocks;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class NatsJetStreamTest {
  private static final String STATEFUL_SET = "kubernetes:apps/v1:StatefulSet";
  private static final String JOB = "kubernetes:batch/v1:Job";
  private static final NatsWorker WORKER = new NatsWorker("orders", "order-processor");

  private final RecordingMocks mocks = new RecordingMocks();

  @AfterEach
  void cleanUp() {
    PulumiTest.cleanup();
  }

  @Test
  void singleServerNeedsNeitherRoutesNorDisruptionBudget() {
    create(Fixtures.oslo().nats(), false);

    GoldenManifests.assertManifestsMatch("nats/oslo/manifests", mocks.kubernetesObjects());
  }

  @Test
  void clusterSpreadsOverNodesAndDrainsBeforeItStops() {
    create(Fixtures.bergen().nats(), false);

    GoldenManifests.assertManifestsMatch(
        "nats/bergen/manifests", List.of("nats/oslo/manifests"), mocks.kubernetesObjects());
  }

  @Test
  void exporterRunsNextToEachServer() {
    create(NatsConfigs.withExporter("registry.example.no/exporter:0.18.0"), false);
    var servers = mocks.one(STATEFUL_SET, "nats-servers");

    assertThat(Manifests.at(servers, "spec.template.spec.containers.1.image"))
        .isEqualTo("registry.example.no/exporter:0.18.0");
    assertThat(Manifests.at(servers, "spec.template.metadata.annotations").toString())
        .contains("prometheus.io/port=7777");
  }

  @Test
  void previewsBeforeThePasswordsExist() {
    var nats = create(Fixtures.bergen().nats(), true);

    assertThat(mocks.ofType(STATEFUL_SET)).hasSize(1);
    assertThat(PulumiTest.extractValue(nats.url()))
        .isEqualTo("nats://nats.nats.svc.cluster.local:4222");
  }

  @Test
  void hasSecretCredentialsForEachRole() {
    var credentials = create(Fixtures.oslo().nats(), false).credentials();

    assertThat(credentials)
        .containsOnlyKeys(
            "admin", "dead-letters", "intake", "metrics", "order-processor", "system");
    assertThat(credentials.get("intake").user()).isEqualTo("intake");
    assertThat(credentials.values())
        .allSatisfy(role -> assertThat(isSecret(role.password())).isTrue());
  }

  @Test
  void handsThePasswordsOverAsASecretOnly() {
    create(Fixtures.bergen().nats(), false);

    assertThat(mocks.kubernetesObjects())
        .filteredOn(object -> object.inputs().toString().contains("stdout-of-"))
        .extracting(RecordingMocks.Registered::name)
        .containsExactly("nats-passwords", "nats-server");
  }

  @Test
  void outputsResolve() {
    var nats = create(Fixtures.oslo().nats(), false);

    assertThat(PulumiTest.extractValue(nats.url()))
        .isEqualTo("nats://nats.nats.svc.cluster.local:4222");
    assertThat(PulumiTest.extractValue(nats.caCertificate()))
        .startsWith("-----BEGIN CERTIFICATE-----");
  }

  @Test
  void reloadsTheServersWithoutARestartWhenMessagesGrowLarger() {
    create(Fixtures.oslo().nats(), false);
    var before = List.of(annotations(STATEFUL_SET, "servers"), annotations(JOB, "streams"));
    PulumiTest.cleanup();
    var larger = new RecordingMocks();
    create(NatsConfigs.withMaxMsgSize("2Mi"), false, larger);

    assertThat(annotations(larger, STATEFUL_SET, "servers")).isEqualTo(before.get(0));
    assertThat(annotations(larger, JOB, "streams")).isNotEqualTo(before.get(1));
  }

  @Test
  void leavesTheServersAloneWhenOnlyAConsumerChanges() {
    create(Fixtures.oslo().nats(), false);
    var before = annotations(STATEFUL_SET, "servers");
    PulumiTest.cleanup();
    var changed = new RecordingMocks();
    var consumer = NatsConfigs.consumer();
    var stream = NatsConfigs.stream("orders.>", Map.of("order-processor", consumer));
    create(NatsConfigs.withStreams(Map.of("orders", stream)), false, changed);

    assertThat(annotations(changed, STATEFUL_SET, "servers")).isEqualTo(before);
    assertThat(annotations(changed, JOB, "streams")).isNotEqualTo(annotations(JOB, "streams"));
  }

  @Test
  void refusesAnotherRetentionOfAStreamThatExists() {
    mocks.withStdout("nats-stream-orders-origin", "interest or limits");

    assertThatThrownBy(() -> create(Fixtures.oslo().nats(), true))
        .hasStackTraceContaining(
            "nordfaas:nats.streams.orders.retention: interest or limits cannot become workqueue in place; undo it, or use a stream with another name");
    assertThat(mocks.ofType(JOB)).isEmpty();
  }

  @Test
  void refusesToMakeAClusterOfASingleServer() {
    mocks.withStdout("nats-servers-origin", "1 replica");

    assertThatThrownBy(() -> create(Fixtures.bergen().nats(), true))
        .hasStackTraceContaining(
            "nordfaas:nats.replicas: 1 replica cannot become several replicas in place");
    assertThat(mocks.ofType(STATEFUL_SET)).isEmpty();
  }

  @Test
  void refusesToBuildWithoutConfig() {
    assertThatThrownBy(() -> NatsJetStreamArgs.builder().build())
        .hasMessage("NatsJetStream needs config");
  }

  @Test
  void refusesAWorkerWhoseConsumerIsNotInTheConfig() {
    var args =
        NatsJetStreamArgs.builder()
            .config(Fixtures.oslo().nats())
            .workers(Map.of("mailer", new NatsWorker("orders", "mailer")));

    assertThatThrownBy(args::build)
        .hasMessage(
            "NatsJetStreamArgs: worker 'mailer' takes from consumer 'mailer' of stream 'orders', which is not in the config");
  }

  @Test
  void refusesAWorkerWithTheNameOfAnotherUser() {
    var args =
        NatsJetStreamArgs.builder()
            .config(Fixtures.oslo().nats())
            .workers(Map.of("intake", WORKER));

    assertThatThrownBy(args::build)
        .hasMessage(
            "NatsJetStreamArgs: no worker can be called 'intake': NATS has a user with that name");
  }

  private NatsJetStream create(NatsConfig config, boolean preview) {
    return create(config, preview, mocks);
  }

  private static NatsJetStream create(NatsConfig config, boolean preview, RecordingMocks mocks) {
    var nats = new AtomicReference<NatsJetStream>();
    PulumiTest.withMocks(mocks)
        .withOptions(TestOptions.builder().preview(preview).build())
        .runTest(
            context ->
                nats.set(
                    new NatsJetStream(
                        "nats",
                        NatsJetStreamArgs.builder()
                            .config(config)
                            .intakeSubjects(List.of("orders.created"))
                            .workers(Map.of("order-processor", WORKER))
                            .build(),
                        ComponentResourceOptions.Empty)))
        .throwOnError();
    return nats.get();
  }

  private Map<?, ?> annotations(String type, String suffix) {
    return annotations(mocks, type, suffix);
  }

  private static Map<?, ?> annotations(RecordingMocks mocks, String type, String suffix) {
    var spec = (Map<?, ?>) mocks.one(type, "nats-" + suffix).inputs().get("spec");
    var metadata = (Map<?, ?>) ((Map<?, ?>) spec.get("template")).get("metadata");
    return (Map<?, ?>) metadata.get("annotations");
  }

  private static boolean isSecret(Output<?> output) {
    return PulumiTestInternal.extractOutputData(output).isSecret();
  }
}
