package dev.nordfaas.edge;

import com.pulumi.kubernetes.core.v1.ServiceAccountArgs;
import com.pulumi.kubernetes.rbac.v1.RoleArgs;
import com.pulumi.kubernetes.rbac.v1.RoleBindingArgs;
import com.pulumi.kubernetes.rbac.v1.inputs.PolicyRuleArgs;
import com.pulumi.kubernetes.rbac.v1.inputs.RoleRefArgs;
import com.pulumi.kubernetes.rbac.v1.inputs.SubjectArgs;
import dev.nordfaas.manifest.Metadata;
import dev.nordfaas.manifest.Namespaces;
import java.util.List;

/**
 * What several edges may do to share their certificates: read and write the Secrets and Leases of
 * their own namespace, in which there is nothing else that is secret.
 */
public final class EdgeRbac {
  private EdgeRbac() {}

  /** The account of the edge's pods. */
  public static ServiceAccountArgs account() {
    return ServiceAccountArgs.builder()
        .metadata(Metadata.of(Namespaces.EDGE, EdgePod.NAME, EdgePod.LABELS))
        .automountServiceAccountToken(false)
        .build();
  }

  /** The role in the edge's namespace. */
  public static RoleArgs role() {
    return RoleArgs.builder()
        .metadata(Metadata.of(Namespaces.EDGE, EdgePod.NAME, EdgePod.LABELS))
        .rules(
            rule("", "secrets", List.of("get", "list", "create", "update", "delete")),
            rule("coordination.k8s.io", "leases", List.of("get", "create", "update", "delete")))
        .build();
  }

  /** Gives the account the role. */
  public static RoleBindingArgs binding() {
    return RoleBindingArgs.builder()
        .metadata(Metadata.of(Namespaces.EDGE, EdgePod.NAME, EdgePod.LABELS))
        .roleRef(
            RoleRefArgs.builder()
                .apiGroup("rbac.authorization.k8s.io")
                .kind("Role")
                .name(EdgePod.NAME)
                .build())
        .subjects(
            SubjectArgs.builder()
                .kind("ServiceAccount")
                .name(EdgePod.NAME)
                .namespace(Namespaces.EDGE)
                .build())
        .build();
  }

  private static PolicyRuleArgs rule(String group, String resource, List<String> verbs) {
    return PolicyRuleArgs.builder().apiGroups(group).resources(resource).verbs(verbs).build();
  }
}
