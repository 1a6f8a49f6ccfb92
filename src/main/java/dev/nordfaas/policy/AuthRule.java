package dev.nordfaas.policy;

import dev.nordfaas.config.AuthConfig;
import dev.nordfaas.config.DatacenterConfig.Environment;
import dev.nordfaas.config.StackConfig;
import dev.nordfaas.config.check.Problems;
import dev.nordfaas.config.model.KeyPath;
import dev.nordfaas.plan.Plan;
import dev.nordfaas.policy.Auths.Auth;
import dev.nordfaas.policy.Auths.Route;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Each route says who may use it, and in ways that there are. */
final class AuthRule implements Rule {
  private static final KeyPath ENVIRONMENT = KeyPath.of("datacenter", "environment");
  private static final KeyPath EDGE = KeyPath.of("edge");
  private static final KeyPath ISSUERS = EDGE.key("issuers");
  private static final KeyPath API_KEYS = EDGE.key("apiKeys");
  private static final KeyPath AUTHORITIES = EDGE.key("authorities");
  private static final KeyPath PROXIES = EDGE.key("trustedProxies");
  private static final KeyPath STATUS_AUTH = Auths.INTAKE.key("statusAuth");
  private static final String ISSUER = "issuer";

  /** What intake and functions get in one header. */
  private static final int LONGEST_SUBJECT = 256;

  @Override
  public void check(StackConfig config, Plan plan, Problems problems) {
    var production = config.datacenter().environment() == Environment.PRODUCTION;
    Auths.routes(config).stream()
        .filter(route -> route.auth().isEmpty())
        .forEach(route -> missing(route, production, problems));
    checkStatus(config, problems);
    Auths.of(config).forEach(auth -> checkAuth(auth, config, problems));
  }

  private static void missing(Route route, boolean production, Problems problems) {
    var fix =
        "add who may, such as {apiKeys: [NAME]} or {issuer: NAME}, or {public: true} if anybody may";
    if (production) {
      problems.add(
          route.authPath(), "is missing, so anybody could " + route.does(), fix, ENVIRONMENT);
    } else {
      problems.warn(
          route.authPath(), "is missing, so anybody may " + route.does(), fix, ENVIRONMENT);
    }
  }

  private static void checkStatus(StackConfig config, Problems problems) {
    var intake = config.queueWorker().intake();
    if (intake.statusAuth().isPresent() && intake.routes().isEmpty()) {
      problems.add(
          STATUS_AUTH,
          "is not used: without a route there are no messages with a status",
          "remove it, or add a route",
          Auths.INTAKE.key("routes"));
    }
  }

  private static void checkAuth(Auth auth, StackConfig config, Problems problems) {
    var path = auth.path();
    var given = auth.config();
    if (given.everybody() && given.asksForCredentials()) {
      problems.add(
          path.key("public"),
          "lets anybody in, whatever the other keys say",
          "remove it, or all the others",
          path);
    }
    if (!given.everybody() && !given.asksForCredentials()) {
      problems.add(path, "lets nobody in", "add issuer, apiKeys, mtls or basic, or public: true");
    }
    checkToken(auth, config, problems);
    checkNames(given.apiKeys(), path.key("apiKeys"), config, problems);
    checkNames(given.basic(), path.key("basic"), config, problems);
    checkCertificates(auth, config, problems);
  }

  private static void checkToken(Auth auth, StackConfig config, Problems problems) {
    var path = auth.path();
    var given = auth.config();
    if (given.issuer().isEmpty()) {
      onlyOfTokens(path.key("audience"), given.audience().isPresent(), problems);
      onlyOfTokens(path.key("scopes"), !given.scopes().isEmpty(), problems);
      onlyOfTokens(path.key("claims"), !given.claims().isEmpty(), problems);
      return;
    }
    var name = given.issuer().get();
    var issuers = config.edge().issuers();
    References.exists(ISSUER, name, path.key(ISSUER), issuers.keySet(), ISSUERS, problems);
    Optional.ofNullable(issuers.get(name))
        .ifPresent(issuer -> checkAudience(auth, name, issuer.audiences(), problems));
  }

  private static void onlyOfTokens(KeyPath path, boolean isGiven, Problems problems) {
    if (isGiven) {
      problems.add(
          path,
          "is about tokens, and no issuer's are accepted",
          "add issuer, or remove it",
          parent(path).key(ISSUER));
    }
  }

  private static KeyPath parent(KeyPath path) {
    return new KeyPath(path.segments().subList(0, path.segments().size() - 1));
  }

  private static void checkAudience(
      Auth auth, String issuer, Collection<String> audiences, Problems problems) {
    var definedAt = ISSUERS.key(issuer).key("audiences");
    auth.config()
        .audience()
        .filter(audience -> !audiences.contains(audience))
        .ifPresent(
            audience ->
                problems.add(
                    auth.path().key("audience"),
                    "%s is no audience of issuer %s".formatted(audience, issuer),
                    "use %s, or add it to %s".formatted(String.join(" or ", audiences), definedAt),
                    definedAt,
                    auth.path().key(ISSUER)));
  }

  private static void checkNames(
      List<String> names, KeyPath path, StackConfig config, Problems problems) {
    var known = config.edge().apiKeys().keySet();
    for (var i = 0; i < names.size(); i++) {
      References.exists("API key", names.get(i), path.index(i), known, API_KEYS, problems);
    }
  }

  private static void checkCertificates(Auth auth, StackConfig config, Problems problems) {
    var path = auth.path().key("mtls");
    auth.config().mtls().ifPresent(mtls -> checkCertificates(mtls, path, config, problems));
  }

  private static void checkCertificates(
      AuthConfig.Mtls mtls, KeyPath path, StackConfig config, Problems problems) {
    References.exists(
        "authority",
        mtls.authority(),
        path.key("authority"),
        config.edge().authorities().keySet(),
        AUTHORITIES,
        problems);
    for (var i = 0; i < mtls.subjects().size(); i++) {
      if (lengthInHeader(mtls.subjects().get(i)) > LONGEST_SUBJECT) {
        problems.add(
            path.key("subjects").index(i),
            "is longer than %d characters in the header that says who is calling, where one that is no visible ASCII is three or more"
                .formatted(LONGEST_SUBJECT),
            "use a shorter name of the certificate");
      }
    }
    if (!config.edge().trustedProxies().isEmpty()) {
      problems.add(
          path,
          "TLS ends at the load balancers in edge.trustedProxies, so the edge never sees a client's certificate",
          "remove it, and let callers in by issuer or apiKeys",
          PROXIES);
    }
  }

  /** Percent-encoded, as the edge does it. */
  private static int lengthInHeader(String text) {
    var length = 0;
    for (var b : text.getBytes(StandardCharsets.UTF_8)) {
      length += b > ' ' && b < 0x7f && b != '%' ? 1 : 3;
    }
    return length;
  }
}
