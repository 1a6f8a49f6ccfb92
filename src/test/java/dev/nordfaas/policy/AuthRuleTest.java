package dev.nordfaas.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.nordfaas.config.check.RuleCheck;
import dev.nordfaas.testing.Fixtures;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class AuthRuleTest {
  private static final String ORDERS = "queueWorker.intake.routes.orders.auth";
  private static final String STATUS = "functions.order-status.http.auth";
  private static final String FIX =
      "; add who may, such as {apiKeys: [NAME]} or {issuer: NAME}, or {public: true} if anybody may";

  @ParameterizedTest
  @MethodSource
  void refusesAProductionStackWithoutAuthOnAnyOneRoute(String stack, String path, String does) {
    var all = RuleCheck.problems((config, plan, found) -> Rules.check(config, found), stack, "{}");
    var without =
        RuleCheck.problems(
            (config, plan, found) -> Rules.check(config, found),
            stack,
            "remove: ['%s']".formatted(path));

    assertThat(all).isEmpty();
    assertThat(without)
        .containsExactly(
            "%s: is missing, so anybody could %s%s"
                .formatted(path.replaceFirst("nordfaas:", ""), does, FIX));
  }

  static Stream<Arguments> refusesAProductionStackWithoutAuthOnAnyOneRoute() {
    return Stream.of("oslo", "bergen")
        .flatMap(
            stack ->
                Auths.routes(Fixtures.config(stack)).stream()
                    .map(route -> arguments(stack, route.authPath().toString(), route.does())));
  }

  @Test
  void knowsEveryRouteOfOslo() {
    assertThat(Auths.routes(Fixtures.oslo()))
        .extracting(route -> route.authPath() + " " + route.does())
        .containsExactly(
            "nordfaas:" + ORDERS + " send to /orders", "nordfaas:" + STATUS + " call order-status");
  }

  @Test
  void warnsElsewhere() {
    var patch =
        "{set: {nordfaas:datacenter.environment: staging}, remove: [nordfaas:%s]}"
            .formatted(STATUS);

    assertThat(RuleCheck.problems(new AuthRule(), patch)).isEmpty();
    assertThat(RuleCheck.warnings(new AuthRule(), patch))
        .containsExactly(STATUS + ": is missing, so anybody may call order-status" + FIX);
  }

  @Test
  void aPublicRouteIsNoReasonToWarn() {
    assertThat(RuleCheck.warnings(new AuthRule(), set(STATUS, "{public: true}"))).isEmpty();
  }

  @Test
  void refusesPublicWithAnyOtherWay() {
    assertThat(problems(STATUS, "{public: true, apiKeys: [partner-a]}"))
        .containsExactly(
            STATUS
                + ".public: lets anybody in, whatever the other keys say; remove it, or all the others");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{public: false}", "{apiKeys: []}"})
  void refusesARouteThatLetsNobodyIn(String auth) {
    assertThat(problems(STATUS, auth))
        .containsExactly(
            STATUS + ": lets nobody in; add issuer, apiKeys, mtls or basic, or public: true");
  }

  @Test
  void refusesNamesThatThereAreNot() {
    assertThat(
            problems(
                STATUS,
                "{issuer: idporten, apiKeys: [partner-a, partner-b], basic: [ops], mtls: {authority: partners, subjects: [CN=a]}}"))
        .containsExactly(
            STATUS
                + ".issuer: there is no issuer \"idporten\"; use maskinporten, or add it to nordfaas:edge.issuers",
            STATUS
                + ".apiKeys[1]: there is no API key \"partner-b\"; use partner-a, or add it to nordfaas:edge.apiKeys",
            STATUS
                + ".mtls.authority: there is no authority \"partners\"; add it to nordfaas:edge.authorities",
            STATUS
                + ".basic[0]: there is no API key \"ops\"; use partner-a, or add it to nordfaas:edge.apiKeys");
  }

  @Test
  void asksTheSameOfStatuses() {
    assertThat(problems("queueWorker.intake.statusAuth", "{apiKeys: [ops]}"))
        .containsExactly(
            "queueWorker.intake.statusAuth.apiKeys[0]: there is no API key \"ops\"; use partner-a, or add it to nordfaas:edge.apiKeys");
  }

  @Test
  void refusesWhoMayAskForStatusesThatThereAreNot() {
    assertThat(
            RuleCheck.problems(
                new AuthRule(),
                """
                remove: [nordfaas:queueWorker.intake.routes]
                set: {nordfaas:queueWorker.intake.statusAuth: {apiKeys: [partner-a]}}
                """))
        .containsExactly(
            "queueWorker.intake.statusAuth: is not used: without a route there are no messages with a status; remove it, or add a route");
  }

  @Test
  void refusesAnAudienceThatTheIssuerHasNot() {
    assertThat(problems(ORDERS, "{issuer: maskinporten, audience: https://other.example.no}"))
        .containsExactly(
            ORDERS
                + ".audience: https://other.example.no is no audience of issuer maskinporten; use https://faas.oslo.example.no, or add it to nordfaas:edge.issuers.maskinporten.audiences");
  }

  @Test
  void allowsAnAudienceOfTheIssuer() {
    assertThat(problems(ORDERS, "{issuer: maskinporten, audience: https://faas.oslo.example.no}"))
        .isEmpty();
  }

  @Test
  void refusesWhatIsAboutTokensWithoutAnIssuer() {
    assertThat(problems(ORDERS, "{apiKeys: [partner-a], audience: a, scopes: [b], claims: {c: d}}"))
        .containsExactly(
            ORDERS
                + ".audience: is about tokens, and no issuer's are accepted; add issuer, or remove it",
            ORDERS
                + ".scopes: is about tokens, and no issuer's are accepted; add issuer, or remove it",
            ORDERS
                + ".claims: is about tokens, and no issuer's are accepted; add issuer, or remove it");
  }

  @Test
  void refusesClientCertificatesBehindALoadBalancer() {
    assertThat(
            RuleCheck.problems(
                new AuthRule(),
                """
                set:
                  nordfaas:edge.trustedProxies: [198.51.100.0/24]
                  nordfaas:edge.authorities: {partners: {roots: PEM}}
                  nordfaas:%s: {mtls: {authority: partners, subjects: [CN=a]}}
                """
                    .formatted(STATUS)))
        .containsExactly(
            STATUS
                + ".mtls: TLS ends at the load balancers in edge.trustedProxies, so the edge never sees a client's certificate; remove it, and let callers in by issuer or apiKeys");
  }

  @Test
  void refusesANameOfACertificateThatNoHeaderHolds() {
    var patch =
        """
        set:
          nordfaas:edge.authorities: {partners: {roots: PEM}}
          nordfaas:%s: {mtls: {authority: partners, subjects: ["%s", "%s"]}}
        """;

    assertThat(
            RuleCheck.problems(
                new AuthRule(), patch.formatted(STATUS, "a".repeat(256), "å".repeat(43))))
        .containsExactly(
            STATUS
                + ".mtls.subjects[1]: is longer than 256 characters in the header that says who is calling, where one that is no visible ASCII is three or more; use a shorter name of the certificate");
  }

  private static List<String> problems(String path, String auth) {
    return RuleCheck.problems(new AuthRule(), set(path, auth));
  }

  private static String set(String path, String auth) {
    return "set: {'nordfaas:%s': %s}".formatted(path, auth);
  }
}
