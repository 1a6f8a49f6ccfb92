package dev.nordfaas.plan;

import dev.nordfaas.config.BackupConfig;
import dev.nordfaas.config.FunctionConfig;
import dev.nordfaas.config.OpenFaasConfig;
import dev.nordfaas.config.OpenFaasConfig.JetStreamConfig;
import dev.nordfaas.config.PostgresConfig;
import dev.nordfaas.config.ResourcesConfig;
import dev.nordfaas.config.ScaleConfig;
import dev.nordfaas.config.StackConfig;
import dev.nordfaas.config.model.KeyPath;
import dev.nordfaas.edge.EdgePod;
import dev.nordfaas.function.CronTriggers;
import dev.nordfaas.function.Workloads;
import dev.nordfaas.k3s.K3sParts;
import dev.nordfaas.manifest.Namespaces;
import dev.nordfaas.manifest.Requests;
import dev.nordfaas.manifest.ScriptJob;
import dev.nordfaas.nats.NatsStatefulSet;
import dev.nordfaas.openfaas.Gateway;
import dev.nordfaas.plan.Pods.Pinned;
import dev.nordfaas.plan.Pods.Sized;
import dev.nordfaas.postgres.PgBouncerExporter;
import dev.nordfaas.postgres.Postgres;
import dev.nordfaas.postgres.PostgresExporter;
import dev.nordfaas.postgres.cluster.ClusterManifests;
import dev.nordfaas.postgres.cluster.Operator;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Lists what a stack runs; {@code PodPlanTest} compares it with what the program registers. */
final class PodPlan {
  private static final String OPENFAAS = "openfaas";
  private static final String POSTGRES = "postgres";
  private static final String POOLER = "pooler";

  /** Jobs that up waits for: one after the other within a component, the components in parallel. */
  private static final String JOBS_OF_NATS = "nats";

  private static final String JOBS_OF_POSTGRES = "postgres";
  private static final String JOBS_OF_THE_EDGE = "edge";

  /** pgBackRest makes one backup at a time. */
  private static final String BACKUPS = "backups";

  /** Scheduled calls have the lowest priority, and are short. */
  private static final String SCHEDULES = "schedules";

  private final StackConfig config;
  private final int nameServers;
  private final boolean hasIntake;
  private final boolean hasMigrations;
  private final List<Pods> all = new ArrayList<>();

  private PodPlan(StackConfig config, int nameServers, boolean hasIntake, boolean hasMigrations) {
    this.config = config;
    this.nameServers = nameServers;
    this.hasIntake = hasIntake;
    this.hasMigrations = hasMigrations;
  }

  /** Everything that a stack runs, in the order of the config's sections. */
  static List<Pods> of(
      StackConfig config, int nameServers, boolean hasIntake, boolean hasMigrations) {
    return new PodPlan(config, nameServers, hasIntake, hasMigrations).all();
  }

  private List<Pods> all() {
    addK3s();
    addNats();
    addPostgres();
    addOpenFaas();
    addEdge();
    addIntake();
    config.functions().forEach(this::addFunction);
    return List.copyOf(all);
  }

  /** Requests in K3s v1.34's manifests of CoreDNS and metrics-server; local-path has none. */
  private void addK3s() {
    addPart(K3sParts.CORE_DNS, "CoreDNS", nameServers);
    addPart(K3sParts.METRICS_SERVER, K3sParts.METRICS_SERVER, 1);
  }

  private void addPart(String part, String name, int replicas) {
    if (K3sParts.disabled(config.k3s()).contains(part)) {
      return;
    }
    all.add(
        new Pods(
            name,
            Optional.empty(),
            Optional.empty(),
            replicas,
            Optional.empty(),
            List.of(),
            Requests.fixed(100, 70),
            Optional.empty(),
            Optional.empty()));
  }

  private void addNats() {
    var nats = config.nats();
    addFixed(
        "nats",
        "StatefulSet nats/nats",
        nats.replicas(),
        KeyPath.of("nats", "replicas"),
        exporter(nats.exporterImage(), NatsStatefulSet.EXPORTER_REQUESTS),
        sized(nats.resources(), "nats"));
    addJob("streams", "Job nats/nats-streams", JOBS_OF_NATS, ScriptJob.REQUESTS);
  }

