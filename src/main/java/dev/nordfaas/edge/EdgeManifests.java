package dev.nordfaas.edge;

import com.pulumi.core.Either;
import com.pulumi.core.Output;
import com.pulumi.kubernetes.apps.v1.StatefulSetArgs;
import com.pulumi.kubernetes.apps.v1.inputs.StatefulSetSpecArgs;
import com.pulumi.kubernetes.core.v1.ConfigMapArgs;
import com.pulumi.kubernetes.core.v1.NamespaceArgs;
import com.pulumi.kubernetes.core.v1.SecretArgs;
import com.pulumi.kubernetes.core.v1.ServiceArgs;
import com.pulumi.kubernetes.core.v1.inputs.PersistentVolumeClaimArgs;
import com.pulumi.kubernetes.core.v1.inputs.PersistentVolumeClaimSpecArgs;
import com.pulumi.kubernetes.core.v1.inputs.PodTemplateSpecArgs;
import com.pulumi.kubernetes.core.v1.inputs.ResourceRequirementsArgs;
import com.pulumi.kubernetes.core.v1.inputs.ServicePortArgs;
import com.pulumi.kubernetes.core.v1.inputs.ServiceSpecArgs;
import com.pulumi.kubernetes.meta.v1.inputs.ObjectMetaArgs;
import com.pulumi.kubernetes.policy.v1.PodDisruptionBudgetArgs;
import com.pulumi.kubernetes.policy.v1.inputs.PodDisruptionBudgetSpecArgs;
import dev.nordfaas.config.ByteSize;
import dev.nordfaas.config.EdgeConfig;
import dev.nordfaas.config.EdgeConfig.Certificate;
import dev.nordfaas.manifest.CallPath;
import dev.nordfaas.manifest.Checksums;
import dev.nordfaas.manifest.Labels;
import dev.nordfaas.manifest.Metadata;
import dev.nordfaas.manifest.Namespaces;
import dev.nordfaas.manifest.Scripts;
import java.util.Map;
import java.util.TreeMap;

/**
 * The edge as Kubernetes objects: one pod on each node that the domain points to.
 *
 * <p>One pod has a volume for its certificates, local to its node. Without it each restart would
 * request a new certificate, and the authority allows five a week. Several pods with volumes of
 * their own would each request a certificate, and miss the authority's challenge at random: they
 * share one storage, Secrets of their namespace, and have no volumes.
 *
 * <p>A changed configuration is reloaded without a restart, which would close the host ports for
 * seconds; {@link EdgeJob} checks whether it was. What does restart pods restarts one after the
 * other.
 */
public final class EdgeManifests {
  /** Name of the ConfigMap with Caddyfile and script. */
  static final String CONFIG_MAP = EdgePod.NAME;

  /** Name of the Secret with the user's own certificate. */
  static final String CERTIFICATE = "edge-certificate";

  /** Name of the Secret with the hashes of the API keys. */
  public static final String KEYS = "edge-keys";

  static final String CADDYFILE = "Caddyfile";
  static final String SCRIPT_FILE = "edge.sh";
  static final String CERTIFICATE_FILE = "tls.crt";
  static final String PRIVATE_KEY_FILE = "tls.key";
  static final String ACME_ROOTS_FILE = "acme-roots.pem";
  public static final ByteSize CERTIFICATES_SIZE = ByteSize.parse("64Mi");

  private EdgeManifests() {}

  /**
   * The namespace. It is privileged only because {@code baseline} already forbids host ports; its
   * one pod otherwise complies with {@code restricted}.
   */
  public static NamespaceArgs namespace() {
    var labels = new TreeMap<>(new Labels(Namespaces.EDGE, "namespace").all());
    labels.put("pod-security.kubernetes.io/enforce", "privileged");
    return NamespaceArgs.builder()
        .metadata(ObjectMetaArgs.builder().name(Namespaces.EDGE).labels(labels).build())
        .build();
  }

  /**
   * The ConfigMap with the Caddyfile, the script that starts Caddy with it, the authorities that
   * the user's own ACME directory is verified with, and what callers are verified with.
   */
  public static ConfigMapArgs config(EdgeConfig config, Output<String> caddyfile) {
    var files = new TreeMap<>(Callers.files(config));
    files.put(SCRIPT_FILE, script());
    config.acmeRoots().ifPresent(roots -> files.put(ACME_ROOTS_FILE, roots));
    return ConfigMapArgs.builder()
        .metadata(Metadata.of(Namespaces.EDGE, CONFIG_MAP, EdgePod.LABELS))
        .data(caddyfile.applyValue(text -> with(files, CADDYFILE, text)))
        .build();
  }

