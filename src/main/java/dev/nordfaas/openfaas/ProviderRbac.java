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
import dev.nordfaas.manifest.PullSecret;
import java.util.ArrayList;
import java.util.List;

/**
 * What the provider may do: read the functions and find their pods, in their namespace only.
 *
 * <p>OpenFaaS' chart also lets it write Deployments, Services and Secrets. Here functions and their
 * secrets only come from {@code pulumi up}, so {@code faas-cli list, describe, logs} and calls
 * work, while {@code deploy, remove, scale, secret} are refused by the API server. Preview checks
 * the replica limit of the Community Edition, which its provider could otherwise enforce by
 * writing.
 */
public final class ProviderRbac {
  static final String NAME = "openfaas-provider";
  private static final String PROFILES = NAME + "-profiles";

  private ProviderRbac() {}

  /** The account of the gateway's pod; only the provider's container gets its token. */
  public static ServiceAccountArgs account(PullSecret pullSecret) {
    return pullSecret
        .on(ServiceAccountArgs.builder())
        .metadata(Metadata.of(Namespaces.OPENFAAS, NAME, Gateway.LABELS))
        .automountServiceAccountToken(false)
        .build();
  }

  /** The role in the functions' namespace. */
  public static RoleArgs role(Edition edition) {
    var rules = new ArrayList<PolicyRuleArgs>();
    rules.add(read("apps", "deployments"));
    rules.add(read("", "endpoints", "pods"));
    rules.add(rule("", List.of("get"), "pods/log"));
    if (edition == Edition.STANDARD) {
      rules.add(read("discovery.k8s.io", "endpointslices"));
    }
    return RoleArgs.builder()
        .metadata(Metadata.of(Namespaces.FUNCTIONS, NAME, Gateway.LABELS))
        .rules(rules)
        .build();
  }

  /**
   * The role in the gateway's own namespace, for the standard edition: its provider looks for the
   * profiles of functions there.
   */
  public static RoleArgs profilesRole() {
    return RoleArgs.builder()
        .metadata(Metadata.of(Namespaces.OPENFAAS, PROFILES, Gateway.LABELS))
        .rules(read(OpenFaasProfiles.GROUP, OpenFaasProfiles.PLURAL))
        .build();
  }

  /** Gives the account the role in the functions' namespace. */
  public static RoleBindingArgs binding() {
    return binding(Namespaces.FUNCTIONS, NAME);
  }

  /** Gives the account the role in the gateway's own namespace. */
  public static RoleBindingArgs profilesBinding() {
    return binding(Namespaces.OPENFAAS, PROFILES);
  }

  private static RoleBindingArgs binding(String namespace, String role) {
    return RoleBindingArgs.builder()
        .metadata(Metadata.of(namespace, role, Gateway.LABELS))
        .roleRef(
            RoleRefArgs.builder()
                .apiGroup("rbac.authorization.k8s.io")
                .kind("Role")
                .name(role)
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
    return rule(group, List.of("get", "list", "watch"), resources);
  }

  private static PolicyRuleArgs rule(String group, List<String> verbs, String... resources) {
    return PolicyRuleArgs.builder().apiGroups(group).resources(resources).verbs(verbs).build();
  }
}
