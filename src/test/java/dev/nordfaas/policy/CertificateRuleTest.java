package dev.nordfaas.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.config.check.RuleCheck;
import dev.nordfaas.testing.CaddyServer;
import dev.nordfaas.tls.ServerTls;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CertificateRuleTest {
  /** Of the domain faas.oslo.example.no; valid from the first day of 2026. */
  private static final ServerTls TLS = CaddyServer.certificate("server");

  private static final String KEY = "key: {secure: AAABAAAA}";

  @Test
  void allowsACertificateForTheDomain() {
    assertThat(problems(TLS.certificate())).isEmpty();
  }

  @Test
  void allowsTheAuthoritiesAfterIt() {
    assertThat(problems(TLS.certificate() + TLS.caCertificate())).isEmpty();
  }

  @Test
  void allowsAWildcardForOneLabel() {
    assertThat(problems(CaddyServer.certificate("s", "*.oslo.example.no").certificate())).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "oslo.example.no",
        "*.example.no",
        "*.faas.oslo.example.no",
        "faas.oslo.example.no.example.com"
      })
  void refusesAnotherName(String name) {
    assertThat(problems(CaddyServer.certificate("s", name).certificate()))
        .containsExactly(
            "edge.certificate.chain: the certificate of CN=edge is for %s, not for datacenter.domain faas.oslo.example.no; put a certificate for that name first, or set datacenter.domain to its name"
                .formatted(name));
  }

  @Test
  void refusesAnExpiredOne() {
    assertThat(problemsAt("+10000-01-01T00:00:00Z", TLS.certificate()))
        .containsExactly(
            "edge.certificate.chain: the certificate of CN=edge expired at 9999-12-31T23:59:59Z; get a certificate that is valid now, and set chain and key to it");
  }

  @Test
  void refusesOneThatIsNotValidYet() {
    assertThat(problemsAt("2025-12-31T23:59:59Z", TLS.certificate()))
        .containsExactly(
            "edge.certificate.chain: the certificate of CN=edge is not valid before 2026-01-01T00:00:00Z; get a certificate that is valid now, and set chain and key to it");
  }

  @Test
  void refusesAChainOutOfOrder() {
    assertThat(problems(TLS.certificate() + TLS.certificate()))
        .containsExactly(
            "edge.certificate.chain: the certificate of CN=edge did not sign the certificate of CN=edge, which comes before it; put the server's certificate first, and after each certificate that of its issuer");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "tls.crt",
        "-----BEGIN CERTIFICATE-----\n",
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        "-----BEGIN CERTIFICATE-----\n====\n-----END CERTIFICATE-----\n"
      })
  void refusesWhatIsNoPem(String chain) {
    assertThat(problems(chain))
        .containsExactly(
            "edge.certificate.chain: is not one or more certificates in PEM; use blocks from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----, and nothing else");
  }

  @Test
  void refusesAPrivateKeyInTheChainAndDoesNotShowIt() {
    assertThat(problems(TLS.certificate() + TLS.privateKey()))
        .containsExactly(
            "edge.certificate.chain: contains a private key in plain text; remove it, and get a certificate for a new key: this one is no longer private");
  }

  /** Of a section with another secret, Pulumi does not tell which of its values are secrets. */
  @Test
  void refusesAKeyInPlainText() {
    assertThat(
            check(
                Clock.systemUTC(),
                "remove: [nordfaas:edge.apiKeys]\nset: {nordfaas:edge.tls: certificate, nordfaas:edge.certificate: {chain: %s, key: plain}}"
                    .formatted(quoted(TLS.certificate()))))
        .singleElement()
        .asString()
        .startsWith("edge.certificate.key: is in plain text; ")
        .doesNotContain("key: plain");
  }

  @Test
  void refusesAChainWithoutAKey() {
    assertThat(
            check(
                Clock.systemUTC(),
                "set: {nordfaas:edge.tls: certificate, nordfaas:edge.certificate: {chain: %s}}"
                    .formatted(quoted(TLS.certificate()))))
        .singleElement()
        .asString()
        .startsWith("edge.certificate.key: is missing");
  }

  @Test
  void refusesTlsCertificateWithoutOne() {
    assertThat(check(Clock.systemUTC(), "set: {nordfaas:edge.tls: certificate}"))
        .containsExactly(
            "edge.certificate: is missing, but tls certificate requires it; add chain in PEM, and set the key with `pulumi config set --secret --path 'nordfaas:edge.certificate.key'`");
  }

  @ParameterizedTest
  @ValueSource(strings = {"acme", "internal"})
  void refusesACertificateThatIsNotUsed(String tls) {
    assertThat(
            check(
                Clock.systemUTC(),
                "set: {nordfaas:edge.tls: %s, nordfaas:edge.certificate: {chain: %s, %s}}"
                    .formatted(tls, quoted(TLS.certificate()), KEY)))
        .containsExactly(
            "edge.certificate: is not used, as edge.tls is %s; set edge.tls to certificate, or remove it"
                .formatted(tls));
  }

  private static List<String> problems(String chain) {
    return problemsAt("2026-12-01T00:00:00Z", chain);
  }

  private static List<String> problemsAt(String now, String chain) {
    return check(
        Clock.fixed(Instant.parse(now), ZoneOffset.UTC),
        "set: {nordfaas:edge.tls: certificate, nordfaas:edge.certificate: {chain: %s, %s}}"
            .formatted(quoted(chain), KEY));
  }

  private static List<String> check(Clock clock, String patch) {
    return RuleCheck.problems(new CertificateRule(clock), patch);
  }

  private static String quoted(String text) {
    return "\"" + text.replace("\n", "\\n") + "\"";
  }
}
