package dev.nordfaas.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.config.Cidr;
import dev.nordfaas.config.DomainName;
import dev.nordfaas.config.EdgeConfig;
import dev.nordfaas.config.EdgeConfig.Certificate;
import dev.nordfaas.config.EdgeConfig.RateLimit;
import dev.nordfaas.config.EdgeConfig.Timeouts;
import dev.nordfaas.config.EdgeConfig.Tls;
import dev.nordfaas.config.SecretValue;
import dev.nordfaas.config.StackConfig;
import dev.nordfaas.config.check.PatchedConfig;
import dev.nordfaas.testing.Fixtures;
import dev.nordfaas.testing.Golden;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class CaddyfileTest {
  private static final String DIRECTORY = "https://ca.example.no/acme/directory";
  private static final String DIRECTORY_KEY =
      "nordfaas:edge.acmeDirectory: '%s'".formatted(DIRECTORY);
  private static final EdgeRoutes NO_ROUTES = new EdgeRoutes(List.of(), new TreeSet<>());

  @Test
  void servesOsloWithAPublicCertificate() {
    var oslo = Fixtures.oslo();

    Golden.assertMatches(
        "edge/caddyfile/oslo",
        caddyfile(oslo.edge(), EdgeRoutes.of(oslo.functions(), oslo.queueWorker().intake())));
  }

  @Test
  void servesATrialWithItsOwnAuthorityAndNoAdministration() {
    Golden.assertMatches(
        "edge/caddyfile/internal", caddyfile(edge(Tls.INTERNAL, List.of()), NO_ROUTES));
  }

  @Test
  void servesACertificateOfTheUsersOwn() {
    Golden.assertMatches("edge/caddyfile/certificate", caddyfile(certified("a chain"), NO_ROUTES));
  }

  @Test
  void hasAnotherVersionForAnotherCertificate() {
    assertThat(Caddyfile.version(caddyfile(certified("another chain"), NO_ROUTES)))
        .isNotEqualTo(Caddyfile.version(caddyfile(certified("a chain"), NO_ROUTES)));
  }

  @Test
  void waitsAsLongAsItsKeysSay() {
    var timeouts =
        new Timeouts(
            Duration.ofSeconds(1),
            Optional.of(Duration.ofSeconds(2)),
            Optional.of(Duration.ofSeconds(90)),
            Optional.of(Duration.ofSeconds(100)),
            Duration.ofSeconds(5));

    assertThat(caddyfile(edge(Tls.ACME, Optional.empty(), timeouts), NO_ROUTES))
        .containsSubsequence("read_header 1s", "read_body 2s", "write 100s", "idle 5s")
        .containsOnlyOnce("write 100s")
        .contains("response_header_timeout 90s");
  }

  @Test
  void leavesTheAuthorityToCaddy() {
    assertThat(caddyfile(Fixtures.oslo().edge(), NO_ROUTES))
        .contains("\temail drift@example.no\n")
        .doesNotContain("acme_ca");
  }

  @Test
  void asksAnotherAuthorityThatTheImageTrusts() {
    assertThat(caddyfile(certifiedBy(DIRECTORY_KEY), NO_ROUTES))
        .contains("\temail drift@example.no\n\tacme_ca " + DIRECTORY + "\n")
        .doesNotContain("acme_ca_root");
  }

  @Test
  void trustsAnotherAuthorityByItsRoots() {
    assertThat(caddyfile(trusted("PEM"), NO_ROUTES))
        .contains("\tacme_ca " + DIRECTORY + "\n\tacme_ca_root /etc/caddy/acme-roots.pem\n");
  }

  @Test
  void isAnotherVersionWithOtherRoots() {
    var one = caddyfile(trusted("one"), NO_ROUTES);
    var other = caddyfile(trusted("other"), NO_ROUTES);

    assertThat(Caddyfile.version(one)).isNotEqualTo(Caddyfile.version(other));
  }

  @Test
  void keepsCaddysAdministrationOffTheNetwork() {
    assertThat(caddyfile(edge(Tls.ACME, List.of()), NO_ROUTES))
        .contains("\tadmin unix//run/caddy/admin.sock\n");
  }

  @Test
  void closesAdministrationToAllWhenNobodyMayEnter() {
    assertThat(caddyfile(edge(Tls.ACME, List.of()), NO_ROUTES))
        .contains("respond 403")
        .doesNotContain("remote_ip 1");
  }

  @Test
  void looksAtAdministrationBeforeAnyOtherPath() {
    var routes = new EdgeRoutes(List.of(function("home", "/")), new TreeSet<>(Set.of("/in")));
    var text = caddyfile(edge(Tls.ACME, List.of(Cidr.parse("10.0.0.0/8"))), routes);

    assertThat(text)
        .containsSubsequence(
            "@administration", "handle /in", "@function-home", "handle @functions", "@path-home");
  }

  @Test
  void triesTheLongerOfTwoPathsFirst() {
    var routes =
        new EdgeRoutes(List.of(function("one", "/a"), function("two", "/a/b")), new TreeSet<>());

    assertThat(caddyfile(edge(Tls.ACME, List.of()), routes))
        .containsSubsequence("/a/b", "path /a ");
  }

  @Test
  void keepsItsOwnMatchersApartFromThoseOfFunctions() {
    var routes = new EdgeRoutes(List.of(function("administration", "/a")), new TreeSet<>());

    assertThat(caddyfile(edge(Tls.ACME, List.of()), routes))
        .containsOnlyOnce("@administration path")
        .contains(
            "@function-administration path /function/administration ",
            "@path-administration path /a ");
  }

  @Test
  void keepsTheMatchersOfFunctionsApart() {
    var routes =
        new EdgeRoutes(
            List.of(function("a", "/a"), function("path-a", "/b"), function("function-a", "/c")),
            new TreeSet<>());
    var matchers =
        caddyfile(edge(Tls.ACME, List.of()), routes)
            .lines()
            .filter(line -> line.matches("\t\t@[^ ]* path .*"))
            .map(line -> line.strip().split(" ")[0])
            .toList();

    assertThat(matchers).hasSizeGreaterThan(6).doesNotHaveDuplicates();
  }

  @Test
  void opensFunctionsWithHttpAlone() {
    var oslo =
        PatchedConfig.of(
            "oslo",
            """
            set:
              nordfaas:functions.open: {image: ghcr.io/nordfaas/open:1.0.0, http: {}}
              nordfaas:functions.closed: {image: ghcr.io/nordfaas/closed:1.0.0}
            """);
    var routes = EdgeRoutes.of(oslo.functions(), oslo.queueWorker().intake());

    assertThat(routes.functions())
        .extracting(EdgeRoutes.FunctionRoute::name)
        .containsExactly("open", "order-status");
    assertThat(caddyfile(oslo.edge(), routes))
        .contains("path /function/open /function/open/*")
        .doesNotContain("closed", "order-processor");
  }

  @Test
  void readsAreGetAndHead() {
    var oslo =
        PatchedConfig.of("oslo", "set: {'nordfaas:functions.order-status.http.methods': [GET]}");

    assertThat(caddyfile(oslo.edge(), EdgeRoutes.of(oslo.functions(), oslo.queueWorker().intake())))
        .contains("@method not method GET HEAD\n")
        .contains("header @method Allow \"GET, HEAD\"\n");
  }

  @Test
  void sendsNothingToIntakeWithoutRoutes() {
    assertThat(caddyfile(edge(Tls.ACME, List.of()), NO_ROUTES)).doesNotContain("import intake");
  }

  @Test
  void remembersHstsOnlyWithAPublicCertificate() {
    assertThat(caddyfile(edge(Tls.ACME, List.of()), NO_ROUTES))
        .contains("Strict-Transport-Security");
    assertThat(caddyfile(edge(Tls.INTERNAL, List.of()), NO_ROUTES))
        .doesNotContain("Strict-Transport-Security");
    var oslo = Fixtures.oslo();
    assertThat(
            Caddyfile.of(
                edge(Tls.CERTIFICATE, List.of()),
                DomainName.parse("faas.oslo.internal"),
                NO_ROUTES,
                oslo.openfaas().gateway()))
        .doesNotContain("Strict-Transport-Security");
  }

  @Test
  void countsRequestsOfAnAddressBeforeAnythingElse() {
    assertThat(caddyfile(limited(List.of()), NO_ROUTES))
        .containsSubsequence(
            "route {",
            "rate_limit {",
            "key {http.request.remote.host/32,64}",
            "window 10s",
            "events 500",
            "@administration");
  }

  @Test
  void believesTheHeadersOfTrustedProxiesAlone() {
    assertThat(caddyfile(limited(List.of(Cidr.parse("10.0.0.0/24"))), NO_ROUTES))
        .containsSubsequence(
            "trusted_proxies static 10.0.0.0/24", "trusted_proxies_strict", "key {client_ip}");
    assertThat(caddyfile(edge(Tls.ACME, List.of()), NO_ROUTES)).doesNotContain("trusted_proxies");
  }

  @Test
  void limitsNobodyUnlessAsked() {
    assertThat(caddyfile(edge(Tls.ACME, List.of()), NO_ROUTES)).doesNotContain("rate_limit");
  }

  private static EdgeRoutes.FunctionRoute function(String name, String path) {
    return new EdgeRoutes.FunctionRoute(
        name, Optional.of(path), new TreeSet<>(Set.of("GET", "HEAD")), "/_/ready");
  }

  private static EdgeConfig edge(Tls tls, List<Cidr> admins) {
    return edge(tls, admins, List.of(), Optional.empty());
  }

  private static EdgeConfig limited(List<Cidr> proxies) {
    var limit = new RateLimit(500, Duration.ofSeconds(10));
    return edge(Tls.ACME, List.of(), proxies, Optional.of(limit));
  }

  private static EdgeConfig edge(
      Tls tls, List<Cidr> admins, List<Cidr> proxies, Optional<RateLimit> limit) {
    return edge(tls, admins, proxies, limit, Optional.empty(), Fixtures.oslo().edge().timeouts());
  }

  private static EdgeConfig certified(String chain) {
    var certificate = new Certificate(chain, SecretValue.of("a key"));
    return edge(Tls.CERTIFICATE, Optional.of(certificate), Fixtures.oslo().edge().timeouts());
  }

  private static EdgeConfig edge(Tls tls, Optional<Certificate> certificate, Timeouts timeouts) {
    return edge(tls, List.of(), List.of(), Optional.empty(), certificate, timeouts);
  }

  private static EdgeConfig edge(
      Tls tls,
      List<Cidr> admins,
      List<Cidr> proxies,
      Optional<RateLimit> limit,
      Optional<Certificate> certificate,
      Timeouts timeouts) {
    var oslo = Fixtures.oslo().edge();
    return new EdgeConfig(
        oslo.image(),
        oslo.nodes(),
        oslo.virtualAddress(),
        tls,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        certificate,
        admins,
        proxies,
        limit,
        oslo.maxRequestBody(),
        timeouts,
        oslo.resources());
  }

  private static EdgeConfig certifiedBy(String keys) {
    return PatchedConfig.of("oslo", "set: {%s}".formatted(keys)).edge();
  }

  private static EdgeConfig trusted(String roots) {
    return certifiedBy(DIRECTORY_KEY + ", nordfaas:edge.acmeRoots: " + roots);
  }

  private static String caddyfile(EdgeConfig edge, EdgeRoutes routes) {
    StackConfig oslo = Fixtures.oslo();
    return Caddyfile.of(edge, oslo.datacenter().domain(), routes, oslo.openfaas().gateway());
  }
}
