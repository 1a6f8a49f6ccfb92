package dev.nordfaas.k3s;

import com.pulumi.kubernetes.core.v1.SecretArgs;
import com.pulumi.kubernetes.core.v1.ServiceAccountArgs;
import com.pulumi.kubernetes.meta.v1.inputs.ObjectMetaArgs;
import com.pulumi.kubernetes.rbac.v1.ClusterRoleArgs;
import com.pulumi.kubernetes.rbac.v1.ClusterRoleBindingArgs;
import com.pulumi.kubernetes.rbac.v1.inputs.PolicyRuleArgs;
import com.pulumi.kubernetes.rbac.v1.inputs.RoleRefArgs;
import com.pulumi.kubernetes.rbac.v1.inputs.SubjectArgs;
import dev.nordfaas.manifest.Labels;
import dev.nordfaas.manifest.Metadata;
import java.util.Map;

/**
 * The account for day-to-day viewing: may read everything except Secrets, and change nothing. It
 * has Kubernetes' own role {@code view}, and the cluster-wide objects that this leaves out: nodes,
 * volumes, storage classes and metrics.
 */
public final class ReaderManifests {
  /** The account, its token, and its bindings. */
  public static final String NAME = "nordfaas-reader";

  /** The role for what {@code view} leaves out. */
  public static final String CLUSTER_ROLE = "nordfaas-reader-cluster";

  /** The key of the token in the Secret. */
  public static final String TOKEN = "token";

  private static final String NAMESPACE = "kube-system";
  private static final Labels LABELS = new Labels(NAME, "cluster");

  private ReaderManifests() {}

  /** The account; no pod runs as it. */
  public static ServiceAccountArgs account() {
    return ServiceAccountArgs.builder()
        .metadata(Metadata.of(NAMESPACE, NAME, LABELS))
        .automountServiceAccountToken(false)
        .build();
  }

  /** Requests a token for the account that is valid until this Secret is deleted. */
  public static SecretArgs token() {
    return SecretArgs.builder()
        .metadata(
            ObjectMetaArgs.builder()
                .namespace(NAMESPACE)
                .name(NAME)
                .labels(LABELS.all())
                .annotations(Map.of("kubernetes.io/service-account.name", NAME))
                .build())
        .type("kubernetes.io/service-account-token")
        .build();
  }

  /** What {@code view} leaves out. */
  public static ClusterRoleArgs clusterRole() {
    return ClusterRoleArgs.builder()
        .metadata(Metadata.ofCluster(CLUSTER_ROLE, LABELS))
        .rules(
            read("", "nodes", "persistentvolumes"),
            read("storage.k8s.io", "storageclasses"),
            read("metrics.k8s.io", "nodes", "pods"))
        .build();
  }

  /** Gives the account a cluster role: {@code view} or {@link #CLUSTER_ROLE}. */
  public static ClusterRoleBindingArgs binding(String role) {
    return ClusterRoleBindingArgs.builder()
        .metadata(Metadata.ofCluster(role.equals(CLUSTER_ROLE) ? role : NAME + "-" + role, LABELS))
        .roleRef(
            RoleRefArgs.builder()
                .apiGroup("rbac.authorization.k8s.io")
                .kind("ClusterRole")
                .name(role)
                .build())
        .subjects(
            SubjectArgs.builder().kind("ServiceAccount").name(NAME).namespace(NAMESPACE).build())
        .build();
  }

  private static PolicyRuleArgs read(String group, String... resources) {
    return PolicyRuleArgs.builder()
        .apiGroups(group)
        .resources(resources)
        .verbs("get", "list", "watch")
        .build();
  }
}
