package dev.nordfaas.components;

import com.pulumi.core.Output;
import com.pulumi.kubernetes.apiextensions.v1.CustomResourceDefinition;
import com.pulumi.kubernetes.apps.v1.Deployment;
import com.pulumi.kubernetes.core.v1.Namespace;
import com.pulumi.kubernetes.core.v1.Secret;
import com.pulumi.kubernetes.core.v1.Service;
import com.pulumi.kubernetes.core.v1.ServiceAccount;
import com.pulumi.kubernetes.networking.v1.NetworkPolicy;
import com.pulumi.kubernetes.policy.v1.PodDisruptionBudget;
import com.pulumi.kubernetes.rbac.v1.Role;
import com.pulumi.kubernetes.rbac.v1.RoleBinding;
import com.pulumi.resources.Resource;
import dev.nordfaas.config.OpenFaasConfig.Edition;
import dev.nordfaas.manifest.PullSecret;
import dev.nordfaas.openfaas.BasicAuth;
import dev.nordfaas.openfaas.GatewayManifests;
import dev.nordfaas.openfaas.OpenFaasPolicies;
import dev.nordfaas.openfaas.OpenFaasProfiles;
import dev.nordfaas.openfaas.ProviderRbac;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The gateway of {@link OpenFaas}, with its provider and, if there is one, OpenFaaS' own queue. */
final class OpenFaasGateway {
  private OpenFaasGateway() {}

  /**
   * Returns its Service.
   *
   * @param password the administrator's
   * @param system its namespace
   * @param functions the functions' namespace
   * @param logins what images are pulled with, if there are logins
   */
  static Resource create(
      Component owner,
      OpenFaasArgs args,
      Output<String> password,
      Namespace system,
      Namespace functions,
      Optional<Resource> logins) {
    var config = args.config();
    var pullSecret = new PullSecret(logins.isPresent());
    var inSystem = owner.childOptions(List.of(system));
    var inFunctions = owner.childOptions(List.of(functions));
    var needed = new ArrayList<Resource>();
    needed.add(
        new ServiceAccount(
            owner.child("provider-account"),
            ProviderRbac.account(pullSecret),
            owner.childOptions(List.of(logins.orElse(system)))));
    needed.add(
        new Role(owner.child("provider-role"), ProviderRbac.role(config.edition()), inFunctions));
    needed.add(
        new RoleBinding(owner.child("provider-binding"), ProviderRbac.binding(), inFunctions));
    needed.add(new Secret(owner.child("basic-auth"), BasicAuth.secret(password), inSystem));
    if (config.edition() == Edition.STANDARD) {
      var license = Required.argument("OpenFaas", "a license", config.license().orElse(null));
      var secret =
          new Secret(owner.child("license"), BasicAuth.license(license.asOutput()), inSystem);
      needed.add(secret);
      needed.addAll(profiles(owner, system));
      config
          .jetstream()
          .ifPresent(
              jetstream ->
                  needed.add(
                      OpenFaasQueue.create(
                          owner,
                          jetstream,
                          config.gateway(),
                          pullSecret,
                          Component.with(List.of(secret), logins.orElse(system)))));
    }
    needed.add(
        new NetworkPolicy(
            owner.child("gateway-policy"),
            OpenFaasPolicies.gateway(config, args.networks()).args(),
            inSystem));
    var deployment =
        new Deployment(
            owner.child("gateway"),
            GatewayManifests.deployment(config, args.edge().image(), password, args.tuning()),
            owner.childOptions(needed));
    if (config.gateway().replicas() > 1) {
      new PodDisruptionBudget(
          owner.child("gateway-disruption-budget"), GatewayManifests.disruptionBudget(), inSystem);
    }
    return new Service(
        owner.child("gateway-service"),
        GatewayManifests.service(),
        owner.childOptions(List.of(deployment)));
  }

  private static List<Resource> profiles(Component owner, Namespace system) {
    var definition =
        new CustomResourceDefinition(
            owner.child("profiles"), OpenFaasProfiles.definition(), owner.childOptions());
    var needed = owner.childOptions(List.of(system));
    return List.of(
        definition,
        new Role(owner.child("provider-profiles-role"), ProviderRbac.profilesRole(), needed),
        new RoleBinding(
            owner.child("provider-profiles-binding"), ProviderRbac.profilesBinding(), needed));
  }
}
