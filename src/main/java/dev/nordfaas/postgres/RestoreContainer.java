package dev.nordfaas.postgres;

import com.pulumi.kubernetes.core.v1.inputs.ConfigMapVolumeSourceArgs;
import com.pulumi.kubernetes.core.v1.inputs.ContainerArgs;
import com.pulumi.kubernetes.core.v1.inputs.VolumeArgs;
import com.pulumi.kubernetes.core.v1.inputs.VolumeMountArgs;
import dev.nordfaas.config.BackupConfig;
import dev.nordfaas.config.PostgresConfig;
import dev.nordfaas.manifest.Command;
import dev.nordfaas.manifest.Env;
import dev.nordfaas.manifest.Resources;
import dev.nordfaas.manifest.SecurityContexts;
import dev.nordfaas.manifest.Volumes;
import java.util.ArrayList;
import java.util.List;

/**
 * The container that runs {@code restore.sh} before PostgreSQL at each start of its pod. A restore
 * is requested by a ConfigMap that only {@code tools/restore-postgres} creates.
 */
final class RestoreContainer {
  /** Name of the ConfigMap. */
  private static final String REQUEST = "postgres-restore";

  private RestoreContainer() {}

  /** The container; with PostgreSQL's own resources, which a restore can use while it runs. */
  static ContainerArgs of(PostgresConfig config, BackupConfig backup) {
    return ContainerArgs.builder()
        .name("restore")
        .image(config.image())
        .command(Command.of("sh", PgBackRest.CONFIG_PATH + "/" + BackupManifests.RESTORE_SCRIPT))
        .env(Env.value("PGDATA", PostgresStatefulSet.PGDATA))
        .resources(Resources.guaranteed(config.resources(), Postgres.SCRATCH))
        .securityContext(SecurityContexts.container())
        .terminationMessagePolicy("FallbackToLogsOnError")
        .volumeMounts(mounts(backup))
        .build();
  }

  /** The volumes of PostgreSQL's pod. */
  static List<VolumeArgs> volumes(BackupConfig backup) {
    var volumes = new ArrayList<>(BackupManifests.volumes(backup));
    volumes.add(
        VolumeArgs.builder()
            .name(REQUEST)
            .configMap(ConfigMapVolumeSourceArgs.builder().name(REQUEST).optional(true).build())
            .build());
    return volumes;
  }

  private static List<VolumeMountArgs> mounts(BackupConfig backup) {
    var mounts = new ArrayList<>(BackupManifests.mounts(backup));
    mounts.add(Volumes.mountReadOnly(REQUEST, "/etc/" + REQUEST));
    mounts.add(Volumes.mount(PostgresStatefulSet.DATA, PostgresStatefulSet.DATA_PATH));
    mounts.add(Volumes.mount(PostgresStatefulSet.TMP, "/tmp"));
    return mounts;
  }
}
