package dev.nordfaas.customresource;

/**
 * Group, version and kind of a custom resource.
 *
 * @param apiVersion group and version, such as {@code postgresql.cnpg.io/v1}
 * @param kind such as {@code Cluster}
 */
public record CustomResourceType(String apiVersion, String kind) {
  /** A PostgreSQL cluster of CloudNativePG. */
  public static final CustomResourceType CLUSTER =
      new CustomResourceType("postgresql.cnpg.io/v1", "Cluster");

  /** The PgBouncers in front of a cluster of CloudNativePG. */
  public static final CustomResourceType POOLER =
      new CustomResourceType("postgresql.cnpg.io/v1", "Pooler");

  /** Backups of a cluster of CloudNativePG, by schedule. */
  public static final CustomResourceType SCHEDULED_BACKUP =
      new CustomResourceType("postgresql.cnpg.io/v1", "ScheduledBackup");

  /** A Helm chart that K3s installs and upgrades by itself. */
  public static final CustomResourceType HELM_CHART =
      new CustomResourceType("helm.cattle.io/v1", "HelmChart");

  /** What the API server admits; newer than the Kubernetes provider's Java package. */
  public static final CustomResourceType VALIDATING_ADMISSION_POLICY =
      new CustomResourceType("admissionregistration.k8s.io/v1", "ValidatingAdmissionPolicy");

  /** Where a policy applies, and what follows from a violation. */
  public static final CustomResourceType VALIDATING_ADMISSION_POLICY_BINDING =
      new CustomResourceType("admissionregistration.k8s.io/v1", "ValidatingAdmissionPolicyBinding");

  /** The type in Pulumi's notation. */
  String token() {
    return "kubernetes:%s:%s".formatted(apiVersion, kind);
  }
}
