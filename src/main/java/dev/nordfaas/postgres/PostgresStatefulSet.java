package dev.nordfaas.postgres;

import com.pulumi.core.Output;
import com.pulumi.kubernetes.apps.v1.StatefulSetArgs;
import com.pulumi.kubernetes.apps.v1.inputs.StatefulSetSpecArgs;
import com.pulumi.kubernetes.core.v1.inputs.ContainerArgs;
import com.pulumi.kubernetes.core.v1.inputs.ContainerPortArgs;
import com.pulumi.kubernetes.core.v1.inputs.ExecActionArgs;
import com.pulumi.kubernetes.core.v1.inputs.LifecycleArgs;
import com.pulumi.kubernetes.core.v1.inputs.LifecycleHandlerArgs;
import com.pulumi.kubernetes.core.v1.inputs.PodSpecArgs;
import com.pulumi.kubernetes.core.v1.inputs.PodTemplateSpecArgs;
import com.pulumi.kubernetes.core.v1.inputs.ProbeArgs;
import com.pulumi.kubernetes.core.v1.inputs.VolumeArgs;
import com.pulumi.kubernetes.core.v1.inputs.VolumeMountArgs;
import com.pulumi.kubernetes.meta.v1.inputs.ObjectMetaArgs;
import dev.nordfaas.config.PostgresConfig;
import dev.nordfaas.manifest.Command;
import dev.nordfaas.manifest.Env;
import dev.nordfaas.manifest.Metadata;
import dev.nordfaas.manifest.Namespaces;
import dev.nordfaas.manifest.Priority;
import dev.nordfaas.manifest.Resources;
import dev.nordfaas.manifest.Scraping;
import dev.nordfaas.manifest.SecurityContexts;
import dev.nordfaas.manifest.Volumes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** PostgreSQL itself. */
public final class PostgresStatefulSet {
  static final String CONFIG_PATH = "/etc/postgresql";
  static final String TLS_PATH = "/etc/postgres-tls";
  static final String SOCKET_PATH = "/var/run/postgresql";

  /** The user {@code postgres} of the image. */
  static final int UID = 999;

  static final String DATA = "data";
  private static final String SHARED_MEMORY = "shared-memory";
  private static final String SOCKET = "socket";
  static final String TMP = "tmp";
  private static final String SUPERUSER_PATH = "/etc/postgres-superuser";

  /** The volume path of images of version 18 and newer. */
  static final String DATA_PATH = "/var/lib/postgresql";

  /**
   * Not {@code /var/lib/postgresql/data}: images before version 18 declare a volume there, which
   * the container runtime would mount over this one and delete with the pod.
   */
  static final String PGDATA = DATA_PATH + "/pgdata";

  /**
   * Sorting by code point does not depend on the C library in the image: a new one would otherwise
   * break indexes on text. Norwegian order: {@code COLLATE "nb-NO-x-icu"}.
   */
  private static final String INITDB_ARGS =
      "--data-checksums --encoding=UTF8 --locale=C.UTF-8 --auth-local=peer --auth-host=scram-sha-256";

  /** A fast shutdown writes a checkpoint: on a slow disk, of all of shared_buffers. */
  private static final int GRACE_SECONDS = 120;

  private PostgresStatefulSet() {}

  /**
   * The StatefulSet. A change of the config files restarts the server.
   *
   * @param checksums annotations of the pod, which change when what it reads at its start does
   */
  public static StatefulSetArgs of(PostgresConfig config, Output<Map<String, String>> checksums) {
    return StatefulSetArgs.builder()
        .metadata(Metadata.of(Namespaces.POSTGRES, Postgres.NAME, Postgres.LABELS))
        .spec(
            StatefulSetSpecArgs.builder()
                .replicas(1)
                .serviceName(Postgres.NAME)
                .selector(Metadata.selector(Postgres.LABELS))
                .template(
                    PodTemplateSpecArgs.builder()
                        .metadata(
                            ObjectMetaArgs.builder()
                                .labels(Postgres.LABELS.all())
                                .annotations(checksums.applyValue(it -> annotations(config, it)))
                                .build())
                        .spec(pod(config))
                        .build())
                .volumeClaimTemplates(Volumes.claim(DATA, config.storage(), Postgres.LABELS))
                .build())
        .build();
  }

  private static Map<String, String> annotations(
      PostgresConfig config, Map<String, String> checksums) {
    var annotations = new TreeMap<>(checksums);
    config.exporterImage().ifPresent(it -> annotations.putAll(Scraping.at(Postgres.METRICS_PORT)));
    return annotations;
  }

