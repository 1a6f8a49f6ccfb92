package dev.nordfaas.postgres.cluster;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The spec of CloudNativePG's {@code Cluster}, as far as nordfaas uses it; the components are its
 * fields.
 */
record ClusterSpec(
    int instances,
    String imageName,
    boolean enableSuperuserAccess,
    NameReference superuserSecret,
    Bootstrap bootstrap,
    Storage storage,
    EphemeralVolumesSizeLimit ephemeralVolumesSizeLimit,
    Resources resources,
    PostgresqlSettings postgresql,
    Affinity affinity,
    String priorityClassName,
    String primaryUpdateStrategy,
    String primaryUpdateMethod,
    int smartShutdownTimeout,
    int livenessProbeTimeout,
    Certificates certificates,
    InheritedMetadata inheritedMetadata,
    Optional<Backup> backup) {

  record NameReference(String name) {}

  record Bootstrap(InitDb initdb) {}

  record InitDb(
      boolean dataChecksums,
      String encoding,
      String localeCollate,
      String localeCType,
      List<String> postInitApplicationSQL) {}

  record Storage(String size, String storageClass) {}

  record EphemeralVolumesSizeLimit(String temporaryData) {}

  record Resources(Map<String, String> requests, Map<String, String> limits) {}

  record PostgresqlSettings(
      Map<String, String> parameters, List<String> pg_hba, Synchronous synchronous) {}

  record Synchronous(String method, int number, String dataDurability, boolean failoverQuorum) {}

  record Affinity(boolean enablePodAntiAffinity, String topologyKey, String podAntiAffinityType) {}

  record Certificates(String serverCASecret, String serverTLSSecret) {}

  record Backup(BarmanObjectStore barmanObjectStore, String retentionPolicy) {}

  record BarmanObjectStore(
      String destinationPath,
      String endpointURL,
      Optional<SecretKey> endpointCA,
      S3Credentials s3Credentials,
      WalArchive wal,
      BaseBackup data) {}

  record S3Credentials(SecretKey accessKeyId, SecretKey secretAccessKey, SecretKey region) {}

  record SecretKey(String name, String key) {}

  record WalArchive(String compression) {}

  record BaseBackup(String compression, boolean immediateCheckpoint) {}

  record InheritedMetadata(Map<String, String> annotations) {}
}
