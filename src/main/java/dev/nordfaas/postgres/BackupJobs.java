package dev.nordfaas.postgres;

import com.pulumi.core.Output;
import com.pulumi.kubernetes.batch.v1.CronJobArgs;
import com.pulumi.kubernetes.batch.v1.JobArgs;
import com.pulumi.kubernetes.batch.v1.inputs.CronJobSpecArgs;
import com.pulumi.kubernetes.batch.v1.inputs.JobSpecArgs;
import com.pulumi.kubernetes.batch.v1.inputs.JobTemplateSpecArgs;
import com.pulumi.kubernetes.core.v1.inputs.ContainerArgs;
import com.pulumi.kubernetes.core.v1.inputs.EnvVarArgs;
import com.pulumi.kubernetes.core.v1.inputs.PersistentVolumeClaimVolumeSourceArgs;
import com.pulumi.kubernetes.core.v1.inputs.PodSpecArgs;
import com.pulumi.kubernetes.core.v1.inputs.PodTemplateSpecArgs;
import com.pulumi.kubernetes.core.v1.inputs.VolumeArgs;
import com.pulumi.kubernetes.core.v1.inputs.VolumeMountArgs;
import com.pulumi.kubernetes.meta.v1.inputs.ObjectMetaArgs;
import dev.nordfaas.config.BackupConfig;
import dev.nordfaas.config.CronSchedule;
import dev.nordfaas.config.PostgresConfig;
import dev.nordfaas.manifest.Command;
import dev.nordfaas.manifest.Env;
import dev.nordfaas.manifest.Metadata;
import dev.nordfaas.manifest.Namespaces;
import dev.nordfaas.manifest.Priority;
import dev.nordfaas.manifest.Resources;
import dev.nordfaas.manifest.SecurityContexts;
import dev.nordfaas.manifest.Volumes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The Jobs that run {@code backup.sh}. Their pods read the data files from the volume, and tell
 * PostgreSQL over the network when a backup starts and ends; there is one backup at a time.
 */
public final class BackupJobs {
  /** How long any backup may take, including the first. */
  public static final Duration LONGEST = Duration.ofHours(6);

  private static final int HISTORY = 3;

  /** A backup that could not be started within this time is skipped. */
  private static final Duration STARTING_DEADLINE = Duration.ofHours(1);

  /**
   * Time for a pod to be scheduled, its image to be pulled, and {@code wait.sh} to wait its
   * maximum.
   */
  private static final Duration START = Duration.ofMinutes(15);

  private static final String TMP = "tmp";
  private static final String SCRIPT = PgBackRest.CONFIG_PATH + "/" + BackupManifests.BACKUP_SCRIPT;

  private BackupJobs() {}

  /** A type of backup, in pgBackRest's terms. */
  public enum Type {
    FULL("full", "full"),
    DIFFERENTIAL("differential", "diff");

    private final String suffix;
    private final String option;

    Type(String suffix, String option) {
      this.suffix = suffix;
      this.option = option;
    }

    /** Suffix of the names of the objects that make such backups. */
    public String suffix() {
      return suffix;
    }

    /** Name of the type in pgBackRest, and in the metrics. */
    String option() {
      return option;
    }
  }

  /**
   * How long after the start of a backup the next one has to have started: the longest time between
   * two scheduled ones, plus the time that a start may take. A full backup counts as either type.
   */
  static Duration startsWithin(BackupConfig backup, Type type) {
    var schedules =
        type == Type.FULL ? List.of(backup.full()) : List.of(backup.full(), backup.differential());
    return CronSchedule.longestGap(schedules).plus(STARTING_DEADLINE).plus(START);
  }

  /**
   * The Job that prepares the repository, checks that a WAL segment arrives there, and makes the
   * first backup.
   *
   * @param checksums annotations, which change when the Job has to run again
   */
  public static JobArgs prepare(
      PostgresConfig config, BackupConfig backup, Output<Map<String, String>> checksums) {
    return JobArgs.builder()
        .metadata(
            ObjectMetaArgs.builder()
                .namespace(Namespaces.POSTGRES)
                .name(BackupManifests.NAME + "-prepare")
                .labels(Postgres.BACKUP_LABELS.all())
                .annotations(Map.of("pulumi.com/replaceUnready", "true"))
                .build())
        .spec(
            job()
                .template(
                    PodTemplateSpecArgs.builder()
                        .metadata(
                            ObjectMetaArgs.builder()
                                .labels(Postgres.BACKUP_LABELS.all())
                                .annotations(checksums)
                                .build())
                        .spec(pod(config, backup, "prepare"))
                        .build())
                .build())
        .build();
  }

