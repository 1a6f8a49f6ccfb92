package dev.nordfaas;

import dev.nordfaas.config.FunctionConfig.DatabaseAccess;
import dev.nordfaas.config.FunctionConfig.QueueTrigger;
import dev.nordfaas.config.NatsConfig.ConsumerConfig;
import dev.nordfaas.config.NodeConfig;
import dev.nordfaas.config.QueueWorkerConfig.RouteConfig;
import dev.nordfaas.config.StackConfig;
import dev.nordfaas.function.Workloads;
import dev.nordfaas.host.Sysctl;
import dev.nordfaas.host.SysctlProfile;
import dev.nordfaas.manifest.Namespaces;
import dev.nordfaas.manifest.PodTuning;
import dev.nordfaas.manifest.PullSecret;
import dev.nordfaas.manifest.ServiceAddress;
import dev.nordfaas.nats.Nats;
import dev.nordfaas.nats.NatsWorker;
import dev.nordfaas.openfaas.ScrapeTarget;
import dev.nordfaas.postgres.Postgres;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** What one component has to know of another, taken from the config. */
record Wiring(StackConfig config) {
  /** The role, and the workload, that publishes what clients POST. */
  static final String INTAKE = "intake";

  boolean hasIntake() {
    return !config.queueWorker().intake().routes().isEmpty();
  }

  /**
   * Pods that take bursts get the listen queue of the hosts' profile; an override for the hosts is
   * for the hosts, and restarts no pod. The kubelets and the admission of a cluster that exists
   * already are not ours, and would refuse them.
   */
  PodTuning podTuning() {
    if (config.k3s().existing().isPresent()) {
      return PodTuning.NONE;
    }
    return new PodTuning(
        SysctlProfile.of(config.host().sysctlProfile()).stream()
            .filter(sysctl -> sysctl.name().equals(PodTuning.SOMAXCONN))
            .map(Sysctl::value)
            .findFirst());
  }

  /** Whether there are logins for private images. */
  PullSecret pullSecret() {
    return new PullSecret(!config.openfaas().registries().isEmpty());
  }

  /** What has metrics, besides OpenFaaS: what has an exporter, intake, and the workers. */
  List<ScrapeTarget> scrapeTargets() {
    var targets = new ArrayList<ScrapeTarget>();
    if (config.nats().exporterImage().isPresent()) {
      targets.add(
          ScrapeTarget.served(Nats.NAME, Namespaces.NATS, Nats.HEADLESS, Nats.EXPORTER_PORT));
    }
    if (config.postgres().exporterImage().isPresent()) {
      targets.add(
          ScrapeTarget.served(
              Postgres.NAME, Namespaces.POSTGRES, Postgres.METRICS, Postgres.METRICS_PORT));
    }
    if (config.postgres().pooler().exporterImage().isPresent()) {
      targets.add(
          ScrapeTarget.served(
              Postgres.POOLER,
              Namespaces.POSTGRES,
              Postgres.POOLER_METRICS,
              Postgres.POOLER_METRICS_PORT));
    }
    if (hasIntake()) {
      targets.add(
          ScrapeTarget.workload(INTAKE, ServiceAddress.INTAKE_METRICS, Workloads.METRICS_PORT));
    }
    workers()
        .keySet()
        .forEach(
            function -> {
              var worker = Workloads.workerName(function);
              // A worker has no Service for calls, so that its name is free for this one.
              targets.add(ScrapeTarget.workload(worker, worker, Workloads.METRICS_PORT));
            });
    return targets;
  }

  List<String> peersOf(String node) {
    return config.nodes().entrySet().stream()
        .filter(other -> !other.getKey().equals(node))
        .map(Map.Entry::getValue)
        .map(NodeConfig::clusterAddress)
        .toList();
  }

  List<String> intakeSubjects() {
    return config.queueWorker().intake().routes().values().stream()
        .map(RouteConfig::subject)
        .distinct()
        .sorted()
        .toList();
  }

  /** The consumer of each function with a queue trigger. */
  Map<String, NatsWorker> workers() {
    var workers = new TreeMap<String, NatsWorker>();
    config
        .functions()
        .forEach(
            (name, function) ->
                function
                    .queue()
                    .ifPresent(
                        queue ->
                            workers.put(name, new NatsWorker(queue.stream(), queue.durable()))));
    return workers;
  }

  /** The consumer that a queue trigger names; a rule has seen to it that there is one. */
  ConsumerConfig consumer(QueueTrigger trigger) {
    var stream = Objects.requireNonNull(config.nats().streams().get(trigger.stream()));
    return Objects.requireNonNull(stream.consumers().get(trigger.durable()));
  }

  /** The access to a database of each function that has one. */
  Map<String, DatabaseAccess> databaseRoles() {
    var roles = new TreeMap<String, DatabaseAccess>();
    config
        .functions()
        .forEach(
            (name, function) ->
                function.database().ifPresent(database -> roles.put(name, database)));
    return roles;
  }
}
