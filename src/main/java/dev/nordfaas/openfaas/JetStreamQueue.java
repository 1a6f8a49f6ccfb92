package dev.nordfaas.openfaas;

import com.pulumi.core.Either;
import com.pulumi.core.Output;
import com.pulumi.kubernetes.apps.v1.DeploymentArgs;
import com.pulumi.kubernetes.apps.v1.StatefulSetArgs;
import com.pulumi.kubernetes.apps.v1.inputs.DeploymentSpecArgs;
import com.pulumi.kubernetes.apps.v1.inputs.StatefulSetSpecArgs;
import com.pulumi.kubernetes.core.v1.ConfigMapArgs;
import com.pulumi.kubernetes.core.v1.ServiceAccountArgs;
import com.pulumi.kubernetes.core.v1.ServiceArgs;
import com.pulumi.kubernetes.core.v1.inputs.ContainerArgs;
import com.pulumi.kubernetes.core.v1.inputs.ContainerPortArgs;
import com.pulumi.kubernetes.core.v1.inputs.HTTPGetActionArgs;
import com.pulumi.kubernetes.core.v1.inputs.PodSpecArgs;
import com.pulumi.kubernetes.core.v1.inputs.PodTemplateSpecArgs;
import com.pulumi.kubernetes.core.v1.inputs.ProbeArgs;
import com.pulumi.kubernetes.core.v1.inputs.ServicePortArgs;
import com.pulumi.kubernetes.core.v1.inputs.ServiceSpecArgs;
import com.pulumi.kubernetes.meta.v1.inputs.ObjectMetaArgs;
import dev.nordfaas.config.Durations;
import dev.nordfaas.config.OpenFaasConfig.GatewayConfig;
import dev.nordfaas.config.OpenFaasConfig.JetStreamConfig;
import dev.nordfaas.manifest.Checksums;
import dev.nordfaas.manifest.Command;
import dev.nordfaas.manifest.Env;
import dev.nordfaas.manifest.Labels;
import dev.nordfaas.manifest.Metadata;
import dev.nordfaas.manifest.Namespaces;
import dev.nordfaas.manifest.NetworkPeer;
import dev.nordfaas.manifest.NetworkPolicies;
import dev.nordfaas.manifest.PodDns;
import dev.nordfaas.manifest.PodNetworkPolicy;
import dev.nordfaas.manifest.Priority;
import dev.nordfaas.manifest.PullSecret;
import dev.nordfaas.manifest.Resources;
import dev.nordfaas.manifest.SecurityContexts;
import dev.nordfaas.manifest.ServiceAddress;
import dev.nordfaas.manifest.Volumes;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * OpenFaaS' own asynchronous path in the standard edition: its queue-worker, and a NATS server with
 * JetStream.
 *
 * <p>The chart gives neither the gateway nor the queue-worker a variable for a login or for TLS at
 * NATS, so they cannot use the platform's server. They have their own: network policies let nobody
 * else connect to it. Unlike the chart's, it keeps its messages on a volume.
 */
public final class JetStreamQueue {
  /** The NATS server. */
  static final ServiceAddress NATS = new ServiceAddress(Namespaces.OPENFAAS, "nats", 4222);

  /** The queue-worker's name, and that of its pods. */
  public static final String WORKER = "queue-worker";

  /** The port of the queue-worker's metrics. */
  public static final int WORKER_METRICS = 8081;

  private static final Labels NATS_LABELS = new Labels(NATS.name(), "queue");
  private static final Labels WORKER_LABELS = new Labels(WORKER, "queue-worker");
  private static final int MONITOR = 8222;
  private static final int NATS_UID = 1000;
  private static final int WORKER_UID = 10001;
  private static final String CHANNEL = "faas-request";
  private static final String CONFIG = "nats-config";
  private static final String CONFIG_FILE = "nats.conf";
  private static final String CONFIG_PATH = "/etc/nats";
  private static final String DATA = "data";
  private static final String DATA_PATH = "/data";

  /** Added to the longest call before a message is given to another worker. */
  private static final Duration MARGIN = Duration.ofSeconds(5);

  private JetStreamQueue() {}

  /** The gateway's variables. */
  static SortedMap<String, String> ofGateway() {
    return new TreeMap<>(
        Map.of(
            "faas_nats_address", NATS.host(),
            "faas_nats_port", Integer.toString(NATS.port()),
            "faas_nats_channel", CHANNEL));
  }

