package dev.nordfaas.components;

import com.pulumi.core.Output;
import com.pulumi.core.annotations.Export;
import com.pulumi.kubernetes.apiextensions.v1.CustomResourceDefinition;
import com.pulumi.kubernetes.apps.v1.Deployment;
import com.pulumi.kubernetes.core.v1.LimitRange;
import com.pulumi.kubernetes.core.v1.Namespace;
import com.pulumi.kubernetes.core.v1.Secret;
import com.pulumi.kubernetes.core.v1.Service;
import com.pulumi.kubernetes.core.v1.ServiceAccount;
import com.pulumi.kubernetes.networking.v1.NetworkPolicy;
import com.pulumi.kubernetes.policy.v1.PodDisruptionBudget;
import com.pulumi.kubernetes.rbac.v1.Role;
import com.pulumi.kubernetes.rbac.v1.RoleBinding;
import com.pulumi.resources.ComponentResourceOptions;
import com.pulumi.resources.Resource;
import dev.nordfaas.config.OpenFaasConfig.Edition;
import dev.nordfaas.edge.EdgeManifests;
import dev.nordfaas.edge.EdgePod;
import dev.nordfaas.manifest.DiskLimits;
import dev.nordfaas.manifest.Labels;
import dev.nordfaas.manifest.Namespaces;
import dev.nordfaas.manifest.NetworkPolicies;
import dev.nordfaas.manifest.PullSecret;
import dev.nordfaas.manifest.ServiceAddress;
import dev.nordfaas.openfaas.BasicAuth;
import dev.nordfaas.openfaas.Gateway;
import dev.nordfaas.openfaas.GatewayManifests;
import dev.nordfaas.openfaas.OpenFaasNamespaces;
import dev.nordfaas.openfaas.OpenFaasPolicies;
import dev.nordfaas.openfaas.OpenFaasProfiles;
import dev.nordfaas.openfaas.ProviderRbac;
import dev.nordfaas.plan.OpenFaasTargets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * OpenFaaS and the edge in front of it: namespaces {@code openfaas}, {@code openfaas-fn} and {@code
 * edge}, each closed by default; the gateway with its provider; Caddy with TLS on ports 80 and 443.
 *
 * <p>Functions are {@link FunctionWorkload}s, not created by OpenFaaS: the provider only reads
 * them.
 */
public final class OpenFaas extends Component {
  @Export(name = "gatewayUrl", refs = String.class)
  private final Output<String> gatewayUrl;

  @Export(name = "internalGatewayUrl", refs = String.class)
  private final Output<String> internalGatewayUrl;

  @Export(name = "adminPassword", refs = String.class)
  private final Output<String> adminPassword;

  @Export(name = "functionsNamespace", refs = String.class)
  private final Output<String> functionsNamespace;

  /**
   * Creates OpenFaaS and the edge.
   *
   * @param name name of this resource; its children's names begin with it
   * @param args edition, edge and routes
   * @param options parent and the Kubernetes provider
   */
  public OpenFaas(String name, OpenFaasArgs args, ComponentResourceOptions options) {
    super(OpenFaas.class, name, options);

    var system =
        new Namespace(child("namespace"), OpenFaasNamespaces.system(), first(childOptions()));
    var functions =
        new Namespace(
            child("functions-namespace"), OpenFaasNamespaces.functions(), first(childOptions()));
    var edge =
        new Namespace(child("edge-namespace"), EdgeManifests.namespace(), first(childOptions()));
    isolate("", Namespaces.OPENFAAS, Gateway.LABELS, system);
    isolate(
        "functions-",
        Namespaces.FUNCTIONS,
        new Labels(Namespaces.FUNCTIONS, "functions"),
        functions);
    isolate("edge-", Namespaces.EDGE, EdgePod.LABELS, edge);

    this.adminPassword =
        GeneratedPassword.create(
            child("admin-password"),
            args.config().rotation().password().<List<Object>>map(List::of).orElse(List.of()),
            this);
    var logins = RegistryLogins.create(args.config().registries(), this, system, functions);
    var gateway = gateway(args, system, functions, logins);
    var edgeReady = OpenFaasEdge.create(this, args, edge);

    // The names are known before anything exists; what uses them waits until it does.
    this.gatewayUrl = after(edgeReady, "https://" + args.domain().text());
    this.internalGatewayUrl = after(gateway, ServiceAddress.GATEWAY.url());
    this.functionsNamespace = after(logins.orElse(functions), Namespaces.FUNCTIONS);
    registerOutputs(
        Map.of(
            "gatewayUrl", gatewayUrl,
            "internalGatewayUrl", internalGatewayUrl,
            "adminPassword", adminPassword,
            "functionsNamespace", functionsNamespace));
  }