  /** The CronJob that makes backups of one type. */
  public static CronJobArgs cronJob(PostgresConfig config, BackupConfig backup, Type type) {
    return CronJobArgs.builder()
        .metadata(
            Metadata.of(
                Namespaces.POSTGRES,
                BackupManifests.NAME + "-" + type.suffix,
                Postgres.BACKUP_LABELS))
        .spec(
            CronJobSpecArgs.builder()
                .schedule(type == Type.FULL ? backup.full() : backup.differential())
                .timeZone("Etc/UTC")
                .concurrencyPolicy("Forbid")
                .startingDeadlineSeconds(Math.toIntExact(STARTING_DEADLINE.toSeconds()))
                .successfulJobsHistoryLimit(HISTORY)
                .failedJobsHistoryLimit(HISTORY)
                .jobTemplate(
                    JobTemplateSpecArgs.builder()
                        .metadata(
                            ObjectMetaArgs.builder().labels(Postgres.BACKUP_LABELS.all()).build())
                        .spec(
                            job()
                                .template(
                                    PodTemplateSpecArgs.builder()
                                        .metadata(
                                            ObjectMetaArgs.builder()
                                                .labels(Postgres.BACKUP_LABELS.all())
                                                .build())
                                        .spec(pod(config, backup, type.option))
                                        .build())
                                .build())
                        .build())
                .build())
        .build();
  }

  private static JobSpecArgs.Builder job() {
    return JobSpecArgs.builder()
        .backoffLimit(1)
        .activeDeadlineSeconds(Math.toIntExact(LONGEST.toSeconds()));
  }

  private static PodSpecArgs pod(PostgresConfig config, BackupConfig backup, String argument) {
    var volumes = new ArrayList<>(BackupManifests.volumes(backup));
    volumes.add(data());
    volumes.add(PostgresTrust.volume());
    volumes.add(Volumes.scratch(TMP, Postgres.SCRATCH));
    return Priority.PLATFORM
        .pod()
        .restartPolicy("Never")
        .automountServiceAccountToken(false)
        .enableServiceLinks(false)
        .securityContext(SecurityContexts.pod(PostgresStatefulSet.UID))
        .affinity(Postgres.nextToServer())
        .containers(
            ContainerArgs.builder()
                .name("backup")
                .image(config.image())
                .command(Command.of("sh", SCRIPT, argument))
                .env(env(config))
                .resources(Resources.of(backup.resources(), Postgres.SCRATCH))
                .securityContext(SecurityContexts.container())
                .terminationMessagePolicy("FallbackToLogsOnError")
                .volumeMounts(mounts(backup))
                .build())
        .volumes(volumes)
        .build();
  }

  private static List<EnvVarArgs> env(PostgresConfig config) {
    var env =
        new ArrayList<>(
            List.of(
                Env.value("PGAPPNAME", BackupManifests.NAME),
                Env.value("PGCONNECT_TIMEOUT", "10"),
                Env.value("PGHOST", Postgres.host(config)),
                Env.secret("PGPASSWORD", BackupManifests.NAME, PostgresManifests.PASSWORD_KEY)));
    env.addAll(PostgresTrust.env());
    return env;
  }

  private static List<VolumeMountArgs> mounts(BackupConfig backup) {
    var mounts = new ArrayList<>(BackupManifests.mounts(backup));
    mounts.add(Volumes.mountReadOnly(PostgresStatefulSet.DATA, PostgresStatefulSet.DATA_PATH));
    mounts.add(PostgresTrust.mount());
    mounts.add(Volumes.mount(TMP, "/tmp"));
    return mounts;
  }

  /** The claim of the StatefulSet's only pod. */
  private static VolumeArgs data() {
    return VolumeArgs.builder()
        .name(PostgresStatefulSet.DATA)
        .persistentVolumeClaim(
            PersistentVolumeClaimVolumeSourceArgs.builder()
                .claimName("%s-%s-0".formatted(PostgresStatefulSet.DATA, Postgres.NAME))
                .readOnly(true)
                .build())
        .build();
  }
}