  private void addPostgres() {
    var postgres = config.postgres();
    var pooler = postgres.pooler();
    var operated = postgres.highAvailability();
    if (operated) {
      all.add(
          new Pods(
              "CloudNativePG",
              Optional.of("HelmChart kube-system/cloudnative-pg"),
              Optional.empty(),
              Operator.REPLICAS,
              Optional.empty(),
              List.of(),
              Operator.REQUESTS,
              Optional.empty(),
              Optional.empty()));
      addJob(
          "CloudNativePG's check", Operator.WAIT_OBJECT, JOBS_OF_POSTGRES, Operator.WAIT_REQUESTS);
    }
    addFixed(
        POSTGRES,
        (operated ? "Cluster " : "StatefulSet ") + "postgres/postgres",
        Postgres.instances(postgres),
        KeyPath.of(POSTGRES, "highAvailability"),
        exporter(postgres.exporterImage(), PostgresExporter.REQUESTS).plus(scratchOf(postgres)),
        sized(postgres.resources(), POSTGRES));
    addFixed(
        POOLER,
        (operated ? "Pooler " : "Deployment ") + "postgres/pgbouncer",
        pooler.replicas(),
        KeyPath.of(POSTGRES, POOLER, "replicas"),
        exporter(pooler.exporterImage(), PgBouncerExporter.REQUESTS)
            .plus(operated ? Requests.scratch(ClusterManifests.SCRATCH) : Requests.NONE),
        sized(pooler.resources(), POSTGRES, POOLER));
    addJob("roles", "Job postgres/postgres-roles", JOBS_OF_POSTGRES, ScriptJob.REQUESTS);
    if (hasMigrations) {
      addJob(
          "migrations", "Job postgres/postgres-migrations", JOBS_OF_POSTGRES, ScriptJob.REQUESTS);
    }
    postgres.pgBackRest().ifPresent(this::addBackup);
    postgres
        .clusterBackup()
        .ifPresent(
            backup ->
                addJob(
                    "check of the archive",
                    Operator.ARCHIVE_WAIT_OBJECT,
                    JOBS_OF_POSTGRES,
                    Operator.WAIT_REQUESTS));
  }

  private void addBackup(BackupConfig backup) {
    addBackup("first backup", "Job postgres/postgres-backup-prepare", backup);
    addBackup("full backup", "CronJob postgres/postgres-backup-full", backup);
    addBackup("differential backup", "CronJob postgres/postgres-backup-differential", backup);
  }

  private void addBackup(String name, String object, BackupConfig backup) {
    all.add(
        new Pods(
            name,
            Optional.of(object),
            Optional.of(BACKUPS),
            1,
            Optional.empty(),
            List.of(sized(backup.resources(), POSTGRES, "backup")),
            Requests.scratch(Postgres.SCRATCH),
            Optional.empty(),
            Optional.empty()));
  }

  private void addOpenFaas() {
    var openfaas = config.openfaas();
    if (openfaas.hasGateway()) {
      addGateway(openfaas);
    }
    openfaas
        .prometheus()
        .ifPresent(
            prometheus ->
                addFixed(
                    "prometheus",
                    "Deployment openfaas/prometheus",
                    1,
                    KeyPath.of(OPENFAAS, "prometheus"),
                    Requests.scratch(prometheus.size()),
                    sized(prometheus.resources(), OPENFAAS, "prometheus")));
    openfaas.jetstream().ifPresent(this::addJetStream);
  }

  private void addGateway(OpenFaasConfig openfaas) {
    var gateway = openfaas.gateway();
    // The provider is a container of the gateway's pod.
    addFixed(
        "gateway",
        "Deployment openfaas/gateway",
        gateway.replicas(),
        KeyPath.of(OPENFAAS, "gateway", "replicas"),
        Requests.scratch(Gateway.SCRATCH)
            .plus(
                openfaas.prometheus().isPresent() ? Requests.NONE : Gateway.METRICS_STORE_REQUESTS),
        sized(gateway.resources(), OPENFAAS, "gateway"),
        sized(openfaas.provider().resources(), OPENFAAS, "provider"));
  }

  private void addJetStream(JetStreamConfig jetstream) {
    addFixed(
        "OpenFaaS' queue-worker",
        "Deployment openfaas/queue-worker",
        jetstream.replicas(),
        KeyPath.of(OPENFAAS, "jetstream", "replicas"),
        Requests.NONE,
        sized(jetstream.resources(), OPENFAAS, "jetstream"));
    var path = KeyPath.of(OPENFAAS, "jetstream", "natsResources");
    all.add(
        new Pods(
            "OpenFaaS' nats",
            Optional.of("StatefulSet openfaas/nats"),
            Optional.empty(),
            1,
            Optional.empty(),
            List.of(new Sized(path, jetstream.natsResources())),
            Requests.NONE,
            Optional.empty(),
            Optional.empty()));
  }

