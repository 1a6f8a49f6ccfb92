package dev.nordfaas.components;

import com.pulumi.kubernetes.apps.v1.StatefulSet;
import com.pulumi.kubernetes.batch.v1.Job;
import com.pulumi.kubernetes.core.v1.ConfigMap;
import com.pulumi.kubernetes.core.v1.Namespace;
import com.pulumi.kubernetes.core.v1.Secret;
import com.pulumi.kubernetes.core.v1.Service;
import com.pulumi.kubernetes.core.v1.ServiceAccount;
import com.pulumi.kubernetes.networking.v1.NetworkPolicy;
import com.pulumi.kubernetes.policy.v1.PodDisruptionBudget;
import com.pulumi.kubernetes.rbac.v1.Role;
import com.pulumi.kubernetes.rbac.v1.RoleBinding;
import com.pulumi.resources.CustomResourceOptions;
import com.pulumi.resources.Resource;
import dev.nordfaas.edge.Caddyfile;
import dev.nordfaas.edge.EdgeJob;
import dev.nordfaas.edge.EdgeManifests;
import dev.nordfaas.edge.EdgePolicies;
import dev.nordfaas.edge.EdgeRbac;
import java.util.ArrayList;
import java.util.List;

/** The edge of {@link OpenFaas}. */
final class OpenFaasEdge {
  private OpenFaasEdge() {}

  /** Returns the Job that ends once the edge has read its config. */
  static Resource create(Component owner, OpenFaasArgs args, Namespace namespace) {
    var caddyfile =
        Caddyfile.of(args.edge(), args.domain(), args.routes(), args.config().gateway());
    var inNamespace = owner.childOptions(List.of(namespace));
    var needed = new ArrayList<Resource>();
    // The Secret first: the Caddyfile contains its version.
    args.edge()
        .certificate()
        .ifPresent(
            certificate ->
                needed.add(
                    new Secret(
                        owner.child("edge-certificate"),
                        EdgeManifests.certificate(certificate),
                        inNamespace)));
    var config =
        new ConfigMap(
            owner.child("edge-config"),
            EdgeManifests.config(args.edge(), caddyfile),
            owner.childOptions(needed.isEmpty() ? List.of(namespace) : List.copyOf(needed)));
    needed.add(config);
    needed.add(new Service(owner.child("edge-service"), EdgeManifests.service(), inNamespace));
    needed.add(
        new NetworkPolicy(
            owner.child("edge-policy"),
            EdgePolicies.edge(args.edge(), args.networks()).args(),
            inNamespace));
    if (args.edge().sharesCertificates()) {
      needed.addAll(access(owner, inNamespace));
    }
    var edge =
        new StatefulSet(
            owner.child("edge"),
            EdgeManifests.statefulSet(args.edge()),
            owner.childOptions(needed));
    if (args.edge().replicas() > 1) {
      new PodDisruptionBudget(
          owner.child("edge-disruption"), EdgeManifests.disruptionBudget(), inNamespace);
    }
    var check =
        List.<Resource>of(
            edge,
            new ConfigMap(owner.child("edge-check-config"), EdgeJob.configMap(), inNamespace),
            new NetworkPolicy(
                owner.child("edge-check-policy"), EdgePolicies.check().args(), inNamespace));
    return new Job(
        owner.child("edge-check"), EdgeJob.job(args.edge(), caddyfile), owner.childOptions(check));
  }

  /** To the storage that several edges share. */
  private static List<Resource> access(Component owner, CustomResourceOptions options) {
    return List.of(
        new ServiceAccount(owner.child("edge-account"), EdgeRbac.account(), options),
        new Role(owner.child("edge-role"), EdgeRbac.role(), options),
        new RoleBinding(owner.child("edge-role-binding"), EdgeRbac.binding(), options));
  }
}
