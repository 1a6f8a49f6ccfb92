package dev.nordfaas.manifest;

import com.pulumi.kubernetes.core.v1.inputs.ConfigMapProjectionArgs;
import com.pulumi.kubernetes.core.v1.inputs.ConfigMapVolumeSourceArgs;
import com.pulumi.kubernetes.core.v1.inputs.EmptyDirVolumeSourceArgs;
import com.pulumi.kubernetes.core.v1.inputs.PersistentVolumeClaimArgs;
import com.pulumi.kubernetes.core.v1.inputs.PersistentVolumeClaimSpecArgs;
import com.pulumi.kubernetes.core.v1.inputs.ProjectedVolumeSourceArgs;
import com.pulumi.kubernetes.core.v1.inputs.ResourceRequirementsArgs;
import com.pulumi.kubernetes.core.v1.inputs.SecretProjectionArgs;
import com.pulumi.kubernetes.core.v1.inputs.SecretVolumeSourceArgs;
import com.pulumi.kubernetes.core.v1.inputs.VolumeArgs;
import com.pulumi.kubernetes.core.v1.inputs.VolumeMountArgs;
import com.pulumi.kubernetes.core.v1.inputs.VolumeProjectionArgs;
import com.pulumi.kubernetes.meta.v1.inputs.ObjectMetaArgs;
import dev.nordfaas.config.ByteSize;
import dev.nordfaas.config.StorageConfig;
import java.util.ArrayList;
import java.util.Map;

/** Volumes and where they are mounted. */
public final class Volumes {
  /**
   * Readable by owner and group only; the group is the pod's {@code fsGroup}, which no other pod
   * has.
   */
  public static final int GROUP_READABLE = 0440;

  private Volumes() {}

  /**
   * Scratch space on the node's disk, which counts towards the disk of the container that mounts
   * it.
   */
  public static VolumeArgs scratch(String name, ByteSize size) {
    return VolumeArgs.builder()
        .name(name)
        .emptyDir(EmptyDirVolumeSourceArgs.builder().sizeLimit(size.text()).build())
        .build();
  }

  /** Scratch space in memory, which counts towards the container's memory limit. */
  public static VolumeArgs memory(String name, String sizeLimit) {
    return VolumeArgs.builder()
        .name(name)
        .emptyDir(EmptyDirVolumeSourceArgs.builder().medium("Memory").sizeLimit(sizeLimit).build())
        .build();
  }

  /** The files of a ConfigMap of the same name as the volume. */
  public static VolumeArgs configMap(String name) {
    return configMap(name, name);
  }

  /** The files of a ConfigMap, whose name may be longer than that of a volume. */
  public static VolumeArgs configMap(String volume, String configMap) {
    return VolumeArgs.builder()
        .name(volume)
        .configMap(ConfigMapVolumeSourceArgs.builder().name(configMap).build())
        .build();
  }

  /** The files of a ConfigMap and of Secrets in one folder, where they change at the same time. */
  public static VolumeArgs projected(String name, String configMap, String... secrets) {
    var sources = new ArrayList<VolumeProjectionArgs>();
    sources.add(
        VolumeProjectionArgs.builder()
            .configMap(ConfigMapProjectionArgs.builder().name(configMap).build())
            .build());
    for (var secret : secrets) {
      sources.add(
          VolumeProjectionArgs.builder()
              .secret(SecretProjectionArgs.builder().name(secret).build())
              .build());
    }
    return VolumeArgs.builder()
        .name(name)
        .projected(
            ProjectedVolumeSourceArgs.builder()
                .defaultMode(GROUP_READABLE)
                .sources(sources)
                .build())
        .build();
  }

  /** The files of a Secret of the same name as the volume. */
  public static VolumeArgs secret(String name) {
    return secret(name, name);
  }

  /** The files of a Secret, whose name may be longer than that of a volume. */
  public static VolumeArgs secret(String volume, String secret) {
    return VolumeArgs.builder()
        .name(volume)
        .secret(
            SecretVolumeSourceArgs.builder().secretName(secret).defaultMode(GROUP_READABLE).build())
        .build();
  }

  /** The claim that a StatefulSet creates for each of its pods. */
  public static PersistentVolumeClaimArgs claim(String name, StorageConfig storage, Labels labels) {
    return PersistentVolumeClaimArgs.builder()
        .metadata(ObjectMetaArgs.builder().name(name).labels(labels.selector()).build())
        .spec(claimSpec(storage))
        .build();
  }

  /** The spec of a claim. */
  public static PersistentVolumeClaimSpecArgs claimSpec(StorageConfig storage) {
    return PersistentVolumeClaimSpecArgs.builder()
        .accessModes("ReadWriteOnce")
        .storageClassName(storage.storageClass())
        .resources(
            ResourceRequirementsArgs.builder()
                .requests(Map.of("storage", storage.size().text()))
                .build())
        .build();
  }

  /** Mounts a volume for reading and writing. */
  public static VolumeMountArgs mount(String volume, String path) {
    return VolumeMountArgs.builder().name(volume).mountPath(path).build();
  }

  /** Mounts a volume for reading. */
  public static VolumeMountArgs mountReadOnly(String volume, String path) {
    return VolumeMountArgs.builder().name(volume).mountPath(path).readOnly(true).build();
  }
}
