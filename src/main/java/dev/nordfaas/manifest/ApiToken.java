package dev.nordfaas.manifest;

import com.pulumi.kubernetes.core.v1.inputs.ConfigMapProjectionArgs;
import com.pulumi.kubernetes.core.v1.inputs.DownwardAPIProjectionArgs;
import com.pulumi.kubernetes.core.v1.inputs.DownwardAPIVolumeFileArgs;
import com.pulumi.kubernetes.core.v1.inputs.KeyToPathArgs;
import com.pulumi.kubernetes.core.v1.inputs.ObjectFieldSelectorArgs;
import com.pulumi.kubernetes.core.v1.inputs.ProjectedVolumeSourceArgs;
import com.pulumi.kubernetes.core.v1.inputs.ServiceAccountTokenProjectionArgs;
import com.pulumi.kubernetes.core.v1.inputs.VolumeArgs;
import com.pulumi.kubernetes.core.v1.inputs.VolumeMountArgs;
import com.pulumi.kubernetes.core.v1.inputs.VolumeProjectionArgs;

/**
 * The token of a pod's service account, for those of its containers that use the Kubernetes API:
 * what Kubernetes by default mounts into every container.
 */
public final class ApiToken {
  private static final String NAME = "api-token";
  private static final String PATH = "/var/run/secrets/kubernetes.io/serviceaccount";

  private ApiToken() {}

  /** The volume of the pod. */
  public static VolumeArgs volume() {
    return VolumeArgs.builder()
        .name(NAME)
        .projected(
            ProjectedVolumeSourceArgs.builder()
                .defaultMode(Volumes.GROUP_READABLE)
                .sources(
                    VolumeProjectionArgs.builder()
                        .serviceAccountToken(
                            ServiceAccountTokenProjectionArgs.builder()
                                .path("token")
                                .expirationSeconds(3607)
                                .build())
                        .build(),
                    VolumeProjectionArgs.builder()
                        .configMap(
                            ConfigMapProjectionArgs.builder()
                                .name("kube-root-ca.crt")
                                .items(KeyToPathArgs.builder().key("ca.crt").path("ca.crt").build())
                                .build())
                        .build(),
                    VolumeProjectionArgs.builder()
                        .downwardAPI(
                            DownwardAPIProjectionArgs.builder()
                                .items(
                                    DownwardAPIVolumeFileArgs.builder()
                                        .path("namespace")
                                        .fieldRef(
                                            ObjectFieldSelectorArgs.builder()
                                                .fieldPath("metadata.namespace")
                                                .build())
                                        .build())
                                .build())
                        .build())
                .build())
        .build();
  }

  /** Where clients of the Kubernetes API look for it. */
  public static VolumeMountArgs mount() {
    return VolumeMountArgs.builder().name(NAME).mountPath(PATH).readOnly(true).build();
  }
}
