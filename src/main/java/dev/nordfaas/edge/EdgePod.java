package dev.nordfaas.edge;

import com.pulumi.kubernetes.core.v1.inputs.ContainerArgs;
import com.pulumi.kubernetes.core.v1.inputs.ContainerPortArgs;
import com.pulumi.kubernetes.core.v1.inputs.HTTPGetActionArgs;
import com.pulumi.kubernetes.core.v1.inputs.PodSpecArgs;
import com.pulumi.kubernetes.core.v1.inputs.ProbeArgs;
import com.pulumi.kubernetes.core.v1.inputs.VolumeArgs;
import com.pulumi.kubernetes.core.v1.inputs.VolumeMountArgs;
import dev.nordfaas.config.ByteSize;
import dev.nordfaas.config.EdgeConfig;
import dev.nordfaas.manifest.Command;
import dev.nordfaas.manifest.GoMemory;
import dev.nordfaas.manifest.Labels;
import dev.nordfaas.manifest.PodDns;
import dev.nordfaas.manifest.Priority;
import dev.nordfaas.manifest.Resources;
import dev.nordfaas.manifest.SecurityContexts;
import dev.nordfaas.manifest.ServiceAddress;
import dev.nordfaas.manifest.Volumes;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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
  private static final int HOST_HTTP = 80;
  private static final int HOST_HTTPS = 443;

  /** The ports of the node that lead to the edge, the only pod that has such. */
  public static final List<Integer> HOST_PORTS = List.of(HOST_HTTP, HOST_HTTPS);

  static final String HEALTH_PATH = "/healthz";
  static final String VERSION_PATH = "/version";
  static final String STORAGE_PATH = "/data";
  static final String CONFIG_PATH = "/etc/caddy";

  private static final String RUN_PATH = "/run/caddy";

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

  /** Size of the scratch volume. */
  public static final ByteSize SCRATCH = ByteSize.parse("64Mi");

  private EdgePod() {}

  static PodSpecArgs of(EdgeConfig config, Optional<String> node) {
    var pod =
        Priority.PLATFORM
            .pod()
            .automountServiceAccountToken(false)
            .enableServiceLinks(false)
            .dnsConfig(PodDns.config())
            .terminationGracePeriodSeconds(Math.toIntExact(GRACE.plusSeconds(5).toSeconds()))
            .securityContext(SecurityContexts.pod(UID))
            .containers(caddy(config))
            .volumes(config(config), Volumes.memory(RUN, "1Mi"), Volumes.scratch(TMP, SCRATCH));
    node.ifPresent(name -> pod.nodeSelector(Map.of("kubernetes.io/hostname", name)));
    return pod.build();
  }

  /** Script, Caddyfile and certificate in one folder, so that they change at the same time. */
  static VolumeArgs config(EdgeConfig config) {
    return config.certificate().isPresent()
        ? Volumes.projected(CONFIG_VOLUME, EdgeManifests.CONFIG_MAP, EdgeManifests.CERTIFICATE)
        : Volumes.projected(CONFIG_VOLUME, EdgeManifests.CONFIG_MAP);
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
        .volumeMounts(
            mountConfig(),
            Volumes.mount(STORAGE, STORAGE_PATH),
            Volumes.mount(RUN, RUN_PATH),
            Volumes.mount(TMP, "/tmp"))
        .build();
  }

  private static ProbeArgs.Builder health() {
    return ProbeArgs.builder()
        .httpGet(HTTPGetActionArgs.builder().path(HEALTH_PATH).port(HEALTH).build())
        .timeoutSeconds(5);
  }
}
