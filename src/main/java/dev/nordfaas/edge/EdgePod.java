package dev.nordfaas.edge;

import com.pulumi.kubernetes.core.v1.inputs.AffinityArgs;
import com.pulumi.kubernetes.core.v1.inputs.ContainerArgs;
import com.pulumi.kubernetes.core.v1.inputs.ContainerPortArgs;
import com.pulumi.kubernetes.core.v1.inputs.HTTPGetActionArgs;
import com.pulumi.kubernetes.core.v1.inputs.NodeAffinityArgs;
import com.pulumi.kubernetes.core.v1.inputs.NodeSelectorArgs;
import com.pulumi.kubernetes.core.v1.inputs.NodeSelectorRequirementArgs;
import com.pulumi.kubernetes.core.v1.inputs.NodeSelectorTermArgs;
import com.pulumi.kubernetes.core.v1.inputs.PodAffinityTermArgs;
import com.pulumi.kubernetes.core.v1.inputs.PodAntiAffinityArgs;
import com.pulumi.kubernetes.core.v1.inputs.PodSpecArgs;
import com.pulumi.kubernetes.core.v1.inputs.ProbeArgs;
import com.pulumi.kubernetes.core.v1.inputs.VolumeArgs;
import com.pulumi.kubernetes.core.v1.inputs.VolumeMountArgs;
import dev.nordfaas.config.ByteSize;
import dev.nordfaas.config.EdgeConfig;
import dev.nordfaas.manifest.ApiToken;
import dev.nordfaas.manifest.CallPath;
import dev.nordfaas.manifest.Command;
import dev.nordfaas.manifest.GoMemory;
import dev.nordfaas.manifest.Labels;
import dev.nordfaas.manifest.Metadata;
import dev.nordfaas.manifest.PodDns;
import dev.nordfaas.manifest.Priority;
import dev.nordfaas.manifest.Resources;
import dev.nordfaas.manifest.SecurityContexts;
import dev.nordfaas.manifest.ServiceAddress;
import dev.nordfaas.manifest.Volumes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The pod of the edge: Caddy on the node's ports 80 and 443. */
public final class EdgePod {
  /** Name of the edge's objects and of its pods. */
  public static final String NAME = ServiceAddress.EDGE.name();

  /** The labels of everything in the namespace of the edge. */
  public static final Labels LABELS = new Labels(NAME, "edge");

  /** Below this path intake reports the status of messages. */
  public static final String STATUS_PATH = "/status";

  static final int HTTP = 8080;
  static final int HTTPS = ServiceAddress.EDGE.port();
  static final int HEALTH = 8081;

  /** The port of Caddy's metrics, where it has any: without a gateway. */
  public static final int METRICS = HEALTH;

  private static final int HOST_HTTP = 80;
  private static final int HOST_HTTPS = 443;

  /** The ports of the node that lead to the edge, the only pod that has such. */
  public static final List<Integer> HOST_PORTS = List.of(HOST_HTTP, HOST_HTTPS);

  static final String HEALTH_PATH = "/healthz";
  static final String VERSION_PATH = "/version";
  static final String STORAGE_PATH = "/data";
  static final String CONFIG_PATH = "/etc/caddy";

  private static final String RUN_PATH = "/run/caddy";

  /**
   * Copies of what several edges share: in memory, for a container that restarts while the
   * Kubernetes API is away.
   */
  static final String COPIES_PATH = RUN_PATH + "/storage";

  /** Caddy's admin socket, for the script in the same container: not reachable over the network. */
  static final String ADMIN_SOCKET = RUN_PATH + "/admin.sock";

  /**
   * Longest wait for open requests when the edge stops; its host ports are free only after that.
   */
  static final Duration GRACE = Duration.ofSeconds(10);

  static final String STORAGE = "storage";
  static final int UID = 10001;
  private static final String CONFIG_VOLUME = "config";
  private static final String RUN = "run";
  private static final String TMP = "tmp";

  /** Some certificates and keys of a few KiB each, and a socket. */
  private static final String RUN_SIZE = "1Mi";

  /** Size of the scratch volume. */
  public static final ByteSize SCRATCH = ByteSize.parse("64Mi");

  private EdgePod() {}