  private static PodSpecArgs pod(PostgresConfig config) {
    var volumes = new ArrayList<VolumeArgs>();
    config.backup().ifPresent(backup -> volumes.addAll(RestoreContainer.volumes(backup)));
    volumes.addAll(
        List.of(
            Volumes.configMap(PostgresManifests.CONFIG),
            Volumes.secret(PostgresManifests.SUPERUSER),
            Volumes.secret(PostgresManifests.TLS),
            // Parallel queries share memory here; the runtime's 64 MiB are too little.
            Volumes.memory(SHARED_MEMORY, sharedMemory(config)),
            Volumes.memory(SOCKET, "1Mi"),
            Volumes.scratch(TMP, Postgres.SCRATCH)));
    config.exporterImage().ifPresent(image -> volumes.addAll(PostgresExporter.volumes()));
    return Priority.PLATFORM
        .pod()
        .automountServiceAccountToken(false)
        .enableServiceLinks(false)
        .terminationGracePeriodSeconds(GRACE_SECONDS)
        .securityContext(SecurityContexts.pod(UID))
        .initContainers(
            config.backup().stream().map(backup -> RestoreContainer.of(config, backup)).toList())
        .containers(containers(config))
        .volumes(volumes)
        .build();
  }

  private static List<ContainerArgs> containers(PostgresConfig config) {
    var containers = new ArrayList<>(List.of(server(config)));
    config.exporterImage().ifPresent(image -> containers.add(PostgresExporter.of(config, image)));
    return containers;
  }

  private static ContainerArgs server(PostgresConfig config) {
    var mounts = new ArrayList<VolumeMountArgs>();
    config.backup().ifPresent(backup -> mounts.addAll(BackupManifests.mounts(backup)));
    mounts.addAll(
        List.of(
            Volumes.mountReadOnly(PostgresManifests.CONFIG, CONFIG_PATH),
            Volumes.mountReadOnly(PostgresManifests.SUPERUSER, SUPERUSER_PATH),
            Volumes.mountReadOnly(PostgresManifests.TLS, TLS_PATH),
            Volumes.mount(DATA, DATA_PATH),
            Volumes.mount(SHARED_MEMORY, "/dev/shm"),
            Volumes.mount(SOCKET, SOCKET_PATH),
            Volumes.mount(TMP, "/tmp")));
    return ContainerArgs.builder()
        .name("postgres")
        .image(config.image())
        .args(
            Command.of(
                "postgres",
                "-c",
                "config_file=" + CONFIG_PATH + "/" + PostgresManifests.CONFIG_FILE))
        .env(
            Env.value("PGDATA", PGDATA),
            Env.value("POSTGRES_INITDB_ARGS", INITDB_ARGS),
            Env.value(
                "POSTGRES_PASSWORD_FILE", SUPERUSER_PATH + "/" + PostgresManifests.PASSWORD_KEY),
            Env.value("POSTGRES_USER", Postgres.SUPERUSER))
        .ports(ContainerPortArgs.builder().name("postgres").containerPort(Postgres.PORT).build())
        .resources(Resources.guaranteed(config.resources(), Postgres.SCRATCH))
        .securityContext(SecurityContexts.container())
        .lifecycle(fastShutdown())
        // After a crash the server replays its WAL before it answers: at most half an hour.
        .startupProbe(probe(answers()).periodSeconds(5).failureThreshold(360).build())
        // Not more often: each starts a program, which takes 50 ms of CPU, and 30 ms of
        // Kubernetes'.
        .readinessProbe(probe(takesConnections()).periodSeconds(10).failureThreshold(2).build())
        .livenessProbe(probe(answers()).periodSeconds(20).failureThreshold(3).build())
        .volumeMounts(mounts)
        .build();
  }

  /** Over TCP: while the image initializes the database, its server only has the socket. */
  private static ExecActionArgs takesConnections() {
    return Command.probe("pg_isready", "--quiet", "--host=127.0.0.1", "--timeout=4");
  }

  /**
   * Code 1: starting, recovering or stopping, but alive; a restart would start the recovery from
   * scratch.
   */
  private static ExecActionArgs answers() {
    return Command.probe(
        "sh", "-c", "pg_isready --quiet --host=127.0.0.1 --timeout=4; [ $? -le 1 ]");
  }

  /**
   * SIGINT: no new connections, open transactions roll back. The SIGTERM of Kubernetes would wait
   * for PgBouncer to close its connections, which it does not.
   */
  private static LifecycleArgs fastShutdown() {
    return LifecycleArgs.builder()
        .preStop(
            LifecycleHandlerArgs.builder()
                .exec(
                    Command.hook(
                        "sh", "-c", "kill -INT \"$(head -n 1 " + PGDATA + "/postmaster.pid)\""))
                .build())
        .build();
  }

  private static ProbeArgs.Builder probe(ExecActionArgs command) {
    return ProbeArgs.builder().exec(command).timeoutSeconds(5);
  }

  private static String sharedMemory(PostgresConfig config) {
    return config.resources().limits().memory().mebibytes() / 8 + "Mi";
  }
}
