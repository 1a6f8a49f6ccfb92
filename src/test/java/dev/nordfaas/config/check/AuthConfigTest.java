package dev.nordfaas.config.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.config.AuthConfig;
import dev.nordfaas.config.IssuerConfig;
import dev.nordfaas.config.model.ConfigModel;
import dev.nordfaas.config.model.KeyPath;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** How the keys that say who is calling are read. */
class AuthConfigTest {
  private static final String AUTH = "nordfaas:functions.order-status.http.auth";

  @Test
  void aWordThatJavaReservesIsAKey() {
    assertThat(auth("{public: true}").everybody()).isTrue();
    assertThat(auth("{apiKeys: [partner-a]}").everybody()).isFalse();
    assertThat(ConfigModel.has(KeyPath.of("functions", "a", "http", "auth", "public"))).isTrue();
    assertThat(ConfigModel.has(KeyPath.of("functions", "a", "http", "auth", "everybody")))
        .isFalse();
  }

  @Test
  void readsEveryWayIn() {
    assertThat(
            auth(
                """
                issuer: maskinporten
                audience: a
                scopes: [b, c]
                claims: {consumer.ID: "0192:991825827"}
                apiKeys: [partner-a]
                mtls: {authority: partners, subjects: [CN=client.example.no]}
                basic: [ops]
                """))
        .isEqualTo(
            new AuthConfig(
                Optional.of("maskinporten"),
                Optional.of("a"),
                List.of("b", "c"),
                Map.of("consumer.ID", "0192:991825827"),
                List.of("partner-a"),
                Optional.of(new AuthConfig.Mtls("partners", List.of("CN=client.example.no"))),
                List.of("ops"),
                false));
  }

  @Test
  void anIssuerHasDefaults() {
    IssuerConfig issuer =
        PatchedConfig.of(
                "oslo",
                "set: {nordfaas:edge.issuers: {a: {issuer: https://a.example.no, audiences: [b]}}}")
            .edge()
            .issuers()
            .get("a");

    assertThat(issuer.algorithms()).containsExactly("RS256", "ES256");
    assertThat(issuer.leeway()).isEqualTo(Duration.ofSeconds(30));
    assertThat(issuer.subject()).isEqualTo("sub");
    assertThat(issuer.claims()).isEmpty();
  }

  /** Intake refuses the headers of any other. */
  @Test
  void anIssuerFitsTheHeaderThatNamesIt() {
    var longest = "https://a.example.no/".concat("a".repeat(235));

    assertThat(longest).hasSize(256);
    assertThat(problems(longest)).isEmpty();
    for (var issuer :
        List.of(longest + "a", "https://a.example.no/ å", "https://a.example.no/ a")) {
      assertThat(problems(issuer))
          .as(issuer)
          .containsExactly(
              "edge.issuers.a.issuer: the value is not valid; use an https URL of at most 256 characters without a query, such as https://issuer.example.no/");
    }
  }

  private static List<String> problems(String issuer) {
    return RuleCheck.problems(
        (config, plan, problems) -> {},
        "set: {nordfaas:edge.issuers.a: {issuer: '%s', audiences: [b]}}".formatted(issuer));
  }

  private static AuthConfig auth(String auth) {
    return PatchedConfig.of("oslo", "set:\n  %s:\n%s".formatted(AUTH, auth.indent(4)))
        .functions()
        .get("order-status")
        .http()
        .orElseThrow()
        .auth()
        .orElseThrow();
  }
}
