package dev.nordfaas.nats;

import com.pulumi.core.Output;
import com.pulumi.kubernetes.apps.v1.StatefulSetArgs;
import com.pulumi.kubernetes.apps.v1.inputs.StatefulSetSpecArgs;
import com.pulumi.kubernetes.core.v1.inputs.ContainerArgs;
import com.pulumi.kubernetes.core.v1.inputs.ContainerPortArgs;
import com.pulumi.kubernetes.core.v1.inputs.HTTPGetActionArgs;
import com.pulumi.kubernetes.core.v1.inputs.LifecycleArgs;
import com.pulumi.kubernetes.core.v1.inputs.LifecycleHandlerArgs;
import com.pulumi.kubernetes.core.v1.inputs.PodSpecArgs;
import com.pulumi.kubernetes.core.v1.inputs.PodTemplateSpecArgs;
import com.pulumi.kubernetes.core.v1.inputs.ProbeArgs;
import com.pulumi.kubernetes.core.v1.inputs.TopologySpreadConstraintArgs;
import com.pulumi.kubernetes.meta.v1.inputs.ObjectMetaArgs;
import dev.nordfaas.config.NatsConfig;
import dev.nordfaas.manifest.Command;
import dev.nordfaas.manifest.Env;
import dev.nordfaas.manifest.GoMemory;
import dev.nordfaas.manifest.Labels;
import dev.nordfaas.manifest.Metadata;
import dev.nordfaas.manifest.Namespaces;
import dev.nordfaas.manifest.PodTuning;
import dev.nordfaas.manifest.Priority;
import dev.nordfaas.manifest.Requests;
import dev.nordfaas.manifest.Resources;
import dev.nordfaas.manifest.Scraping;
import dev.nordfaas.manifest.SecurityContexts;
import dev.nordfaas.manifest.Volumes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The servers. */
public final class NatsStatefulSet {
  /** Any user except root will do: the server only writes to its volumes. */
  private static final int UID = 1000;

  /** Folder of {@code nats.conf} and of the servers' secrets. */
  static final String CONFIG_PATH = "/etc/nats";

  /** Requests of the exporter's container. */
  public static final Requests EXPORTER_REQUESTS = Requests.ofContainer(10, 32);

  private static final String CONFIG = "config";
  private static final String DATA = "data";
  private static final String RUN = "run";

  /** Longer than the lame-duck time of {@code nats.conf}, 30 s, and the last fsync. */
  private static final int GRACE_SECONDS = 60;

  /** Failed checks, ten seconds apart, until a server is restarted. */
  private static final int FAILURES = 6;

  private NatsStatefulSet() {}

  /**
   * The StatefulSet.
   *
   * <p>The pods restart when {@link NatsConf#restartingPart} changes; the Job that creates the
   * streams makes the servers reload everything else.
   *
   * @param checksums annotations of the pods, which change when they have to restart
   * @param tuning settings of the pods' network namespaces
   */
  public static StatefulSetArgs of(
      NatsConfig config, Output<Map<String, String>> checksums, PodTuning tuning) {
    return StatefulSetArgs.builder()
        .metadata(Metadata.of(Namespaces.NATS, Nats.NAME, Nats.LABELS))
        .spec(
            StatefulSetSpecArgs.builder()
                .replicas(config.replicas())
                .serviceName(Nats.HEADLESS)
                .selector(Metadata.selector(Nats.LABELS))
                // One at a time they would never start: the first is healthy only with a quorum.
                .podManagementPolicy("Parallel")
                .template(
                    PodTemplateSpecArgs.builder()
                        .metadata(
                            ObjectMetaArgs.builder()
                                .labels(Nats.LABELS.all())
                                .annotations(
                                    checksums.applyValue(sums -> annotations(config, sums)))
                                .build())
                        .spec(pod(config, tuning))
                        .build())
                .volumeClaimTemplates(Volumes.claim(DATA, config.storage(), Nats.LABELS))
                .build())
        .build();
  }

  private static Map<String, String> annotations(NatsConfig config, Map<String, String> checksums) {
    var annotations = new TreeMap<>(checksums);
    if (config.exporterImage().isPresent()) {
      annotations.putAll(Scraping.at(Nats.EXPORTER_PORT));
    }
    return annotations;
  }

