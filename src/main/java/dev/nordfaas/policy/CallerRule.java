package dev.nordfaas.policy;

import dev.nordfaas.config.ApiKeyConfig;
import dev.nordfaas.config.AuthConfig;
import dev.nordfaas.config.CallerLimit;
import dev.nordfaas.config.Durations;
import dev.nordfaas.config.EdgeConfig;
import dev.nordfaas.config.SecretValue;
import dev.nordfaas.config.StackConfig;
import dev.nordfaas.config.check.Problems;
import dev.nordfaas.config.model.KeyPath;
import dev.nordfaas.plan.Plan;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What callers are known by can be used, and is; and what they may send is within reason. */
final class CallerRule implements Rule {
  private static final KeyPath EDGE = KeyPath.of("edge");
  private static final KeyPath API_KEYS = EDGE.key("apiKeys");
  private static final KeyPath AUTHORITIES = EDGE.key("authorities");
  private static final KeyPath LIMIT = EDGE.key("callerLimit");
  private static final KeyPath LARGEST_BODY = EDGE.key("maxRequestBody");

  /** As hexadecimal digits drawn at random they are 128 bits. */
  private static final int SHORTEST_KEY = 32;

  /** Others do not get through as X-Api-Key: a comma looks like a second key, spaces may go. */
  private static final Pattern SENDABLE = Pattern.compile("[!-+\\--~]*");

  private static final String ANOTHER_KEY =
      "use one that was drawn at random, such as by `openssl rand -hex 32`";

  /** Retry-After is in whole seconds; each caller costs memory until the window has passed. */
  private static final Duration SHORTEST_WINDOW = Duration.ofSeconds(1);

  private static final Duration LONGEST_WINDOW = Duration.ofHours(1);

  @Override
  public void check(StackConfig config, Plan plan, Problems problems) {
    checkKeys(config.edge(), problems);
    checkOwners(config.edge(), problems);
    checkAuthorities(config.edge(), problems);
    config.edge().callerLimit().ifPresent(limit -> checkLimit(limit, config, problems));
    checkUse(config, problems);
  }

  private static void checkKeys(EdgeConfig edge, Problems problems) {
    owned(edge)
        .forEach(
            owned -> {
              if (owned.key().isShorterThan(SHORTEST_KEY)) {
                problems.add(
                    owned.path(),
                    "has fewer than %d characters, so it could be found by trying"
                        .formatted(SHORTEST_KEY),
                    ANOTHER_KEY);
              }
              if (owned.key().isUnlike(SENDABLE)) {
                problems.add(
                    owned.path(),
                    "has a comma, a space, or what is no visible ASCII, and would not get through in a header",
                    ANOTHER_KEY);
              }
            });
  }

  /** A key, as the edge finds it. */
  private record Owned(String owner, KeyPath path, SecretValue key) {
    static Stream<Owned> of(String owner, ApiKeyConfig keys) {
      var path = API_KEYS.key(owner);
      return Stream.concat(
          Stream.of(new Owned(owner, path.key("key"), keys.key())),
          keys.previous().stream().map(it -> new Owned(owner, path.key("previous"), it)));
    }

    boolean isAlso(Owned other) {
      return !owner.equals(other.owner()) && key.isKnownAs(other.key());
    }
  }

  private static Stream<Owned> owned(EdgeConfig edge) {
    return edge.apiKeys().entrySet().stream()
        .flatMap(keys -> Owned.of(keys.getKey(), keys.getValue()));
  }

  private static void checkOwners(EdgeConfig edge, Problems problems) {
    var seen = new ArrayList<Owned>();
    owned(edge)
        .forEach(
            owned -> {
              seen.stream()
                  .filter(owned::isAlso)
                  .findFirst()
                  .ifPresent(
                      other ->
                          problems.add(
                              owned.path(),
                              "is also %s, and the edge tells callers apart by their keys"
                                  .formatted(other.path()),
                              "give each a key of its own, such as by `openssl rand -hex 32`",
                              other.path()));
              seen.add(owned);
            });
  }

  private static void checkAuthorities(EdgeConfig edge, Problems problems) {
    edge.authorities()
        .forEach(
            (name, authority) -> {
              try {
                PemCertificates.parse(authority.roots());
              } catch (CertificateException e) {
                problems.add(
                    AUTHORITIES.key(name).key("roots"),
                    "is not one or more certificates in PEM",
                    PemCertificates.FIX);
              }
            });
  }

  private static void checkLimit(CallerLimit limit, StackConfig config, Problems problems) {
    if (limit.requests().isEmpty() && limit.bytes().isEmpty() && limit.inFlight().isEmpty()) {
      problems.add(LIMIT, "limits nothing", "add requests, bytes or inFlight, or remove it");
    }
    var largest = config.edge().maxRequestBody();
    limit
        .bytes()
        .filter(bytes -> bytes.bytes() < largest.bytes())
        .ifPresent(
            bytes ->
                problems.add(
                    LIMIT.key("bytes"),
                    "%s is less than one request may have, edge.maxRequestBody %s, which would never get through"
                        .formatted(bytes.text(), largest.text()),
                    "use %s or more".formatted(largest.text()),
                    LARGEST_BODY));
    var window = limit.window();
    if (window.compareTo(SHORTEST_WINDOW) < 0 || window.compareTo(LONGEST_WINDOW) > 0) {
      problems.add(
          LIMIT.key("window"),
          "%s is out of range".formatted(Durations.format(window)),
          "use 1s to 1h");
    }
  }

  private static void checkUse(StackConfig config, Problems problems) {
    var edge = config.edge();
    var auths = Auths.of(config).stream().map(Auths.Auth::config).toList();
    warnOfUnused(
        "issuers", edge.issuers().keySet(), names(auths, auth -> auth.issuer().stream()), problems);
    warnOfUnused(
        "apiKeys",
        edge.apiKeys().keySet(),
        names(auths, auth -> Stream.concat(auth.apiKeys().stream(), auth.basic().stream())),
        problems);
    warnOfUnused(
        "authorities",
        edge.authorities().keySet(),
        names(auths, auth -> auth.mtls().map(AuthConfig.Mtls::authority).stream()),
        problems);
    if (edge.callerLimit().isPresent()
        && auths.stream().noneMatch(AuthConfig::asksForCredentials)) {
      problems.warn(
          LIMIT,
          "limits nobody, as no route asks who is calling",
          "give a route an auth that is not public, or remove it",
          Auths.INTAKE,
          Auths.FUNCTIONS);
    }
  }

  private static Collection<String> names(
      List<AuthConfig> auths, Function<AuthConfig, Stream<String>> names) {
    return new HashSet<>(auths.stream().flatMap(names).toList());
  }

  private static void warnOfUnused(
      String key, Collection<String> defined, Collection<String> used, Problems problems) {
    defined.stream()
        .filter(name -> !used.contains(name))
        .forEach(
            name ->
                problems.warn(
                    EDGE.key(key).key(name),
                    "no route lets callers in by it",
                    "name it in a route's auth, or remove it",
                    Auths.INTAKE,
                    Auths.FUNCTIONS));
  }
}
