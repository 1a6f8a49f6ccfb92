package dev.nordfaas.openfaas;

import com.pulumi.core.Either;
import com.pulumi.kubernetes.apps.v1.StatefulSetArgs;
import com.pulumi.kubernetes.apps.v1.inputs.StatefulSetSpecArgs;
import com.pulumi.kubernetes.core.v1.ConfigMapArgs;
import com.pulumi.kubernetes.core.v1.ServiceArgs;
import com.pulumi.kubernetes.core.v1.inputs.PersistentVolumeClaimArgs;
import com.pulumi.kubernetes.core.v1.inputs.PersistentVolumeClaimSpecArgs;
import com.pulumi.kubernetes.core.v1.inputs.PodTemplateSpecArgs;
import com.pulumi.kubernetes.core.v1.inputs.ResourceRequirementsArgs;
import com.pulumi.kubernetes.core.v1.inputs.ServicePortArgs;
import com.pulumi.kubernetes.core.v1.inputs.ServiceSpecArgs;
import com.pulumi.kubernetes.meta.v1.inputs.ObjectMetaArgs;
import dev.nordfaas.config.EdgeConfig;
import dev.nordfaas.manifest.Checksums;
import dev.nordfaas.manifest.Metadata;
import dev.nordfaas.manifest.Namespaces;
import java.util.Map;
import java.util.Optional;

/**
 * The edge as Kubernetes objects: one pod on one node, with a volume for its certificates.
 *
 * <p>One pod, because the authority's challenge has to reach the very Caddy that asked for the
 * certificate: several with storages of their own, behind one DNS name, would miss it at random.
 * The domain's DNS record names the node that the pod runs on; the volume, local to that node,
 * keeps it there. Without a volume each restart would ask for a new certificate, and the authority
 * allows five a week. A changed configuration restarts the pod: its host ports are taken for the
 * seconds that takes.
 */
public final class EdgeManifests {
  private static final String CERTIFICATES_SIZE = "64Mi";

  private EdgeManifests() {}

  /** The ConfigMap with the Caddyfile. */
  public static ConfigMapArgs config(String caddyfile) {
    return ConfigMapArgs.builder()
        .metadata(Metadata.of(Namespaces.EDGE, EdgePod.NAME, EdgePod.LABELS))
        .data(Map.of("Caddyfile", caddyfile))
        .build();
  }

  /** The headless Service that a StatefulSet needs. */
  public static ServiceArgs service() {
    return ServiceArgs.builder()
        .metadata(Metadata.of(Namespaces.EDGE, EdgePod.NAME, EdgePod.LABELS))
        .spec(
            ServiceSpecArgs.builder()
                .type(Either.ofLeft("ClusterIP"))
                .clusterIP("None")
                .selector(EdgePod.LABELS.selector())
                .ports(ServicePortArgs.builder().name("https").port(EdgePod.HTTPS).build())
                .build())
        .build();
  }

  /**
   * The StatefulSet.
   *
   * @param config image and resources
   * @param caddyfile the configuration; a new one restarts the pod
   * @param node Kubernetes name of the node that the domain points to; empty: any
   */
  public static StatefulSetArgs statefulSet(
      EdgeConfig config, String caddyfile, Optional<String> node) {
    return StatefulSetArgs.builder()
        .metadata(Metadata.of(Namespaces.EDGE, EdgePod.NAME, EdgePod.LABELS))
        .spec(
            StatefulSetSpecArgs.builder()
                .replicas(1)
                .serviceName(EdgePod.NAME)
                .selector(Metadata.selector(EdgePod.LABELS))
                .template(
                    PodTemplateSpecArgs.builder()
                        .metadata(
                            ObjectMetaArgs.builder()
                                .labels(EdgePod.LABELS.all())
                                .annotations(Map.of(Checksums.CONFIG, Checksums.of(caddyfile)))
                                .build())
                        .spec(EdgePod.of(config, node))
                        .build())
                .volumeClaimTemplates(certificates())
                .build())
        .build();
  }

  private static PersistentVolumeClaimArgs certificates() {
    return PersistentVolumeClaimArgs.builder()
        .metadata(ObjectMetaArgs.builder().name(EdgePod.STORAGE).build())
        .spec(
            PersistentVolumeClaimSpecArgs.builder()
                .accessModes("ReadWriteOnce")
                .resources(
                    ResourceRequirementsArgs.builder()
                        .requests(Map.of("storage", CERTIFICATES_SIZE))
                        .build())
                .build())
        .build();
  }
}
