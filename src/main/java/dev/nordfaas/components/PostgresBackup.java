package dev.nordfaas.components;

import com.pulumi.core.Output;
import com.pulumi.kubernetes.batch.v1.CronJob;
import com.pulumi.kubernetes.batch.v1.Job;
import com.pulumi.kubernetes.core.v1.ConfigMap;
import com.pulumi.kubernetes.core.v1.PersistentVolumeClaim;
import com.pulumi.kubernetes.core.v1.Secret;
import com.pulumi.kubernetes.networking.v1.NetworkPolicy;
import com.pulumi.resources.Resource;
import dev.nordfaas.config.BackupConfig;
import dev.nordfaas.config.PostgresConfig;
import dev.nordfaas.config.model.KeyPath;
import dev.nordfaas.manifest.Checksums;
import dev.nordfaas.manifest.ClusterNetworks;
import dev.nordfaas.manifest.VolumeOrigin;
import dev.nordfaas.postgres.BackupJobs;
import dev.nordfaas.postgres.BackupManifests;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/** Backups of the single instance: a repository, what PostgreSQL archives to it, and the Jobs. */
final class PostgresBackup {
  private final PooledPostgres postgres;
  private final PostgresConfig config;
  private final BackupConfig backup;
  private final ClusterNetworks networks;
  private final Output<String> passphrase;
  private final Output<String> password;

  PostgresBackup(
      PooledPostgres postgres,
      PostgresConfig config,
      BackupConfig backup,
      ClusterNetworks networks) {
    this.postgres = postgres;
    this.config = config;
    this.backup = backup;
    this.networks = networks;
    this.passphrase =
        backup
            .passphrase()
            .map(secret -> secret.asOutput())
            .orElseGet(
                () -> GeneratedPassword.createProtected(child("backup-passphrase"), postgres));
    this.password = GeneratedPassword.create(child("backup-password"), postgres);
  }

  /** The secret that the backups are encrypted with. */
  Output<String> passphrase() {
    return passphrase;
  }

  /** The password of the role that makes the backups. */
  Output<String> password() {
    return password;
  }

  /** Whether the repository's volume can become what the config says, if it has one. */
  Optional<Output<Boolean>> volumeOrigin() {
    return backup
        .repository()
        .volume()
        .map(
            volume ->
                Origin.ofVolume(
                    child("backup-volume-origin"),
                    KeyPath.of("postgres", "backup", "repository", "volume"),
                    volume,
                    VolumeOrigin.Holder.CLAIM,
                    postgres));
  }

  /** What PostgreSQL's pod needs. */
  List<Resource> repository(Resource namespace) {
    var inNamespace = postgres.childOptions(List.of(namespace));
    var resources = new ArrayList<Resource>();
    resources.add(
        new ConfigMap(child("backup-config"), BackupManifests.configMap(backup), inNamespace));
    resources.add(
        new Secret(child("backup"), BackupManifests.secret(settings(), password), inNamespace));
    resources.add(
        new NetworkPolicy(
            child("backup-policy"),
            BackupManifests.networkPolicy(backup, networks).args(),
            inNamespace));
    backup
        .repository()
        .volume()
        .ifPresent(
            volume ->
                resources.add(
                    new PersistentVolumeClaim(
                        child("backup-volume"),
                        BackupManifests.claim(volume),
                        Component.ignoring(
                            "spec", postgres.protectedChildOptions(List.of(namespace))))));
    return resources;
  }

  /** The first backup, which {@code up} waits for, and the CronJobs. */
  Resource jobs(Resource server, Resource roles, List<Resource> repository) {
    var before = Component.with(repository, server, roles);
    var prepare =
        new Job(
            child("backup-prepare"),
            BackupJobs.prepare(config, backup, checksums()),
            postgres.childOptions(before, BackupJobs.LONGEST));
    for (var type : BackupJobs.Type.values()) {
      new CronJob(
          child("backup-" + type.suffix()),
          BackupJobs.cronJob(config, backup, type),
          postgres.childOptions(List.of(prepare)));
    }
    return prepare;
  }

  private Output<Map<String, String>> settings() {
    var settings = new TreeMap<String, Output<String>>();
    settings.put("repo1-cipher-pass", passphrase);
    backup
        .repository()
        .s3()
        .ifPresent(
            s3 -> {
              settings.put("repo1-s3-key", s3.accessKey().asOutput());
              settings.put("repo1-s3-key-secret", s3.secretKey().asOutput());
            });
    return Secrets.all(settings, Function.identity());
  }

  /** The passphrase and the store's keys may have been chosen by a human. */
  private Output<Map<String, String>> checksums() {
    var files = Checksums.of(new TreeMap<>(BackupManifests.files(backup)).toString());
    return Checksums.ofChosen(password, settings())
        .applyValue(sum -> Map.of(Checksums.CONFIG, files, Checksums.SECRET, sum));
  }

  private String child(String suffix) {
    return postgres.child(suffix);
  }
}
