package dev.nordfaas.function;

import com.pulumi.core.Output;
import dev.nordfaas.config.ByteSize;
import dev.nordfaas.config.Durations;
import dev.nordfaas.config.FunctionConfig;
import dev.nordfaas.config.FunctionConfig.QueueTrigger;
import dev.nordfaas.config.NatsConfig.ConsumerConfig;
import dev.nordfaas.config.QueueWorkerConfig;
import dev.nordfaas.config.ResourcesConfig;
import dev.nordfaas.config.model.ConfigModel;
import dev.nordfaas.manifest.CallPath;
import dev.nordfaas.manifest.ClusterNetworks;
import dev.nordfaas.manifest.DatabaseTrust;
import dev.nordfaas.manifest.PodTuning;
import dev.nordfaas.manifest.Priority;
import dev.nordfaas.manifest.ServiceAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Turns the config into workloads. */
public final class Workloads {
  /** Marks a Deployment as a function for OpenFaaS; the value is the function's name. */
  public static final String FAAS_FUNCTION = "faas_function";

  /** The variable with the function's DSN, password included. */
  private static final String DATABASE_URL = "DATABASE_URL";

  /** The variable with the number of connections that one replica may open to PgBouncer. */
  private static final String DATABASE_POOL_SIZE = "DATABASE_POOL_SIZE";

  /** The variable with what its role may do: {@code read} or {@code write}. */
  private static final String DATABASE_GRANT = "DATABASE_GRANT";

  /** How long a pod keeps serving while the nodes stop sending it new connections. */
  private static final Duration DRAIN = Duration.ofSeconds(5);

  /**
   * The same where the edge finds pods by their names: a second until the name server knows, whose
   * answers others may keep for five (CoreDNS, {@code ttl}), and two until the edge asks again.
   */
  private static final Duration NAMED_DRAIN = Duration.ofSeconds(10);

  /** How long a request to intake may take: one PubAck. */
  private static final Duration INTAKE_CALL = Duration.ofSeconds(10);

  private static final Duration INTAKE_ROLLOUT = Duration.ofMinutes(5);

  /** TCP port of the metrics of intake and workers. */
  public static final int METRICS_PORT = QueueWorkerEnvironment.METRICS_PORT;

  /** What follows a function's name in that of the Service for its metrics. */
  public static final String METRICS_ENDING = "-metrics";

  /** What follows a function's name in that of the Service by which the edge finds its pods. */
  public static final String PODS_ENDING = ServiceAddress.PODS_ENDING;

  /** Size of {@code /tmp} in each pod. */
  public static final ByteSize SCRATCH = ByteSize.parse("256Mi");

  private Workloads() {}

  /** The name of the worker that feeds a function. */
  public static String workerName(String function) {
    return function + "-worker";
  }

  /** The name of the headless Service through which Prometheus finds a function's pods. */
  public static String metricsServiceName(String function) {
    return function + METRICS_ENDING;
  }

  /** Whether the edge connects to the function's pods, which it finds by a Service of its own. */
  public static boolean isNamedByTheEdge(FunctionConfig config, CallPath calls) {
    return calls == CallPath.DIRECT && config.http().isPresent();
  }

  /** The variables that a function gets from its database, and so cannot set itself. */
  public static List<String> databaseVariables(FunctionConfig config) {
    return config.database().isPresent()
        ? List.of(DATABASE_URL, DATABASE_POOL_SIZE, DATABASE_GRANT)
        : List.of();
  }

  /**
   * The function itself.
   *
   * @param name the function's name
   * @param namespace the functions' namespace
   * @param config the function's config
   * @param database how it reaches its database
   * @param secretFiles its secrets
   * @param networks what is not outside the cluster
   * @param calls through whom its calls come
   */
  public static Workload function(
      String name,
      Output<String> namespace,
      FunctionConfig config,
      Optional<DatabaseLogin> database,
      Optional<SecretFiles> secretFiles,
      ClusterNetworks networks,
      CallPath calls) {
    return new Workload(
        name,
        namespace,
        new Workload.Container(
            config.image(),
            ServiceAddress.FUNCTION_PORT,
            config.readinessPath(),
            config.resources(),
            environment(config),
            database.map(
                login -> new SecretVariable(name + "-database", DATABASE_URL, login.dsn())),
            secretFiles,
            database.map(
                login ->
                    new ConfigFile(
                        name + "-database",
                        DatabaseTrust.FOLDER,
                        DatabaseTrust.FILE,
                        login.caCertificate())),
            config.metricsPort()),
        // Its callers may connect to it from its first moment.
        config.database().filter(access -> !access.awaited()).isPresent(),
        config.scale(),
        Optional.of(isNamedByTheEdge(config, calls) ? NAMED_DRAIN : DRAIN),
        config.timeout(),
        config.rolloutTimeout(),
        WorkloadPolicies.function(
            name, config, database.map(DatabaseLogin::poolerPort), networks, calls),
        PodTuning.NONE,
        Priority.FUNCTIONS,
        new Workload.Own(config.labels(), config.annotations(), config.nodeSelector()));
  }