  private static PodSpecArgs pod(NatsConfig config, PodTuning tuning) {
    var pod =
        tuning
            .on(Priority.PLATFORM.pod(), UID)
            .automountServiceAccountToken(false)
            .enableServiceLinks(false)
            .terminationGracePeriodSeconds(GRACE_SECONDS)
            .containers(containers(config))
            .volumes(
                Volumes.projected(CONFIG, NatsManifests.CONFIG, Nats.SERVER),
                Volumes.memory(RUN, "1Mi"));
    if (config.replicas() > 1) {
      // Two servers on one node would go down together, and the quorum with them.
      pod.topologySpreadConstraints(
          TopologySpreadConstraintArgs.builder()
              .maxSkew(1)
              .topologyKey(Labels.HOSTNAME)
              .whenUnsatisfiable("DoNotSchedule")
              .labelSelector(Metadata.selector(Nats.LABELS))
              .build());
    }
    return pod.build();
  }

  private static List<ContainerArgs> containers(NatsConfig config) {
    var containers = new ArrayList<>(List.of(server(config)));
    config.exporterImage().ifPresent(image -> containers.add(exporter(image)));
    return containers;
  }

  /** Queries the server of its own pod, on a port that needs neither TLS nor a password. */
  private static ContainerArgs exporter(String image) {
    return ContainerArgs.builder()
        .name("exporter")
        .image(image)
        .args(
            Command.of(
                "-port=" + Nats.EXPORTER_PORT,
                "-varz",
                "-healthz",
                "-routez",
                "-jsz=all",
                "-use_internal_server_id",
                "http://localhost:" + Nats.MONITOR_PORT))
        .ports(port("metrics", Nats.EXPORTER_PORT))
        .resources(EXPORTER_REQUESTS.limitedTo("64Mi"))
        .securityContext(SecurityContexts.container())
        .build();
  }

  private static ContainerArgs server(NatsConfig config) {
    var container =
        ContainerArgs.builder()
            .name("nats")
            .image(config.image())
            .command(
                Command.of(
                    "nats-server", "--config", CONFIG_PATH + "/" + NatsManifests.CONFIG_FILE))
            .env(Env.field("POD_NAME", "metadata.name"), GoMemory.env(config.resources()))
            .ports(
                port("client", Nats.CLIENT_PORT),
                port("cluster", Nats.CLUSTER_PORT),
                port("monitor", Nats.MONITOR_PORT))
            .resources(Resources.of(config.resources()))
            .securityContext(SecurityContexts.container())
            // All streams are recovered and, in a cluster, up to date: a restart rolls on only
            // then.
            .startupProbe(health("/healthz").periodSeconds(2).failureThreshold(300).build())
            // A full volume turns JetStream off, and there should be no traffic then.
            .readinessProbe(
                health("/healthz?js-enabled-only=true")
                    .periodSeconds(5)
                    .failureThreshold(2)
                    .build())
            .livenessProbe(
                health(alive(config)).periodSeconds(10).failureThreshold(FAILURES).build())
            .volumeMounts(
                Volumes.mountReadOnly(CONFIG, CONFIG_PATH),
                Volumes.mount(DATA, NatsConf.STORE),
                Volumes.mount(RUN, NatsConf.RUN));
    if (config.replicas() > 1) {
      container.lifecycle(lameDuck());
    }
    return container.build();
  }

  /**
   * After a failed write, as on a full volume, only a restart makes the server write again, even if
   * there is room by then: of several servers one turns JetStream off, a single one keeps the error
   * of the stream. Whether all streams are up to date must not count where there are several: a
   * server that catches up would be restarted.
   */
  private static String alive(NatsConfig config) {
    return config.replicas() > 1 ? "/healthz?js-enabled-only=true" : "/healthz";
  }

  /**
   * Clients and leaderships move to the other servers before this one stops. A single server has
   * nowhere to send them: there it would only make the outage longer.
   */
  private static LifecycleArgs lameDuck() {
    return LifecycleArgs.builder()
        .preStop(
            LifecycleHandlerArgs.builder()
                .exec(Command.hook("nats-server", "-sl=ldm=" + NatsConf.PID_FILE))
                .build())
        .build();
  }

  private static ProbeArgs.Builder health(String path) {
    return ProbeArgs.builder()
        .httpGet(HTTPGetActionArgs.builder().path(path).port("monitor").build())
        .timeoutSeconds(5);
  }

  private static ContainerPortArgs port(String name, int number) {
    return ContainerPortArgs.builder().name(name).containerPort(number).build();
  }
}
