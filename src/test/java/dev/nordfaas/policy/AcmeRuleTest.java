package dev.nordfaas.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import dev.nordfaas.config.check.RuleCheck;
import dev.nordfaas.testing.CaddyServer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AcmeRuleTest {
  private static final String DIRECTORY =
      "nordfaas:edge.acmeDirectory: 'https://ca.example.no:9000/acme/directory'";
  private static final String ROOT = CaddyServer.certificate("server").caCertificate();

  @Test
  void allowsThePublicAuthorityWithAMail() {
    assertThat(problems("{}")).isEmpty();
  }

  @Test
  void asksForAMail() {
    assertThat(problems("remove: [nordfaas:edge.acmeEmail]"))
        .containsExactly(
            "edge.acmeEmail: is missing, but tls acme requires it; add it, for example drift@example.no");
  }

  @Test
  void asksForNoMailWithInternalAuthority() {
    assertThat(problems("{set: {nordfaas:edge.tls: internal}, remove: [nordfaas:edge.acmeEmail]}"))
        .isEmpty();
  }

  @Test
  void allowsAnotherAuthorityThatTheImageTrusts() {
    assertThat(problems("set: {%s}".formatted(DIRECTORY))).isEmpty();
  }

  @Test
  void allowsAnotherAuthorityWithItsRoots() {
    assertThat(problems("set: {%s, %s}".formatted(DIRECTORY, roots(ROOT + ROOT)))).isEmpty();
  }

  @Test
  void refusesRootsOfNobody() {
    assertThat(problems("set: {%s}".formatted(roots(ROOT))))
        .containsExactly(
            "edge.acmeRoots: is not used without acmeDirectory; add acmeDirectory, or remove it");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "ca.crt",
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"
      })
  void refusesRootsThatAreNoPemAndDoesNotShowThem(String text) {
    assertThat(problems("set: {%s, %s}".formatted(DIRECTORY, roots(text))))
        .containsExactly(
            "edge.acmeRoots: is not one or more certificates in PEM; use blocks from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----, and nothing else");
  }

  @ParameterizedTest
  @ValueSource(strings = {"internal", "certificate"})
  void refusesAnAuthorityThatIsNotAsked(String tls) {
    assertThat(
            problems("set: {nordfaas:edge.tls: %s, %s, %s}".formatted(tls, DIRECTORY, roots(ROOT))))
        .containsExactly(
            "edge.acmeDirectory: is not used, as edge.tls is %s; set edge.tls to acme, or remove it"
                .formatted(tls),
            "edge.acmeRoots: is not used, as edge.tls is %s; set edge.tls to acme, or remove it"
                .formatted(tls));
  }

  @ParameterizedTest
  @CsvSource({
    "faas.oslo.internal, ends in .internal",
    "faas.local, ends in .local",
    "faas.lan, ends in .lan",
    "faas.home.arpa, ends in .arpa",
    "faas.test, ends in .test",
    "faas.example, ends in .example",
    "faas.invalid, ends in .invalid",
    "faas.localhost, ends in .localhost",
    "faas.onion, ends in .onion",
    "faas.corp, ends in .corp",
    "faas.example.com, ends in .example.com"
  })
  void refusesANameThatNoPublicAuthorityCertifies(String domain, String why) {
    assertThat(problems("set: {nordfaas:datacenter.domain: %s}".formatted(domain)))
        .containsExactly(
            "datacenter.domain: %s %s, which no public authority certifies; use a name below a registered domain, or set edge.acmeDirectory to an authority of your own, or edge.tls to certificate or internal"
                .formatted(domain, why));
  }

  @Test
  void refusesANameWithoutADot() {
    assertThat(problems("set: {nordfaas:datacenter.domain: oslo}"))
        .containsExactly(
            "datacenter.domain: oslo has no dot, and no public authority certifies such a name; use a name below a registered domain, or set edge.acmeDirectory to an authority of your own, or edge.tls to certificate or internal");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nordfaas:edge.tls: internal",
        "nordfaas:edge.tls: certificate",
        "nordfaas:edge.acmeDirectory: 'https://ca.example.no:9000/acme/directory'"
      })
  void allowsItWhereAnotherAuthorityCertifiesIt(String other) {
    assertThat(
            problems("set: {nordfaas:datacenter.domain: faas.oslo.internal, %s}".formatted(other)))
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://acme-staging-v02.api.letsencrypt.org/directory",
        "https://acme.zerossl.com/v2/DV90"
      })
  void knowsPublicAuthoritiesByTheirDirectory(String directory) {
    assertThat(
            problems(
                "set: {nordfaas:datacenter.domain: faas.lan, nordfaas:edge.acmeDirectory: '%s'}"
                    .formatted(directory)))
        .singleElement(STRING)
        .startsWith("datacenter.domain: faas.lan ends in .lan,");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"faas.oslo.example.no", "internal.example.no", "corporate.no", "xn--blbr-roah.no"})
  void allowsNamesThatOnlyLookAlike(String domain) {
    assertThat(problems("set: {nordfaas:datacenter.domain: %s}".formatted(domain))).isEmpty();
  }

  @Test
  void refusesAMailThatTheAuthorityRefuses() {
    assertThat(problems("set: {nordfaas:edge.acmeEmail: drift@Oslo.internal}"))
        .containsExactly(
            "edge.acmeEmail: drift@Oslo.internal is at no public domain, and the authority refuses it; use an address that mail from the internet reaches");
  }

  private static String roots(String pem) {
    return "nordfaas:edge.acmeRoots: \"%s\"".formatted(pem.replace("\n", "\\n"));
  }

  private static List<String> problems(String change) {
    return RuleCheck.problems(new AcmeRule(), change);
  }
}
