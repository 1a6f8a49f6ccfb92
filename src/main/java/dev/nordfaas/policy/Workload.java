package dev.nordfaas.policy;

import dev.nordfaas.config.KeyPath;
import dev.nordfaas.config.OpenFaasConfig.JetStreamConfig;
import dev.nordfaas.config.ResourcesConfig;
import dev.nordfaas.config.ScaleConfig;
import dev.nordfaas.config.StackConfig;
import dev.nordfaas.postgres.Postgres;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is to run, in how many pods.
 *
 * @param name for messages
 * @param replicas pods at start
 * @param replicasPath the key that says how many pods there are; the resources' where none does
 * @param path the key of the resources of one pod
 * @param scale how many pods there may be under load, where that differs
 */
record Workload(
    String name,
    int replicas,
    KeyPath replicasPath,
    KeyPath path,
    ResourcesConfig resources,
    Optional<ScaleConfig> scale) {

  static List<Workload> of(StackConfig config) {
    var workloads = new ArrayList<Workload>();
    var nats = config.nats();
    workloads.add(fixed("nats", nats.replicas(), nats.resources(), "nats"));
    var postgres = config.postgres();
    workloads.add(
        fixed("postgres", Postgres.instances(postgres), postgres.resources(), "postgres"));
    var pooler = postgres.pooler();
    workloads.add(fixed("pooler", pooler.replicas(), pooler.resources(), "postgres", "pooler"));
    var gateway = config.openfaas().gateway();
    workloads.add(fixed("gateway", gateway.replicas(), gateway.resources(), "openfaas", "gateway"));
    var provider = config.openfaas().provider();
    workloads.add(fixed("provider", 1, provider.resources(), "openfaas", "provider"));
    config
        .openfaas()
        .prometheus()
        .ifPresent(
            prometheus ->
                workloads.add(
                    fixed("prometheus", 1, prometheus.resources(), "openfaas", "prometheus")));
    config.openfaas().jetstream().ifPresent(jetstream -> addJetStream(jetstream, workloads));
    workloads.add(fixed("edge", 1, config.edge().resources(), "edge"));
    var intake = config.queueWorker().intake();
    workloads.add(
        scaled(
            "intake",
            intake.scale(),
            KeyPath.of("queueWorker", "intake", "scale"),
            KeyPath.of("queueWorker", "intake", "resources"),
            intake.resources()));
    config
        .functions()
        .forEach(
            (name, function) -> {
              var path = KeyPath.of("functions", name);
              workloads.add(
                  scaled(
                      name,
                      function.scale(),
                      path.key("scale"),
                      path.key("resources"),
                      function.resources()));
              function
                  .queue()
                  .ifPresent(
                      queue ->
                          workloads.add(
                              scaled(
                                  name + "'s worker",
                                  queue.scale(),
                                  path.key("queue").key("scale"),
                                  KeyPath.of("queueWorker", "workerResources"),
                                  config.queueWorker().workerResources())));
            });
    return workloads;
  }

  private static void addJetStream(JetStreamConfig config, List<Workload> workloads) {
    var path = KeyPath.of("openfaas", "jetstream");
    workloads.add(
        fixed(
            "OpenFaaS' queue-worker",
            config.replicas(),
            config.resources(),
            "openfaas",
            "jetstream"));
    workloads.add(
        new Workload(
            "OpenFaaS' nats",
            1,
            path.key("natsResources"),
            path.key("natsResources"),
            config.natsResources(),
            Optional.empty()));
  }

  private static Workload fixed(
      String name, int replicas, ResourcesConfig resources, String... path) {
    var owner = KeyPath.of(path);
    return new Workload(
        name, replicas, owner.key("replicas"), owner.key("resources"), resources, Optional.empty());
  }

  private static Workload scaled(
      String name, ScaleConfig scale, KeyPath scalePath, KeyPath path, ResourcesConfig resources) {
    return new Workload(name, scale.min(), scalePath, path, resources, Optional.of(scale));
  }
}