  /** Address of the edge, for clients outside the cluster. */
  public Output<String> gatewayUrl() {
    return gatewayUrl;
  }

  /**
   * Address of the gateway inside the cluster; only reachable for pods with the gateway-client
   * label.
   */
  public Output<String> internalGatewayUrl() {
    return internalGatewayUrl;
  }

  /** Password of the user {@code admin} at the gateway; a secret. */
  public Output<String> adminPassword() {
    return adminPassword;
  }

  /** Name of the functions' namespace; resolves once it exists. */
  public Output<String> functionsNamespace() {
    return functionsNamespace;
  }

  private void isolate(String prefix, String namespace, Labels labels, Namespace owner) {
    new LimitRange(
        child(prefix + "disk-limits"),
        DiskLimits.of(namespace, labels),
        childOptions(List.of(owner)));
    new NetworkPolicy(
        child(prefix + "default-deny"),
        NetworkPolicies.defaultDeny(namespace, labels),
        childOptions(List.of(owner)));
  }

  private Resource gateway(
      OpenFaasArgs args, Namespace system, Namespace functions, Optional<Resource> logins) {
    var config = args.config();
    var pullSecret = new PullSecret(logins.isPresent());
    var needed = new ArrayList<Resource>();
    needed.add(
        new ServiceAccount(
            child("provider-account"),
            ProviderRbac.account(pullSecret),
            childOptions(List.of(logins.orElse(system)))));
    needed.add(
        new Role(
            child("provider-role"),
            ProviderRbac.role(config.edition()),
            childOptions(List.of(functions))));
    needed.add(
        new RoleBinding(
            child("provider-binding"), ProviderRbac.binding(), childOptions(List.of(functions))));
    needed.add(
        new Secret(
            child("basic-auth"), BasicAuth.secret(adminPassword), childOptions(List.of(system))));
    if (config.edition() == Edition.STANDARD) {
      var license = Required.argument("OpenFaas", "a license", config.license().orElse(null));
      var secret =
          new Secret(
              child("license"),
              BasicAuth.license(license.asOutput()),
              childOptions(List.of(system)));
      needed.add(secret);
      needed.addAll(profiles(system));
      config
          .jetstream()
          .ifPresent(
              jetstream ->
                  needed.add(
                      OpenFaasQueue.create(
                          this,
                          jetstream,
                          config.gateway(),
                          pullSecret,
                          with(List.of(secret), logins.orElse(system)))));
    }
    needed.add(
        new NetworkPolicy(
            child("gateway-policy"),
            OpenFaasPolicies.gateway(config, args.networks()).args(),
            childOptions(List.of(system))));
    config
        .prometheus()
        .ifPresent(
            prometheus ->
                OpenFaasMetrics.create(
                    this,
                    prometheus,
                    OpenFaasTargets.and(config, args.scrapeTargets()),
                    pullSecret,
                    with(List.of(functions), logins.orElse(system))));
    var deployment =
        new Deployment(
            child("gateway"),
            GatewayManifests.deployment(config, args.edge().image(), adminPassword, args.tuning()),
            childOptions(needed));
    if (config.gateway().replicas() > 1) {
      new PodDisruptionBudget(
          child("gateway-disruption-budget"),
          GatewayManifests.disruptionBudget(),
          childOptions(List.of(system)));
    }
    return new Service(
        child("gateway-service"), GatewayManifests.service(), childOptions(List.of(deployment)));
  }

  private List<Resource> profiles(Namespace system) {
    var definition =
        new CustomResourceDefinition(
            child("profiles"), OpenFaasProfiles.definition(), childOptions());
    var needed = childOptions(List.of(system));
    return List.of(
        definition,
        new Role(child("provider-profiles-role"), ProviderRbac.profilesRole(), needed),
        new RoleBinding(
            child("provider-profiles-binding"), ProviderRbac.profilesBinding(), needed));
  }

  private static Output<String> after(Resource resource, String value) {
    return resource.urn().applyValue(urn -> value);
  }
}
