package dev.nordfaas.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.config.check.RuleCheck;
import dev.nordfaas.testing.CaddyServer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
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

  private static String roots(String pem) {
    return "nordfaas:edge.acmeRoots: \"%s\"".formatted(pem.replace("\n", "\\n"));
  }

  private static List<String> problems(String change) {
    return RuleCheck.problems(new AcmeRule(), change);
  }
}