  static NetworkPeer workerPods() {
    return NetworkPolicies.pods(Namespaces.OPENFAAS, WORKER_LABELS.selector());
  }

  /** The account of both; it has no rights and no token. */
  public static ServiceAccountArgs account(PullSecret pullSecret) {
    return pullSecret
        .on(ServiceAccountArgs.builder())
        .metadata(Metadata.of(Namespaces.OPENFAAS, WORKER_LABELS.name(), WORKER_LABELS))
        .automountServiceAccountToken(false)
        .build();
  }

  /** The server's configuration. A tenth of the volume stays free, as on the platform's. */
  public static String natsConf(JetStreamConfig config) {
    return """
        port: %d
        http_port: %d
        jetstream {
          store_dir: "%s"
          max_file_store: %d
        }
        """
        .formatted(NATS.port(), MONITOR, DATA_PATH, config.storage().size().bytes() / 10 * 9);
  }

  /** The ConfigMap with the server's configuration. */
  public static ConfigMapArgs natsConfig(Output<String> conf) {
    return ConfigMapArgs.builder()
        .metadata(Metadata.of(Namespaces.OPENFAAS, CONFIG, NATS_LABELS))
        .data(conf.applyValue(it -> Map.of(CONFIG_FILE, it)))
        .build();
  }

  /** The server's Service. */
  public static ServiceArgs natsService() {
    return ServiceArgs.builder()
        .metadata(Metadata.of(Namespaces.OPENFAAS, NATS.name(), NATS_LABELS))
        .spec(
            ServiceSpecArgs.builder()
                .type(Either.ofLeft("ClusterIP"))
                .selector(NATS_LABELS.selector())
                .ports(ServicePortArgs.builder().name("client").port(NATS.port()).build())
                .build())
        .build();
  }

  /** The server. */
  public static StatefulSetArgs nats(JetStreamConfig config, String conf) {
    return StatefulSetArgs.builder()
        .metadata(Metadata.of(Namespaces.OPENFAAS, NATS.name(), NATS_LABELS))
        .spec(
            StatefulSetSpecArgs.builder()
                .replicas(1)
                .serviceName(NATS.name())
                .selector(Metadata.selector(NATS_LABELS))
                .template(
                    PodTemplateSpecArgs.builder()
                        .metadata(
                            ObjectMetaArgs.builder()
                                .labels(NATS_LABELS.all())
                                .annotations(Map.of(Checksums.CONFIG, Checksums.of(conf)))
                                .build())
                        .spec(
                            pod(Priority.PLATFORM, NATS_UID)
                                .containers(natsContainer(config))
                                .volumes(Volumes.configMap(CONFIG))
                                .build())
                        .build())
                .volumeClaimTemplates(Volumes.claim(DATA, config.storage(), NATS_LABELS))
                .build())
        .build();
  }

  private static ContainerArgs natsContainer(JetStreamConfig config) {
    return ContainerArgs.builder()
        .name(NATS.name())
        .image(config.natsImage())
        .args(Command.of("--config", CONFIG_PATH + "/" + CONFIG_FILE))
        .ports(port("client", NATS.port()), port("monitor", MONITOR))
        .resources(Resources.of(config.natsResources()))
        .securityContext(SecurityContexts.container())
        .startupProbe(health().periodSeconds(2).failureThreshold(60).build())
        .readinessProbe(health().periodSeconds(5).failureThreshold(3).build())
        .livenessProbe(health().periodSeconds(10).failureThreshold(3).build())
        .volumeMounts(Volumes.mountReadOnly(CONFIG, CONFIG_PATH), Volumes.mount(DATA, DATA_PATH))
        .build();
  }

  /** The queue-worker. */
  public static DeploymentArgs worker(JetStreamConfig config, GatewayConfig gateway) {
    return DeploymentArgs.builder()
        .metadata(Metadata.of(Namespaces.OPENFAAS, WORKER_LABELS.name(), WORKER_LABELS))
        .spec(
            DeploymentSpecArgs.builder()
                .replicas(config.replicas())
                .selector(Metadata.selector(WORKER_LABELS))
                .template(
                    PodTemplateSpecArgs.builder()
                        .metadata(ObjectMetaArgs.builder().labels(WORKER_LABELS.all()).build())
                        .spec(
                            pod(Priority.QUEUE, WORKER_UID)
                                .terminationGracePeriodSeconds(
                                    Math.toIntExact(
                                        gateway.upstreamTimeout().plus(MARGIN).toSeconds()))
                                .containers(workerContainer(config, gateway))
                                .volumes(Volumes.secret(BasicAuth.LICENSE_KEY, BasicAuth.LICENSE))
                                .build())
                        .build())
                .build())
        .build();
  }

