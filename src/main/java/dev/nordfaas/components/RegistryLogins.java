package dev.nordfaas.components;

import com.pulumi.core.Output;
import com.pulumi.kubernetes.core.v1.Namespace;
import com.pulumi.kubernetes.core.v1.Secret;
import com.pulumi.resources.Resource;
import dev.nordfaas.config.OpenFaasConfig.RegistryLogin;
import dev.nordfaas.manifest.Labels;
import dev.nordfaas.manifest.Namespaces;
import dev.nordfaas.manifest.PullSecret;
import dev.nordfaas.openfaas.Gateway;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The Secrets with the registry logins, in the namespaces of OpenFaaS. */
final class RegistryLogins {
  private RegistryLogins() {}

  /**
   * Returns the one in the functions' namespace, which depends on the other.
   *
   * @param system the namespace of gateway and Prometheus, if there is either
   */
  static Optional<Resource> create(
      Map<String, RegistryLogin> registries,
      Component owner,
      Optional<Namespace> system,
      Namespace functions) {
    if (registries.isEmpty()) {
      return Optional.empty();
    }
    var users = new TreeMap<String, String>();
    registries.forEach((host, login) -> users.put(host, login.username()));
    Output<Map<String, String>> passwords =
        Secrets.all(new TreeMap<>(registries), login -> login.password().asOutput());
    var needed = new ArrayList<Resource>(List.of(functions));
    system
        .map(
            namespace ->
                new Secret(
                    owner.child("registries"),
                    PullSecret.secret(Namespaces.OPENFAAS, Gateway.LABELS, users, passwords),
                    owner.childOptions(List.of(namespace))))
        .ifPresent(needed::add);
    return Optional.of(
        new Secret(
            owner.child("functions-registries"),
            PullSecret.secret(
                Namespaces.FUNCTIONS,
                new Labels(Namespaces.FUNCTIONS, "functions"),
                users,
                passwords),
            owner.childOptions(needed)));
  }
}
