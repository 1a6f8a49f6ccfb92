package dev.nordfaas.report;

import dev.nordfaas.config.AuthConfig;
import dev.nordfaas.config.OpenFaasConfig.Edition;
import dev.nordfaas.config.StackConfig;
import dev.nordfaas.config.model.KeyPath;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A key of the config that lets through what would be refused without it.
 *
 * @param path the key
 * @param what what is let through, in our words
 */
record Exemption(KeyPath path, String what) {
  static List<Exemption> of(StackConfig config) {
    var all = new ArrayList<Exemption>();
    config.k3s().podSecurityExemptions().stream()
        .map(
            namespace ->
                new Exemption(
                    KeyPath.of("k3s", "podSecurityExemptions"),
                    "pods of namespace %s need not be restricted".formatted(namespace)))
        .forEach(all::add);
    if (config.openfaas().acceptCommunityEdition()
        && config.openfaas().edition() == Edition.COMMUNITY) {
      all.add(
          new Exemption(
              KeyPath.of("openfaas", "acceptCommunityEdition"),
              "the Community Edition in a %s datacenter"
                  .formatted(config.datacenter().environment().name().toLowerCase(Locale.ROOT))));
    }
    config
        .queueWorker()
        .intake()
        .routes()
        .forEach(
            (name, route) ->
                everybody(
                    route.auth(),
                    KeyPath.of("queueWorker", "intake", "routes", name, "auth"),
                    all));
    config
        .functions()
        .forEach(
            (name, function) ->
                function
                    .http()
                    .ifPresent(
                        http ->
                            everybody(
                                http.auth(), KeyPath.of("functions", name, "http", "auth"), all)));
    return List.copyOf(all);
  }

  private static void everybody(Optional<AuthConfig> auth, KeyPath path, List<Exemption> all) {
    auth.filter(AuthConfig::everybody)
        .ifPresent(
            it ->
                all.add(
                    new Exemption(path.key("public"), "anybody may call, without a credential")));
  }
}
