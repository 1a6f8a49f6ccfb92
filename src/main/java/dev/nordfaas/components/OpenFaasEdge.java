package dev.nordfaas.components;

import com.pulumi.core.Output;
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
import dev.nordfaas.edge.ApiKeys;
import dev.nordfaas.edge.Caddyfile;
import dev.nordfaas.edge.EdgeJob;
import dev.nordfaas.edge.EdgeManifests;
import dev.nordfaas.edge.EdgePolicies;
import dev.nordfaas.edge.EdgeRbac;
import dev.nordfaas.manifest.Checksums;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The edge of {@link OpenFaas}. */
final class OpenFaasEdge {
  private OpenFaasEdge() {}

  /** Returns the Job that ends once the edge has read its config. */
  static Resource create(Component owner, OpenFaasArgs args, Namespace namespace) {
    var keys = Optional.of(args.edge().apiKeys()).filter(it -> !it.isEmpty()).map(ApiKeys::file);
    var caddyfile = caddyfile(owner, args, keys);
    var inNamespace = owner.childOptions(List.of(namespace));
    var needed = new ArrayList<Resource>();
    // The Secrets first: the Caddyfile contains their version.
    args.edge()
        .certificate()
        .ifPresent(
            certificate ->
                needed.add(
                    new Secret(
                        owner.child("edge-certificate"),
                        EdgeManifests.certificate(certificate),
                        inNamespace)));
    keys.ifPresent(
        file ->
            needed.add(
                new Secret(owner.child("edge-keys"), EdgeManifests.keys(file), inNamespace)));
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
            EdgePolicies.edge(args.edge(), args.routes(), args.networks()).args(),
            inNamespace));
    if (args.edge().sharesCertificates()) {
      needed.addAll(access(owner, inNamespace));
    }
    var edge =
        new StatefulSet(
            owner.child("edge"),
            EdgeManifests.statefulSet(args.edge(), args.routes().calls()),
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

  /** A changed API key is a changed version: the edge has read it once it has that. */
  private static Output<String> caddyfile(
      Component owner, OpenFaasArgs args, Optional<Output<String>> keys) {
    var text = Caddyfile.of(args.edge(), args.domain(), args.routes(), args.timeouts());
    return keys.map(file -> checksum(owner, file).applyValue(it -> Caddyfile.withKeys(text, it)))
        .orElseGet(() -> Output.of(text));
  }

  private static Output<String> checksum(Component owner, Output<String> keys) {
    return Checksums.ofChosen(
        GeneratedPassword.create(owner.child("edge-keys-checksum"), owner),
        keys.applyValue(file -> Map.of(EdgeManifests.KEYS, file)));
  }

  /** To the storage that several edges share. */
  private static List<Resource> access(Component owner, CustomResourceOptions options) {
    return List.of(
        new ServiceAccount(owner.child("edge-account"), EdgeRbac.account(), options),
        new Role(owner.child("edge-role"), EdgeRbac.role(), options),
        new RoleBinding(owner.child("edge-role-binding"), EdgeRbac.binding(), options));
  }
}
