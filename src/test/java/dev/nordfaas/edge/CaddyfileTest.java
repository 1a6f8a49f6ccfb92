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
import dev.nordfaas.manifest.CallPath;
import dev.nordfaas.testing.Fixtures;
import dev.nordfaas.testing.Golden;
import dev.nordfaas.testing.Records;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CaddyfileTest {
  private static final String DIRECTORY = "https://ca.example.no/acme/directory";
  private static final String DIRECTORY_KEY =
      "nordfaas:edge.acmeDirectory: '%s'".formatted(DIRECTORY);
  private static final EdgeRoutes NO_ROUTES = new EdgeRoutes(List.of(), List.of());
  private static final String CALLERS =
      """
      set:
        nordfaas:edge.issuers:
          pinned:
            issuer: https://pinned.example.no
            keys: '{"keys": []}'
            audiences: [orders, "#1"]
          fetched:
            issuer: https://fetched.example.no/
            jwks: https://fetched.example.no:8443/jwks
            country: "NO"
            cidrs: [203.0.113.0/24]
            roots: PEM
            audiences: [orders]
            algorithms: [PS256, EdDSA]
            leeway: 0s
            subject: consumer.ID
            claims: [scope, consumer]
        nordfaas:edge.apiKeys: {partner-a: {key: {secure: x}}, ops: {key: {secure: x}}}
        nordfaas:edge.authorities: {partners: {roots: PEM}}
        nordfaas:edge.callerLimit: {requests: 1000, bytes: 64Mi, inFlight: 50, window: 1m}
        nordfaas:queueWorker.intake.routes.orders.auth:
          issuer: fetched
          audience: orders
          scopes: [orders.read, orders.write]
          claims: {consumer.ID: "0192:991825827", consumer.name: Blåbær AS}
        nordfaas:queueWorker.intake.routes.more:
          path: /more
          subject: orders.more
          auth: {issuer: pinned, apiKeys: [partner-a]}
        nordfaas:functions.order-status.http.auth:
          apiKeys: [partner-a, ops]
          basic: [ops]
          mtls: {authority: partners, subjects: [CN=client.example.no, "CN=Blåbær AS"]}
      """;

  @Test
  void servesOsloWithAPublicCertificate() {
    var oslo = Fixtures.oslo();

    Golden.assertMatches(
        "edge/caddyfile/oslo",
        caddyfile(oslo.edge(), EdgeRoutes.of(oslo.functions(), oslo.queueWorker().intake())));
  }

  @Test
  void callsFunctionsWithoutOpenFaas() {
    var config = PatchedConfig.withoutOpenFaas();

    Golden.assertMatches(
        "edge/caddyfile/without-openfaas",
        Caddyfile.of(
            config.edge(),
            config.datacenter().domain(),
            EdgeRoutes.of(config.functions(), config.queueWorker().intake()).with(CallPath.DIRECT),
            EdgeTimeouts.ofDirectCalls(config.edge().timeouts(), config.functions().values())));
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

  /** Every way in, and every key that has a word of its own. */
  @Test
  void letsInCallersInAllWays() {
    Golden.assertMatches("edge/caddyfile/callers", caddyfileOf(CALLERS));
  }

  @Test
  void aStatusIsForWhoeverMayUseARoute() {
    assertThat(status("{}"))
        .isEqualTo(
            """
            \t\t\t\tcaller {
            \t\t\t\t\ttoken maskinporten {
            \t\t\t\t\t\tscope example:orders.write
            \t\t\t\t\t}
            \t\t\t\t}
            """);
    assertThat(
            status(
                """
                set:
                  nordfaas:queueWorker.intake.routes.more:
                    {path: /more, subject: orders.more, auth: {apiKeys: [partner-a]}}
                """))
        .isEqualTo(
            """
            \t\t\t\tcaller {
            \t\t\t\t\ttoken maskinporten {
            \t\t\t\t\t\tscope example:orders.write
            \t\t\t\t\t}
            \t\t\t\t\tapi_key partner-a
            \t\t\t\t}
            """);
  }

  @Test
  void aStatusIsForThoseThatItsKeySays() {
    assertThat(status("set: {nordfaas:queueWorker.intake.statusAuth: {basic: [partner-a]}}"))
        .isEqualTo("\t\t\t\tcaller {\n\t\t\t\t\tbasic partner-a\n\t\t\t\t}\n");
  }

  /** What a caller has sent is the caller's: without being known, nobody could ask for it. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "set: {nordfaas:queueWorker.intake.statusAuth: {public: true}}",
        "set: {nordfaas:queueWorker.intake.routes.more: {path: /more, subject: orders.more, auth: {public: true}}}"
      })
  void aPublicStatusStillKnowsWhoShowsACredential(String patch) {
    assertThat(status(patch))
        .isEqualTo(
            """
            \t\t\t\tcaller {
            \t\t\t\t\ttoken maskinporten {
            \t\t\t\t\t\tscope example:orders.write
            \t\t\t\t\t}
            \t\t\t\t\tpublic
            \t\t\t\t}
            """);
  }

  @Test
  void needsNoModuleWhereEveryRouteIsPublic() {
    assertThat(
            caddyfileOf(
                """
                set:
                  nordfaas:queueWorker.intake.routes.orders.auth: {public: true}
                  nordfaas:functions.order-status.http.auth: {public: true}
                """))
        .doesNotContain("caller");
  }

  @Test
  void asksForNoClientCertificateWithoutARouteForOne() {
    assertThat(caddyfile(Fixtures.oslo().edge(), NO_ROUTES)).doesNotContain("client_auth");
  }

  @ParameterizedTest
  @CsvSource({
    "acme, tls {",
    "internal, tls internal {",
    "certificate, tls /etc/caddy/tls.crt /etc/caddy/tls.key {"
  })
  void asksForClientCertificatesWhateverItsOwnIs(String tls, String begin) {
    assertThat(caddyfileOf(CALLERS + "  nordfaas:edge.tls: " + tls + "\n"))
        .contains(
            "\t"
                + begin
                + "\n\t\tclient_auth {\n\t\t\tmode request\n\t\t\ttrust_pool file /etc/caddy/authority-partners.pem\n\t\t}\n\t}\n");
  }

  @Test
  void takesTheHeadersOfThePlatformFromEveryRequestFirst() {
    assertThat(caddyfile(edge(Tls.ACME, List.of()), NO_ROUTES))
        .contains("\troute {\n\t\trequest_header -Nordfaas-*\n\t\trequest_header -Nordfaas_*\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nordfaas:edge.issuers.pinned.keys: \"{}\"",
        "nordfaas:edge.issuers.fetched.roots: other",
        "nordfaas:edge.authorities.partners.roots: other"
      })
  void isAnotherVersionForAnotherFileOfCallers(String change) {
    assertThat(Caddyfile.version(caddyfileOf(CALLERS + "  " + change + "\n")))
        .isNotEqualTo(Caddyfile.version(caddyfileOf(CALLERS)));
  }

  @Test
  void isAnotherVersionForOtherApiKeys() {
    var file = caddyfile(edge(Tls.ACME, List.of()), NO_ROUTES);
    var one = Caddyfile.withKeys(file, "one");

    assertThat(Caddyfile.version(one))
        .isNotEqualTo(Caddyfile.version(file))
        .isNotEqualTo(Caddyfile.version(Caddyfile.withKeys(file, "other")));
    assertThat(one.replace(Caddyfile.version(one), Caddyfile.version(file))).isEqualTo(file);
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
    var routes = new EdgeRoutes(List.of(function("home", "/")), List.of(intake("/in")));
    var text = caddyfile(edge(Tls.ACME, List.of(Cidr.parse("10.0.0.0/8"))), routes);

    assertThat(text)
        .containsSubsequence(
            "@administration", "handle /in", "@function-home", "handle @functions", "@path-home");
  }

  @Test
  void triesTheLongerOfTwoPathsFirst() {
    var routes = routes(function("one", "/a"), function("two", "/A/b"));

    assertThat(caddyfile(edge(Tls.ACME, List.of()), routes))
        .containsSubsequence("/A/b", "path /a ");
  }

  @Test
  void keepsItsOwnMatchersApartFromThoseOfFunctions() {
    var routes = routes(function("administration", "/a"));

    assertThat(caddyfile(edge(Tls.ACME, List.of()), routes))
        .containsOnlyOnce("@administration path")
        .contains(
            "@function-administration path /function/administration ",
            "@path-administration path /a ");
  }

  @Test
  void keepsTheMatchersOfFunctionsApart() {
    var routes =
        routes(
            function("a", "/a", "/aa", "/aaa"),
            function("path-a", "/b", "/bb"),
            function("function-a", "/c"));
    var matchers =
        caddyfile(edge(Tls.ACME, List.of()), routes)
            .lines()
            .filter(line -> line.matches("\t\t@[^ ]* path .*"))
            .map(line -> line.strip().split(" ")[0])
            .toList();

    assertThat(matchers).hasSizeGreaterThan(9).doesNotHaveDuplicates();
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
  void servesBrowsersOfTwoApplications() {
    var oslo =
        PatchedConfig.of(
            "oslo",
            """
            set:
              nordfaas:functions.order-status.http:
                paths: [/order-status, /shop/orders]
                pathPrefix: /v1.0
                methods: [GET, DELETE]
                auth: {apiKeys: [partner-a]}
                cors:
                  origins: [https://shop.example.no, "http://localhost:5173"]
                  exposedHeaders: [ETag, Retry-After]
                  credentials: true
              nordfaas:queueWorker.intake.routes.orders.cors:
                origins: [https://shop.example.no]
                headers: [Content-Type, Idempotency-Key]
                exposedHeaders: [Location]
                maxAge: 0s
              nordfaas:queueWorker.intake.routes.returns:
                path: /returns
                subject: orders.created
                cors: {origins: [https://returns.example.no], headers: []}
            """);

    Golden.assertMatches(
        "edge/caddyfile/browsers",
        caddyfile(oslo.edge(), EdgeRoutes.of(oslo.functions(), oslo.queueWorker().intake())));
  }

  @Test
  void statusAllowsNoOriginTwice() {
    var cors = "cors: {origins: [https://shop.example.no]}";
    var oslo =
        PatchedConfig.of(
            "oslo",
            """
            set:
              nordfaas:queueWorker.intake.routes.orders: {path: /orders, subject: orders.created, %1$s}
              nordfaas:queueWorker.intake.routes.returns: {path: /returns, subject: orders.created, %1$s}
            """
                .formatted(cors));

    assertThat(caddyfile(oslo.edge(), EdgeRoutes.of(oslo.functions(), oslo.queueWorker().intake())))
        .contains("@origin vars")
        .doesNotContain("@origin-2");
  }

  @Test
  void tellsBrowsersNothingUnlessAsked() {
    var oslo = Fixtures.oslo();

    assertThat(caddyfile(oslo.edge(), EdgeRoutes.of(oslo.functions(), oslo.queueWorker().intake())))
        .doesNotContain("Access-Control", "Vary", "OPTIONS", "@outside");
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
                EdgeTimeouts.of(oslo.edge().timeouts(), oslo.openfaas().gateway())))
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

  private static EdgeRoutes routes(EdgeRoutes.FunctionRoute... functions) {
    return new EdgeRoutes(List.of(functions), List.of());
  }

  private static EdgeRoutes.FunctionRoute function(String name, String... paths) {
    return new EdgeRoutes.FunctionRoute(
        name,
        List.of(paths),
        "/",
        new TreeSet<>(Set.of("GET", "HEAD")),
        Optional.empty(),
        "/_/ready",
        Access.PUBLIC);
  }

  private static EdgeRoutes.IntakeRoute intake(String path) {
    return new EdgeRoutes.IntakeRoute(path, Optional.empty(), Access.PUBLIC);
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
    return Records.with(
        Fixtures.oslo().edge(),
        Map.of(
            "tls", tls,
            "acmeEmail", Optional.empty(),
            "acmeDirectory", Optional.empty(),
            "acmeRoots", Optional.empty(),
            "certificate", certificate,
            "adminCidrs", admins,
            "trustedProxies", proxies,
            "rateLimit", limit,
            "timeouts", timeouts));
  }

  private static EdgeConfig certifiedBy(String keys) {
    return PatchedConfig.of("oslo", "set: {%s}".formatted(keys)).edge();
  }

  private static EdgeConfig trusted(String roots) {
    return certifiedBy(DIRECTORY_KEY + ", nordfaas:edge.acmeRoots: " + roots);
  }

  private static String caddyfileOf(String patch) {
    var oslo = PatchedConfig.of("oslo", patch);
    return caddyfile(oslo.edge(), EdgeRoutes.of(oslo.functions(), oslo.queueWorker().intake()));
  }

  /** What the route of statuses begins with. */
  private static String status(String patch) {
    var text = caddyfileOf(patch);
    var begin = "\t\thandle /status/* {\n\t\t\troute {\n";
    var rest = text.substring(text.indexOf(begin) + begin.length());
    return rest.substring(0, rest.indexOf("\t\t\t\timport intake"));
  }

  private static String caddyfile(EdgeConfig edge, EdgeRoutes routes) {
    StackConfig oslo = Fixtures.oslo();
    return Caddyfile.of(
        edge,
        oslo.datacenter().domain(),
        routes,
        EdgeTimeouts.of(edge.timeouts(), oslo.openfaas().gateway()));
  }
}
