package dev.nordfaas.k3s;

import com.pulumi.core.Output;
import com.pulumi.kubernetes.core.v1.SecretArgs;
import dev.nordfaas.config.ObjectStoreConfig.EtcdStore;
import dev.nordfaas.manifest.Labels;
import dev.nordfaas.manifest.Metadata;
import java.util.Map;

/**
 * The Secret that tells K3s where its snapshots go: read at each snapshot, so that new keys need no
 * restart, and encrypted in etcd. K3s only uses it while no other {@code etcd-s3} key is set.
 */
public final class SnapshotStore {
  private static final Labels LABELS = new Labels("etcd-snapshots", "cluster");

  private SnapshotStore() {}

  /**
   * The folder of the cluster's snapshots in the bucket: the cluster's name unless the config has
   * one.
   */
  static String folder(EtcdStore s3, String cluster) {
    return s3.folder().orElse(cluster);
  }

  /**
   * The Secret.
   *
   * @param retention snapshots kept per server: K3s counts those in the store for all servers
   *     together, and keeps 5 of them by default
   */
  public static SecretArgs secret(EtcdStore s3, String cluster, int retention, Topology topology) {
    return SecretArgs.builder()
        .metadata(Metadata.of("kube-system", K3sConfigFile.S3_SECRET, LABELS))
        .type("etcd.k3s.cattle.io/s3-config-secret")
        .stringData(
            Output.all(s3.accessKey().asOutput(), s3.secretKey().asOutput())
                .applyValue(
                    keys ->
                        Map.of(
                            "etcd-s3-endpoint", s3.endpoint(),
                            "etcd-s3-region", s3.region(),
                            "etcd-s3-bucket", s3.bucket(),
                            "etcd-s3-folder", folder(s3, cluster),
                            "etcd-s3-retention",
                                String.valueOf(retention * topology.servers().size()),
                            "etcd-s3-access-key", keys.get(0),
                            "etcd-s3-secret-key", keys.get(1),
                            "etcd-s3-skip-ssl-verify", "false",
                            "etcd-s3-insecure", "false")))
        .build();
  }
}
