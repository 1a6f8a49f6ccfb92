package dev.nordfaas.postgres;

import com.pulumi.core.Output;
import com.pulumi.kubernetes.apps.v1.DeploymentArgs;
import com.pulumi.kubernetes.apps.v1.inputs.DeploymentSpecArgs;
import com.pulumi.kubernetes.apps.v1.inputs.DeploymentStrategyArgs;
import com.pulumi.kubernetes.apps.v1.inputs.RollingUpdateDeploymentArgs;
import com.pulumi.kubernetes.core.v1.inputs.ContainerArgs;
import com.pulumi.kubernetes.core.v1.inputs.ContainerPortArgs;
import com.pulumi.kubernetes.core.v1.inputs.LifecycleArgs;
import com.pulumi.kubernetes.core.v1.inputs.LifecycleHandlerArgs;
import com.pulumi.kubernetes.core.v1.inputs.PodSpecArgs;
import com.pulumi.kubernetes.core.v1.inputs.PodTemplateSpecArgs;
import com.pulumi.kubernetes.core.v1.inputs.ProbeArgs;
import com.pulumi.kubernetes.core.v1.inputs.TCPSocketActionArgs;
import com.pulumi.kubernetes.meta.v1.inputs.ObjectMetaArgs;
import dev.nordfaas.config.PostgresConfig.PoolerConfig;
import dev.nordfaas.manifest.Command;
import dev.nordfaas.manifest.Metadata;
import dev.nordfaas.manifest.Namespaces;
import dev.nordfaas.manifest.NewPods;
import dev.nordfaas.manifest.PodDns;
import dev.nordfaas.manifest.Priority;
import dev.nordfaas.manifest.Resources;
import dev.nordfaas.manifest.Scraping;
import dev.nordfaas.manifest.SecurityContexts;
import dev.nordfaas.manifest.Volumes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The pods of PgBouncer. */
public final class PgBouncerDeployment {
  static final String CONFIG_PATH = "/etc/pgbouncer";

  /** Any user except root will do: PgBouncer writes nothing. */
  private static final int UID = 70;

  private static final String CONFIG = "config";

  private static final int OTHER_FILES = 64;

  /** Longer than PostgreSQL's idle_in_transaction_session_timeout, 60 s. */
  private static final int GRACE_SECONDS = 90;

  private PgBouncerDeployment() {}

  /**
   * The Deployment.
   *
   * <p>The pods restart when {@link PoolerManifests#restartingPart} changes; they reload all other
   * settings, and PgBouncer's own key, while running.
   *
   * @param checksums annotations of the pods, which change when what they read at their start does
   */
  public static DeploymentArgs of(PoolerConfig config, Output<Map<String, String>> checksums) {
    return DeploymentArgs.builder()
        .metadata(Metadata.of(Namespaces.POSTGRES, Postgres.POOLER, Postgres.POOLER_LABELS))
        .spec(
            DeploymentSpecArgs.builder()
                .replicas(config.replicas())
                .selector(Metadata.selector(Postgres.POOLER_LABELS))
                .strategy(
                    DeploymentStrategyArgs.builder()
                        .type("RollingUpdate")
                        .rollingUpdate(
                            RollingUpdateDeploymentArgs.builder()
                                .maxUnavailable(0)
                                .maxSurge(1)
                                .build())
                        .build())
                .template(
                    PodTemplateSpecArgs.builder()
                        .metadata(
                            ObjectMetaArgs.builder()
                                .labels(Postgres.POOLER_LABELS.all())
                                .annotations(checksums.applyValue(it -> annotations(config, it)))
                                .build())
                        .spec(pod(config))
                        .build())
                .build())
        .build();
  }

  private static Map<String, String> annotations(
      PoolerConfig config, Map<String, String> checksums) {
    var annotations = new TreeMap<>(checksums);
    config
        .exporterImage()
        .ifPresent(it -> annotations.putAll(Scraping.at(Postgres.POOLER_METRICS_PORT)));
    return annotations;
  }

  private static PodSpecArgs pod(PoolerConfig config) {
    var volumes =
        new ArrayList<>(
            List.of(
                Volumes.projected(
                    CONFIG, PoolerManifests.CONFIG, PoolerManifests.AUTH, PoolerManifests.TLS)));
    config.exporterImage().ifPresent(image -> volumes.add(PostgresTrust.volume()));
    return Priority.PLATFORM
        .pod()
        .automountServiceAccountToken(false)
        .enableServiceLinks(false)
        .dnsConfig(PodDns.config())
        .terminationGracePeriodSeconds(GRACE_SECONDS)
        .securityContext(SecurityContexts.pod(UID))
        // PostgreSQL and its pooler run on the same node.
        .affinity(Postgres.nextToServer())
        .containers(containers(config))
        .volumes(volumes)
        .build();
  }

  private static List<ContainerArgs> containers(PoolerConfig config) {
    var containers = new ArrayList<>(List.of(pooler(config)));
    config
        .exporterImage()
        .ifPresent(image -> containers.add(PgBouncerExporter.of(config.port(), image)));
    return containers;
  }

  private static ContainerArgs pooler(PoolerConfig config) {
    return ContainerArgs.builder()
        .name("pgbouncer")
        .image(config.image())
        // The program itself: the images' entry points write their own config.
        .command(Command.of("sh", CONFIG_PATH + "/" + PoolerManifests.SCRIPT_FILE, CONFIG_PATH))
        .ports(ContainerPortArgs.builder().name("pgbouncer").containerPort(config.port()).build())
        .resources(Resources.of(config.resources()))
        .securityContext(SecurityContexts.container())
        .lifecycle(drain())
        .startupProbe(listens().periodSeconds(1).failureThreshold(60).build())
        .readinessProbe(
            listens()
                .initialDelaySeconds(NewPods.LET_THROUGH_SECONDS)
                .periodSeconds(5)
                .failureThreshold(2)
                .build())
        .livenessProbe(listens().periodSeconds(10).failureThreshold(3).build())
        .volumeMounts(Volumes.mountReadOnly(CONFIG, CONFIG_PATH))
        .build();
  }

  /** One per client and server connection, and some for listening, the log and the event loop. */
  public static int openFiles(PoolerConfig config, ConnectionBudget budget) {
    return config.maxClientConn() + budget.pools() * budget.poolSize() + OTHER_FILES;
  }

  /**
   * First every node stops sending new connections here; then SIGINT lets running transactions end
   * and closes the rest. It has to wait for that: the SIGTERM that follows means "stop at once"
   * during a shutdown, and before 1.23 always; alone, since 1.23, it waits for clients that never
   * leave.
   */
  private static LifecycleArgs drain() {
    return LifecycleArgs.builder()
        .preStop(
            LifecycleHandlerArgs.builder()
                .exec(
                    Command.hook(
                        "sh",
                        "-c",
                        "sleep 5; kill -INT 1; while kill -0 1 2>/dev/null; do sleep 1; done"))
                .build())
        .build();
  }

  private static ProbeArgs.Builder listens() {
    return ProbeArgs.builder()
        .tcpSocket(TCPSocketActionArgs.builder().port("pgbouncer").build())
        .timeoutSeconds(5);
  }
}