  /**
   * The worker that feeds the function from a stream.
   *
   * @param name the function's name
   * @param namespace the functions' namespace
   * @param config the function's config
   * @param trigger which messages
   * @param consumer the consumer that the trigger names
   * @param queueWorker image and resources of the worker
   * @param nats how to reach NATS
   * @param functionUrl where it calls the function
   * @param networks what is not outside the cluster
   * @param calls how its calls get to the function
   */
  public static Workload worker(
      String name,
      Output<String> namespace,
      FunctionConfig config,
      QueueTrigger trigger,
      ConsumerConfig consumer,
      QueueWorkerConfig queueWorker,
      NatsLogin nats,
      Output<String> functionUrl,
      ClusterNetworks networks,
      CallPath calls) {
    var workerName = workerName(name);
    return new Workload(
        workerName,
        namespace,
        queueWorker(
            queueWorker.image(),
            queueWorker.workerResources(),
            QueueWorkerEnvironment.worker(
                config, trigger, consumer, nats.url(), nats.user(), functionUrl),
            workerName,
            nats),
        false,
        trigger.scale(),
        Optional.empty(),
        config.timeout(),
        config.rolloutTimeout(),
        WorkloadPolicies.worker(name, trigger, networks, calls),
        PodTuning.NONE,
        Priority.QUEUE,
        Workload.Own.NONE);
  }

  /**
   * The intake.
   *
   * @param namespace the functions' namespace
   * @param queueWorker image, routes and scale
   * @param nats how to reach NATS
   * @param tuning settings of its pods' network namespaces
   */
  public static Workload intake(
      Output<String> namespace, QueueWorkerConfig queueWorker, NatsLogin nats, PodTuning tuning) {
    var name = ServiceAddress.INTAKE.name();
    var intake = queueWorker.intake();
    return new Workload(
        name,
        namespace,
        queueWorker(
            queueWorker.image(),
            intake.resources(),
            QueueWorkerEnvironment.intake(intake, nats.url(), nats.user()),
            name,
            nats),
        true,
        intake.scale(),
        Optional.of(DRAIN),
        INTAKE_CALL,
        INTAKE_ROLLOUT,
        WorkloadPolicies.intake(),
        tuning,
        Priority.QUEUE,
        Workload.Own.NONE);
  }

  private static Workload.Container queueWorker(
      String image,
      ResourcesConfig resources,
      SortedMap<String, Output<String>> environment,
      String name,
      NatsLogin nats) {
    var ofNats = name + "-nats";
    return new Workload.Container(
        image,
        QueueWorkerEnvironment.PORT,
        QueueWorkerEnvironment.READY_PATH,
        resources,
        environment,
        Optional.of(
            new SecretVariable(ofNats, QueueWorkerEnvironment.NATS_PASSWORD, nats.password())),
        Optional.empty(),
        Optional.of(
            new ConfigFile(
                ofNats,
                QueueWorkerEnvironment.NATS_FOLDER,
                QueueWorkerEnvironment.CA_FILE,
                nats.caCertificate())),
        Optional.of(QueueWorkerEnvironment.METRICS_PORT));
  }

  /** The watchdog's timeouts, which the function's own variables override. */
  private static SortedMap<String, Output<String>> environment(FunctionConfig config) {
    var environment = new TreeMap<String, Output<String>>();
    var timeout = Output.of(Durations.format(config.timeout()));
    environment.put("exec_timeout", timeout);
    environment.put("read_timeout", timeout);
    environment.put("write_timeout", timeout);
    config
        .database()
        .ifPresent(
            database -> {
              environment.put(DATABASE_POOL_SIZE, Output.of(Integer.toString(database.poolSize())));
              environment.put(DATABASE_GRANT, Output.of(ConfigModel.word(database.grant())));
            });
    config.environment().forEach((name, value) -> environment.put(name, Output.of(value)));
    return environment;
  }
}