  private static ContainerArgs workerContainer(JetStreamConfig config, GatewayConfig gateway) {
    return ContainerArgs.builder()
        .name(WORKER_LABELS.name())
        .image(config.image())
        .command(Command.of("jetstream-queue-worker", GatewayPod.LICENSE_FLAG))
        .env(
            environment(config, gateway).entrySet().stream()
                .map(variable -> Env.value(variable.getKey(), variable.getValue()))
                .toList())
        .ports(port("metrics", WORKER_METRICS))
        .resources(Resources.of(config.resources()))
        .securityContext(SecurityContexts.container())
        .volumeMounts(
            Volumes.mountReadOnly(
                BasicAuth.LICENSE_KEY, GatewayEnvironment.SECRETS_PATH + "/license"))
        .build();
  }

  /** What the chart sets, with one copy of each message: there is one server. */
  static SortedMap<String, String> environment(JetStreamConfig config, GatewayConfig gateway) {
    var variables = new TreeMap<String, String>();
    variables.put("nats_host", NATS.host());
    variables.put("nats_port", Integer.toString(NATS.port()));
    variables.put("nats_stream", CHANNEL);
    variables.put("nats_durable", "faas-workers");
    variables.put("nats_stream_replicas", "1");
    variables.put("default_function_name", Namespaces.FUNCTIONS);
    variables.put("max_inflight", Integer.toString(config.maxInflight()));
    variables.put("scaling_mode", "static");
    variables.put("consumer_inactive_threshold", "30s");
    variables.put("gateway_url", ServiceAddress.GATEWAY.url());
    variables.put("tls_insecure", "false");
    variables.put("debug", "false");
    variables.put("log_encoding", "console");
    variables.put("ack_wait", Durations.format(gateway.upstreamTimeout().plus(MARGIN)));
    variables.put("limiter_enabled", "true");
    variables.put("upstream_timeout", Durations.format(gateway.upstreamTimeout()));
    variables.put("max_retry_attempts", "100");
    variables.put("max_retry_wait", "120s");
    variables.put("initial_retry_wait", "10s");
    variables.put("retry_http_codes", "408,429,500,502,503,504");
    return variables;
  }

  /** Gateway and queue-worker connect to the server, which connects to nobody. */
  public static PodNetworkPolicy natsPolicy() {
    return NetworkPolicies.allow(
        Namespaces.OPENFAAS,
        NATS.name(),
        NATS_LABELS,
        List.of(
            NetworkPolicies.from(
                List.of(ServiceAddress.GATEWAY.pods(), workerPods()), NATS.port())),
        List.of());
  }

  /** Prometheus scrapes the queue-worker, which connects to NATS and the gateway. */
  public static PodNetworkPolicy workerPolicy() {
    return NetworkPolicies.allow(
        Namespaces.OPENFAAS,
        WORKER_LABELS.name(),
        WORKER_LABELS,
        List.of(NetworkPolicies.from(NetworkPolicies.METRICS_CLIENTS, WORKER_METRICS)),
        List.of(
            NetworkPolicies.to(List.of(NATS.pods()), NATS.port()),
            NetworkPolicies.to(
                List.of(ServiceAddress.GATEWAY.pods()), ServiceAddress.GATEWAY.port())));
  }

  private static PodSpecArgs.Builder pod(Priority priority, int uid) {
    return priority
        .pod()
        .serviceAccountName(WORKER_LABELS.name())
        .automountServiceAccountToken(false)
        .enableServiceLinks(false)
        .dnsConfig(PodDns.config())
        .securityContext(SecurityContexts.pod(uid));
  }

  private static ProbeArgs.Builder health() {
    return ProbeArgs.builder()
        .httpGet(HTTPGetActionArgs.builder().path("/healthz").port(MONITOR).build())
        .timeoutSeconds(5);
  }

  private static ContainerPortArgs port(String name, int number) {
    return ContainerPortArgs.builder().name(name).containerPort(number).build();
  }
}
