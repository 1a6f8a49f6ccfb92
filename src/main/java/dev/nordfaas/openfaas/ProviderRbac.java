package dev.nordfaas.openfaas;

import com.pulumi.kubernetes.core.v1.ServiceAccountArgs;
import com.pulumi.kubernetes.rbac.v1.RoleArgs;
import com.pulumi.kubernetes.rbac.v1.RoleBindingArgs;
import com.pulumi.kubernetes.rbac.v1.inputs.PolicyRuleArgs;
import com.pulumi.kubernetes.rbac.v1.inputs.RoleRefArgs;
import com.pulumi.kubernetes.rbac.v1.inputs.SubjectArgs;
import dev.nordfaas.config.OpenFaasConfig.Edition;
import dev.nordfaas.manifest.Metadata;
import dev.nordfaas.manifest.Namespaces;
import java.util.ArrayList;

/**
 * What the provider may do: read the functions and find their pods, in their namespace only.
 *
 * <p>OpenFaaS' chart also lets it write Deployments, Services and Secrets. Here functions and their
 * secrets come from {@code pulumi up} alone, so {@code faas-cli list, describe, logs} and calls
 * work, while {@code deploy, remove, scale, secret} are refused by the API server. Preview checks
 * the replica limit of the Community Edition, which its provider could otherwise enforce by
 * writing.
 */
public final class ProviderRbac {
  static final String NAME = "openfaas-provider";

  private ProviderRbac() {}

  /** The account of the gateway's pod; only the provider's container gets its token. */
  public static ServiceAccountArgs account() {
    return ServiceAccountArgs.builder()
        .metadata(Metadata.of(Namespaces.OPENFAAS, NAME, Gateway.LABELS))
        .automountServiceAccountToken(false)
        .build();
  }

  /** The role in the functions' namespace. */
  public static RoleArgs role(Edition edition) {
    var rules = new ArrayList<PolicyRuleArgs>();
    rules.add(read("apps", "deployments"));
    rules.add(read("", "endpoints", "pods", "pods/log"));
    if (edition == Edition.STANDARD) {
      rules.add(read("discovery.k8s.io", "endpointslices"));
    }
    return RoleArgs.builder()
        .metadata(Metadata.of(Namespaces.FUNCTIONS, NAME, Gateway.LABELS))
        .rules(rules)
        .build();
  }

  /** Gives the account the role. */
  public static RoleBindingArgs binding() {
    return RoleBindingArgs.builder()
        .metadata(Metadata.of(Namespaces.FUNCTIONS, NAME, Gateway.LABELS))
        .roleRef(
            RoleRefArgs.builder()
                .apiGroup("rbac.authorization.k8s.io")
                .kind("Role")
                .name(NAME)
                .build())
        .subjects(
            SubjectArgs.builder()
                .kind("ServiceAccount")
                .name(NAME)
                .namespace(Namespaces.OPENFAAS)
                .build())
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
