package dev.nordfaas.postgres;

import com.pulumi.core.Output;
import com.pulumi.kubernetes.core.v1.ConfigMapArgs;
import com.pulumi.kubernetes.core.v1.PersistentVolumeClaimArgs;
import com.pulumi.kubernetes.core.v1.SecretArgs;
import com.pulumi.kubernetes.core.v1.inputs.ConfigMapProjectionArgs;
import com.pulumi.kubernetes.core.v1.inputs.KeyToPathArgs;
import com.pulumi.kubernetes.core.v1.inputs.PersistentVolumeClaimVolumeSourceArgs;
import com.pulumi.kubernetes.core.v1.inputs.ProjectedVolumeSourceArgs;
import com.pulumi.kubernetes.core.v1.inputs.SecretProjectionArgs;
import com.pulumi.kubernetes.core.v1.inputs.VolumeArgs;
import com.pulumi.kubernetes.core.v1.inputs.VolumeMountArgs;
import com.pulumi.kubernetes.core.v1.inputs.VolumeProjectionArgs;
import com.pulumi.kubernetes.meta.v1.inputs.ObjectMetaArgs;
import dev.nordfaas.config.BackupConfig;
import dev.nordfaas.config.ObjectStoreConfig.PostgresStore;
import dev.nordfaas.config.StorageConfig;
import dev.nordfaas.manifest.ClusterNetworks;
import dev.nordfaas.manifest.Metadata;
import dev.nordfaas.manifest.Namespaces;
import dev.nordfaas.manifest.NetworkPolicies;
import dev.nordfaas.manifest.NetworkRule;
import dev.nordfaas.manifest.PodNetworkPolicy;
import dev.nordfaas.manifest.Scripts;
import dev.nordfaas.manifest.Volumes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What PostgreSQL's pod and the pods of {@link BackupJobs} share. */
public final class BackupManifests {
  /** Name of the ConfigMap, the Secret and the claim, and of their volumes in pods. */
  static final String NAME = "postgres-backup";

  static final String BACKUP_SCRIPT = "backup.sh";
  static final String RESTORE_SCRIPT = "restore.sh";

  private static final String CONFIG_VOLUME = "pgbackrest";
  private static final String REPOSITORY_VOLUME = "repository";
  private static final String SECRET_KEY = "secret.conf";

  private BackupManifests() {}

  /** The files of the ConfigMap. */
  public static Map<String, String> files(BackupConfig config) {
    var files = new TreeMap<String, String>();
    files.put(PgBackRest.CONFIG_FILE, PgBackRest.conf(config));
    for (var script : List.of(BACKUP_SCRIPT, RESTORE_SCRIPT, RolesJob.WAIT_SCRIPT)) {
      files.put(script, Scripts.read(BackupManifests.class, script));
    }
    config
        .repository()
        .s3()
        .flatMap(PostgresStore::ca)
        .ifPresent(ca -> files.put(PgBackRest.CA_FILE, ca));
    return files;
  }

  /** The settings and the scripts. */
  public static ConfigMapArgs configMap(BackupConfig config) {
    return ConfigMapArgs.builder()
        .metadata(Metadata.of(Namespaces.POSTGRES, NAME, Postgres.BACKUP_LABELS))
        .data(files(config))
        .build();
  }

  /**
   * The Secret.
   *
   * @param settings the secret settings, by name
   * @param password of the role that makes the backups
   */
  public static SecretArgs secret(Output<Map<String, String>> settings, Output<String> password) {
    return SecretArgs.builder()
        .metadata(Metadata.of(Namespaces.POSTGRES, NAME, Postgres.BACKUP_LABELS))
        .type("Opaque")
        .stringData(
            Output.tuple(settings, password)
                .applyValue(
                    it ->
                        Map.of(
                            SECRET_KEY,
                            PgBackRest.secretConf(it.t1),
                            PostgresManifests.PASSWORD_KEY,
                            it.t2))
                .asSecret())
        .build();
  }

  /**
   * The volume with the repository. It is bound once a pod needs it; Pulumi does not wait for that.
   */
  public static PersistentVolumeClaimArgs claim(StorageConfig storage) {
    return PersistentVolumeClaimArgs.builder()
        .metadata(
            ObjectMetaArgs.builder()
                .namespace(Namespaces.POSTGRES)
                .name(NAME)
                .labels(Postgres.BACKUP_LABELS.all())
                .annotations(Map.of("pulumi.com/skipAwait", "true"))
                .build())
        .spec(Volumes.claimSpec(storage))
        .build();
  }

  /** Backups may connect to PostgreSQL, and to the store. */
  public static PodNetworkPolicy networkPolicy(BackupConfig config, ClusterNetworks networks) {
    var egress = new ArrayList<>(toStore(config, networks));
    egress.add(NetworkPolicies.to(List.of(PostgresManifests.pods()), Postgres.PORT));
    return NetworkPolicies.allow(
        Namespaces.POSTGRES, NAME, Postgres.BACKUP_LABELS, List.of(), egress);
  }

  /** Rules for the store, if there is one. */
  public static List<NetworkRule> toStore(BackupConfig config, ClusterNetworks networks) {
    return config.repository().s3().stream()
        .flatMap(s3 -> networks.to(s3.cidrs(), s3.port()).stream())
        .toList();
  }

  /** The volumes of a pod that runs pgBackRest. */
  static List<VolumeArgs> volumes(BackupConfig config) {
    var volumes = new ArrayList<>(List.of(settings()));
    config
        .repository()
        .volume()
        .ifPresent(
            volume ->
                volumes.add(
                    VolumeArgs.builder()
                        .name(REPOSITORY_VOLUME)
                        .persistentVolumeClaim(
                            PersistentVolumeClaimVolumeSourceArgs.builder().claimName(NAME).build())
                        .build()));
    return volumes;
  }

  /** The mounts of a container that runs pgBackRest. */
  static List<VolumeMountArgs> mounts(BackupConfig config) {
    var mounts =
        new ArrayList<>(List.of(Volumes.mountReadOnly(CONFIG_VOLUME, PgBackRest.CONFIG_PATH)));
    if (config.repository().volume().isPresent()) {
      mounts.add(Volumes.mount(REPOSITORY_VOLUME, PgBackRest.VOLUME_PATH));
    }
    return mounts;
  }

  private static VolumeArgs settings() {
    return VolumeArgs.builder()
        .name(CONFIG_VOLUME)
        .projected(
            ProjectedVolumeSourceArgs.builder()
                .defaultMode(Volumes.GROUP_READABLE)
                .sources(
                    VolumeProjectionArgs.builder()
                        .configMap(ConfigMapProjectionArgs.builder().name(NAME).build())
                        .build(),
                    VolumeProjectionArgs.builder()
                        .secret(
                            SecretProjectionArgs.builder()
                                .name(NAME)
                                .items(
                                    KeyToPathArgs.builder()
                                        .key(SECRET_KEY)
                                        .path(PgBackRest.SECRET_FILE)
                                        .build())
                                .build())
                        .build())
                .build())
        .build();
  }
}
