package dev.nordfaas.policy;

import dev.nordfaas.config.Durations;
import dev.nordfaas.config.IssuerConfig;
import dev.nordfaas.config.StackConfig;
import dev.nordfaas.config.check.Problems;
import dev.nordfaas.config.model.KeyPath;
import dev.nordfaas.plan.Plan;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Each issuer is there once, and its keys come from one place, which the edge can reach, or are in
 * the config.
 */
final class IssuerRule implements Rule {
  private static final KeyPath ISSUERS = KeyPath.of("edge", "issuers");
  private static final Duration MAX_LEEWAY = Duration.ofMinutes(5);

  @Override
  public void check(StackConfig config, Plan plan, Problems problems) {
    var issuers = config.edge().issuers();
    checkOnce(issuers, problems);
    issuers.forEach((name, issuer) -> checkIssuer(ISSUERS.key(name), issuer, problems));
  }

  /** A caller is known by issuer and subject: two would not agree on what the subject is. */
  private static void checkOnce(Map<String, IssuerConfig> issuers, Problems problems) {
    var names = new HashMap<String, String>();
    issuers.forEach(
        (name, issuer) ->
            Optional.ofNullable(names.putIfAbsent(issuer.issuer(), name))
                .ifPresent(
                    other ->
                        problems.add(
                            ISSUERS.key(name).key("issuer"),
                            "%s is already issuer %s".formatted(issuer.issuer(), other),
                            "use that one, with all its audiences, in each auth",
                            ISSUERS.key(other).key("issuer"))));
  }

  private static void checkIssuer(KeyPath path, IssuerConfig issuer, Problems problems) {
    var sources = sources(issuer);
    if (sources.isEmpty()) {
      problems.add(
          path,
          "says nowhere what its keys are",
          "add discovery, jwks or keys",
          path.key("discovery"),
          path.key("jwks"),
          path.key("keys"));
    }
    sources.stream()
        .skip(1)
        .forEach(
            key ->
                problems.add(
                    path.key(key),
                    "says again what the keys are, after %s".formatted(sources.get(0)),
                    "keep one of them",
                    path.key(sources.get(0))));
    issuer
        .host()
        .ifPresentOrElse(
            host -> checkHost(path, issuer, host.host(), problems),
            () -> checkPinned(path, issuer, problems));
    issuer.keys().ifPresent(keys -> checkKeys(path, keys, issuer.algorithms(), problems));
    issuer.roots().ifPresent(roots -> checkRoots(path.key("roots"), roots, problems));
    if (issuer.leeway().compareTo(MAX_LEEWAY) > 0) {
      problems.add(
          path.key("leeway"),
          "%s is out of range".formatted(Durations.format(issuer.leeway())),
          "use 0s to 5m: the clocks of hosts are set over the network");
    }
  }

  private static List<String> sources(IssuerConfig issuer) {
    var sources = new LinkedHashMap<String, Optional<String>>();
    sources.put("discovery", issuer.discovery());
    sources.put("jwks", issuer.jwks());
    sources.put("keys", issuer.keys());
    sources.values().removeIf(Optional::isEmpty);
    return List.copyOf(sources.keySet());
  }

  private static void checkHost(KeyPath path, IssuerConfig issuer, String host, Problems problems) {
    var url = path.key(issuer.discovery().isPresent() ? "discovery" : "jwks");
    if (issuer.country().isEmpty()) {
      problems.add(
          path.key("country"),
          "is missing, but the edge connects to " + host,
          "add the country where that is, such as \"NO\"",
          url);
    }
    if (issuer.cidrs().isEmpty()) {
      problems.add(
          path.key("cidrs"),
          "is missing, and network policies cannot use the name " + host,
          "add the networks that the host is in, such as [198.51.100.0/24]",
          url);
    }
  }

  private static void checkPinned(KeyPath path, IssuerConfig issuer, Problems problems) {
    if (issuer.keys().isEmpty()) {
      return;
    }
    Map.of(
            "country", issuer.country().isPresent(),
            "cidrs", !issuer.cidrs().isEmpty(),
            "roots", issuer.roots().isPresent())
        .forEach(
            (key, isGiven) -> {
              if (isGiven) {
                problems.add(
                    path.key(key),
                    "is not used, as the keys are in the config and the edge connects to nobody",
                    "remove it, or use discovery or jwks instead of keys",
                    path.key("keys"));
              }
            });
  }

  private static void checkKeys(
      KeyPath path, String keys, List<String> algorithms, Problems problems) {
    JwkSet.refusal(keys, algorithms)
        .ifPresent(
            refusal ->
                problems.add(
                    path.key("keys"), refusal.reason(), refusal.fix(), path.key("algorithms")));
  }

  private static void checkRoots(KeyPath path, String roots, Problems problems) {
    try {
      PemCertificates.parse(roots);
    } catch (CertificateException e) {
      problems.add(path, "is not one or more certificates in PEM", PemCertificates.FIX);
    }
  }
}
