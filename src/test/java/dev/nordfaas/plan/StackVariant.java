package dev.nordfaas.plan;

import dev.nordfaas.config.StackConfig;
import dev.nordfaas.config.check.PatchedConfig;
import dev.nordfaas.testing.Fixtures;
import dev.nordfaas.testing.Recorded;
import dev.nordfaas.testing.RecordingMocks;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** A stack, and what differs in it. */
record StackVariant(String stack, String patch) {
  private static final Map<StackVariant, RecordingMocks> RECORDED = new ConcurrentHashMap<>();

  static Stream<StackVariant> all() {
    return Stream.of(
        new StackVariant("oslo", "set: {}"),
        new StackVariant("bergen", "set: {}"),
        new StackVariant("small", "set: {}"),
        new StackVariant("oslo", "existing"),
        new StackVariant(
            "oslo", "remove: [nordfaas:openfaas.prometheus, nordfaas:postgres.backup]"),
        new StackVariant(
            "oslo",
            """
            remove: [nordfaas:postgres.exporterImage, nordfaas:postgres.pooler.exporterImage, nordfaas:postgres.databases.orders.migrations]
            set: {nordfaas:nats.exporterImage: 'docker.io/natsio/prometheus-nats-exporter:0.18.0'}
            """),
        new StackVariant(
            "oslo",
            "set: {nordfaas:openfaas: {edition: standard, license: {secure: x}, jetstream: {},"
                + " prometheus: {}}}"),
        new StackVariant("oslo", PatchedConfig.WITHOUT_OPENFAAS),
        new StackVariant(
            "bergen",
            """
            remove: [nordfaas:edge.adminCidrs]
            set: {nordfaas:openfaas: {edition: none}}
            """),
        new StackVariant(
            "oslo",
            """
            set:
              nordfaas:functions.order-status.egress:
                - {cidr: 0.0.0.0/0, port: 443}
                - {cidr: "::/0", port: 443}
                - {cidr: 192.0.2.0/24, port: 8443}
              nordfaas:functions.order-processor.queue.callbacks:
                - {host: hooks.example.no, cidr: 0.0.0.0/0}
              nordfaas:edge.acmeDirectory: https://ca.example.no:14000/dir
            """),
        new StackVariant(
            "oslo",
            """
            remove: [nordfaas:queueWorker.intake.routes.orders]
            set: {nordfaas:functions.order-status.cron: {nightly: {schedule: '0 3 * * *'}, hourly: {schedule: '0 * * * *'}}}
            """));
  }

  Plan plan() {
    return Plan.of(config());
  }

  /** What the program registers; it runs once for all tests. */
  RecordingMocks recorded() {
    return RECORDED.computeIfAbsent(this, variant -> Recorded.of(variant.plan()));
  }

  private StackConfig config() {
    return patch.equals("existing")
        ? Fixtures.osloOnExistingCluster(RecordingMocks.KUBECONFIG)
        : PatchedConfig.of(stack, patch);
  }
}