  private static Map<String, String> with(Map<String, String> files, String name, String text) {
    var more = new TreeMap<>(files);
    more.put(name, text);
    return more;
  }

  /**
   * The Secret with the hashes of the API keys.
   *
   * @param file of {@link ApiKeys}
   */
  public static SecretArgs keys(Output<String> file) {
    return SecretArgs.builder()
        .metadata(Metadata.of(Namespaces.EDGE, KEYS, EdgePod.LABELS))
        .stringData(file.applyValue(text -> Map.of(ApiKeys.FILE, text)).asSecret())
        .build();
  }

  /** The Secret with the user's own certificate. */
  public static SecretArgs certificate(Certificate certificate) {
    return SecretArgs.builder()
        .metadata(Metadata.of(Namespaces.EDGE, CERTIFICATE, EdgePod.LABELS))
        .type("kubernetes.io/tls")
        .stringData(
            certificate
                .key()
                .asOutput()
                .applyValue(
                    key -> Map.of(CERTIFICATE_FILE, certificate.chain(), PRIVATE_KEY_FILE, key))
                .asSecret())
        .build();
  }

  private static String script() {
    return Scripts.read(EdgeManifests.class, SCRIPT_FILE);
  }

  /** The headless Service that a StatefulSet needs; {@link EdgeJob} finds the pod through it. */
  public static ServiceArgs service() {
    return ServiceArgs.builder()
        .metadata(Metadata.of(Namespaces.EDGE, EdgePod.NAME, EdgePod.LABELS))
        .spec(
            ServiceSpecArgs.builder()
                .type(Either.ofLeft("ClusterIP"))
                .clusterIP("None")
                .selector(EdgePod.LABELS.selector())
                .ports(
                    ServicePortArgs.builder().name("https").port(EdgePod.HTTPS).build(),
                    ServicePortArgs.builder().name("health").port(EdgePod.HEALTH).build())
                .build())
        .build();
  }

  /**
   * The StatefulSet.
   *
   * <p>Kubernetes lets neither the volumes nor the order of its pods change: from one node to
   * several, and back, Pulumi deletes it before it creates it again. The volume of the one stays.
   *
   * @param config image, resources, nodes, and whether there is a certificate to mount
   * @param calls how it reaches functions
   */
  public static StatefulSetArgs statefulSet(EdgeConfig config, CallPath calls) {
    var spec =
        StatefulSetSpecArgs.builder()
            .replicas(config.replicas())
            .serviceName(EdgePod.NAME)
            .selector(Metadata.selector(EdgePod.LABELS))
            .template(
                PodTemplateSpecArgs.builder()
                    .metadata(
                        ObjectMetaArgs.builder()
                            .labels(EdgePod.LABELS.all())
                            .annotations(Map.of(Checksums.CONFIG, Checksums.of(script())))
                            .build())
                    .spec(EdgePod.of(config, calls))
                    .build());
    if (config.replicas() == 1) {
      spec.volumeClaimTemplates(certificates());
    } else {
      // At the start none waits for another, whose node may be away; restarts are one by one.
      spec.podManagementPolicy("Parallel");
    }
    return StatefulSetArgs.builder()
        .metadata(Metadata.of(Namespaces.EDGE, EdgePod.NAME, EdgePod.LABELS))
        .spec(spec.build())
        .build();
  }

  /** At most one of several pods may be away for maintenance of a node. */
  public static PodDisruptionBudgetArgs disruptionBudget() {
    return PodDisruptionBudgetArgs.builder()
        .metadata(Metadata.of(Namespaces.EDGE, EdgePod.NAME, EdgePod.LABELS))
        .spec(
            PodDisruptionBudgetSpecArgs.builder()
                .maxUnavailable(1)
                .selector(Metadata.selector(EdgePod.LABELS))
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
                        .requests(Map.of("storage", CERTIFICATES_SIZE.text()))
                        .build())
                .build())
        .build();
  }
}