  /**
   * The pod.
   *
   * @param calls how it reaches functions
   */
  static PodSpecArgs of(EdgeConfig config, CallPath calls) {
    var volumes =
        new ArrayList<>(
            List.of(config(config), Volumes.memory(RUN, RUN_SIZE), Volumes.scratch(TMP, SCRATCH)));
    var pod = Priority.PLATFORM.pod().automountServiceAccountToken(false);
    if (config.sharesCertificates()) {
      pod.serviceAccountName(NAME);
      volumes.add(ApiToken.volume());
    }
    pod.enableServiceLinks(false)
        .dnsConfig(calls == CallPath.GATEWAY ? PodDns.config() : PodDns.impatient())
        .terminationGracePeriodSeconds(Math.toIntExact(GRACE.plusSeconds(5).toSeconds()))
        .securityContext(SecurityContexts.pod(UID))
        .containers(caddy(config))
        .volumes(volumes);
    switch (config.nodes().size()) {
      case 0 -> {}
      case 1 -> pod.nodeSelector(Map.of(Labels.HOSTNAME, config.nodes().get(0)));
      default -> pod.affinity(onEach(config.nodes()));
    }
    return pod.build();
  }

  /** One pod on each of the nodes; the host's ports allow no second. */
  private static AffinityArgs onEach(List<String> nodes) {
    return AffinityArgs.builder()
        .nodeAffinity(
            NodeAffinityArgs.builder()
                .requiredDuringSchedulingIgnoredDuringExecution(
                    NodeSelectorArgs.builder()
                        .nodeSelectorTerms(
                            NodeSelectorTermArgs.builder()
                                .matchExpressions(
                                    NodeSelectorRequirementArgs.builder()
                                        .key(Labels.HOSTNAME)
                                        .operator("In")
                                        .values(nodes)
                                        .build())
                                .build())
                        .build())
                .build())
        .podAntiAffinity(
            PodAntiAffinityArgs.builder()
                .requiredDuringSchedulingIgnoredDuringExecution(
                    PodAffinityTermArgs.builder()
                        .topologyKey(Labels.HOSTNAME)
                        .labelSelector(Metadata.selector(LABELS))
                        .build())
                .build())
        .build();
  }

  /**
   * Script, Caddyfile, certificate and API keys in one folder, so that they change at the same
   * time.
   */
  static VolumeArgs config(EdgeConfig config) {
    var secrets = new ArrayList<String>();
    if (config.certificate().isPresent()) {
      secrets.add(EdgeManifests.CERTIFICATE);
    }
    if (!config.apiKeys().isEmpty()) {
      secrets.add(EdgeManifests.KEYS);
    }
    return Volumes.projected(
        CONFIG_VOLUME, EdgeManifests.CONFIG_MAP, secrets.toArray(String[]::new));
  }

  /** Mounts {@link #config}. */
  static VolumeMountArgs mountConfig() {
    return Volumes.mountReadOnly(CONFIG_VOLUME, CONFIG_PATH);
  }

  private static ContainerArgs caddy(EdgeConfig config) {
    return ContainerArgs.builder()
        .name("caddy")
        .image(config.image())
        .command(
            Command.of(
                "sh", CONFIG_PATH + "/" + EdgeManifests.SCRIPT_FILE, CONFIG_PATH, ADMIN_SOCKET))
        .env(GoMemory.env(config.resources()))
        .ports(
            ContainerPortArgs.builder()
                .name("http")
                .containerPort(HTTP)
                .hostPort(HOST_HTTP)
                .build(),
            ContainerPortArgs.builder()
                .name("https")
                .containerPort(HTTPS)
                .hostPort(HOST_HTTPS)
                .build(),
            ContainerPortArgs.builder().name("health").containerPort(HEALTH).build())
        .resources(Resources.of(config.resources(), SCRATCH))
        .securityContext(SecurityContexts.caddy())
        .startupProbe(health().periodSeconds(1).failureThreshold(60).build())
        .readinessProbe(health().periodSeconds(2).failureThreshold(3).build())
        .livenessProbe(health().periodSeconds(10).failureThreshold(3).build())
        .volumeMounts(mounts(config))
        .build();
  }

  private static List<VolumeMountArgs> mounts(EdgeConfig config) {
    var mounts =
        new ArrayList<>(
            List.of(mountConfig(), Volumes.mount(RUN, RUN_PATH), Volumes.mount(TMP, "/tmp")));
    if (config.replicas() == 1) {
      mounts.add(1, Volumes.mount(STORAGE, STORAGE_PATH));
    }
    if (config.sharesCertificates()) {
      mounts.add(ApiToken.mount());
    }
    return mounts;
  }

  private static ProbeArgs.Builder health() {
    return ProbeArgs.builder()
        .httpGet(HTTPGetActionArgs.builder().path(HEALTH_PATH).port(HEALTH).build())
        .timeoutSeconds(5);
  }
}
