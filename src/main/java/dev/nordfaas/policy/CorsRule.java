package dev.nordfaas.policy;

import dev.nordfaas.config.AuthConfig;
import dev.nordfaas.config.CorsConfig;
import dev.nordfaas.config.DatacenterConfig.Environment;
import dev.nordfaas.config.Durations;
import dev.nordfaas.config.StackConfig;
import dev.nordfaas.config.WebOrigin;
import dev.nordfaas.config.check.Problems;
import dev.nordfaas.config.model.KeyPath;
import dev.nordfaas.plan.Plan;
import java.time.Duration;
import java.util.TreeSet;

/**
 * Browsers believe an origin's pages no more than the network that brings them, and let them send
 * what the route needs.
 */
final class CorsRule implements Rule {
  private static final KeyPath ENVIRONMENT = KeyPath.of("datacenter", "environment");

  /** No browser keeps an answer for longer. */
  private static final Duration LONGEST = Duration.ofDays(1);

  @Override
  public void check(StackConfig config, Plan plan, Problems problems) {
    var production = config.datacenter().environment() == Environment.PRODUCTION;
    for (var route : Auths.routes(config)) {
      route
          .cors()
          .ifPresent(
              cors -> {
                route
                    .auth()
                    .ifPresent(auth -> checkCredentials(cors, auth, route.path(), problems));
                checkOrigins(cors, route.path().key("cors"), production, problems);
              });
    }
  }

  /** A page sends what {@code headers} lists, the browser what {@code credentials} says. */
  private static void checkCredentials(
      CorsConfig cors, AuthConfig auth, KeyPath route, Problems problems) {
    var headers = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    if (auth.issuer().isPresent() || !auth.basic().isEmpty()) {
      headers.add("Authorization");
    }
    if (!auth.apiKeys().isEmpty()) {
      headers.add("X-Api-Key");
    }
    var byBrowser = auth.mtls().isPresent() || !auth.basic().isEmpty();
    if (auth.asksForCredentials()
        && cors.headers().stream().noneMatch(headers::contains)
        && !(byBrowser && cors.credentials())) {
      problems.warn(
          route.key("cors").key("headers"),
          "has nothing that auth lets callers in by, so no page can call",
          headers.isEmpty()
              ? "set credentials to true, for the browser's client certificate"
              : "add " + String.join(" or ", headers),
          route.key("cors").key("credentials"),
          route.key("auth"));
    }
  }

  private static void checkOrigins(
      CorsConfig cors, KeyPath at, boolean production, Problems problems) {
    for (var i = 0; i < cors.origins().size(); i++) {
      var origin = cors.origins().get(i);
      var path = at.key("origins").index(i);
      if (cors.origins().subList(0, i).contains(origin)) {
        problems.add(path, "%s is listed twice".formatted(origin), "remove one of them");
      } else if (!origin.isEncrypted() && !origin.isLocal()) {
        checkUnencrypted(origin, path, cors.credentials(), production, at, problems);
      }
    }
    if (cors.maxAge().compareTo(LONGEST) > 0 || cors.maxAge().toMillis() % 1000 != 0) {
      problems.add(
          at.key("maxAge"),
          "%s is out of range".formatted(Durations.format(cors.maxAge())),
          "use 0s to 1d, in whole seconds");
    }
  }

  private static void checkUnencrypted(
      WebOrigin origin,
      KeyPath path,
      boolean credentials,
      boolean production,
      KeyPath cors,
      Problems problems) {
    if (production) {
      problems.add(
          path,
          "%s is not encrypted, and whoever is between it and its users can call in their name"
              .formatted(origin),
          "use its https origin; during development http://localhost and its ports are allowed",
          ENVIRONMENT);
    } else if (credentials) {
      problems.add(
          path,
          "%s is not encrypted, and whoever is between it and its users can call with their credentials"
              .formatted(origin),
          "use its https origin, or remove credentials",
          cors.key("credentials"));
    }
  }
}