  private void addEdge() {
    var nodes = config.edge().nodes();
    var path = KeyPath.of("edge", "nodes");
    all.add(
        new Pods(
            "edge",
            Optional.of("StatefulSet edge/edge"),
            Optional.empty(),
            config.edge().replicas(),
            Optional.of(path),
            List.of(sized(config.edge().resources(), "edge")),
            Requests.scratch(EdgePod.SCRATCH),
            Optional.empty(),
            nodes.isEmpty()
                ? Optional.empty()
                : Optional.of(new Pinned(path, Map.of(), Set.copyOf(nodes)))));
    addJob("edge-check", "Job edge/edge-check", JOBS_OF_THE_EDGE, ScriptJob.REQUESTS);
  }

  private void addIntake() {
    var intake = config.queueWorker().intake();
    if (hasIntake) {
      addScaled(
          "intake",
          "intake",
          intake.scale(),
          KeyPath.of("queueWorker", "intake", "scale"),
          sized(intake.resources(), "queueWorker", "intake"),
          Optional.empty());
    }
  }

  private void addFunction(String name, FunctionConfig function) {
    var path = KeyPath.of("functions", name);
    addScaled(
        name,
        name,
        function.scale(),
        path.key("scale"),
        new Sized(path.key("resources"), function.resources()),
        pinned(function, path.key("nodeSelector")));
    function
        .queue()
        .ifPresent(
            queue ->
                addScaled(
                    name + "'s worker",
                    Workloads.workerName(name),
                    queue.scale(),
                    path.key("queue").key("scale"),
                    new Sized(
                        KeyPath.of("queueWorker", "workerResources"),
                        config.queueWorker().workerResources()),
                    Optional.empty()));
    function
        .cron()
        .keySet()
        .forEach(
            trigger ->
                addJob(
                    "%s's schedule %s".formatted(name, trigger),
                    "CronJob %s/%s"
                        .formatted(Namespaces.FUNCTIONS, CronTriggers.name(name, trigger)),
                    SCHEDULES,
                    CronTriggers.REQUESTS));
  }

  private Optional<Pinned> pinned(FunctionConfig function, KeyPath path) {
    return Optional.of(function.nodeSelector())
        .filter(selector -> !selector.isEmpty())
        .map(selector -> new Pinned(path, selector, NodeLabels.nodesWith(selector, config)));
  }

  private static Requests scratchOf(PostgresConfig postgres) {
    return Requests.scratch(
        postgres.highAvailability() ? ClusterManifests.SCRATCH : Postgres.SCRATCH);
  }

  private static Requests exporter(Optional<String> image, Requests requests) {
    return image.map(it -> requests).orElse(Requests.NONE);
  }

  private static Sized sized(ResourcesConfig resources, String... owner) {
    return new Sized(KeyPath.of(owner).key("resources"), resources);
  }

  private void addFixed(
      String name,
      String object,
      int replicas,
      KeyPath replicasPath,
      Requests more,
      Sized... containers) {
    all.add(
        new Pods(
            name,
            Optional.of(object),
            Optional.empty(),
            replicas,
            Optional.of(replicasPath),
            List.of(containers),
            more,
            Optional.empty(),
            Optional.empty()));
  }

  private void addScaled(
      String name,
      String deployment,
      ScaleConfig scale,
      KeyPath scalePath,
      Sized container,
      Optional<Pinned> pinned) {
    all.add(
        new Pods(
            name,
            Optional.of("Deployment %s/%s".formatted(Namespaces.FUNCTIONS, deployment)),
            Optional.empty(),
            scale.min(),
            Optional.of(scalePath),
            List.of(container),
            Requests.scratch(Workloads.SCRATCH),
            Optional.of(scale),
            pinned));
  }

  private void addJob(String name, String object, String turn, Requests requests) {
    all.add(
        new Pods(
            name,
            Optional.of(object),
            Optional.of(turn),
            1,
            Optional.empty(),
            List.of(),
            requests,
            Optional.empty(),
            Optional.empty()));
  }
}
