package dev.nordfaas.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.config.check.RuleCheck;
import dev.nordfaas.testing.CaddyServer;
import dev.nordfaas.testing.Jwks;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IssuerRuleTest {
  private static final String ISSUER = "edge.issuers.maskinporten";
  private static final String ROOT = CaddyServer.certificate("server").caCertificate();

  /** Oslo with an issuer whose keys are in the config. */
  private static final String PINNED =
      """
      remove: [nordfaas:edge.issuers.maskinporten.discovery, nordfaas:edge.issuers.maskinporten.country, nordfaas:edge.issuers.maskinporten.cidrs]
      set:
        nordfaas:edge.issuers.maskinporten.algorithms: [%s]
        nordfaas:edge.issuers.maskinporten.keys: '%s'
      """;

  @Test
  void allowsAnIssuerWithOneSourceOfItsKeys() {
    assertThat(problems("{}")).isEmpty();
    assertThat(
            problems(
                "{remove: [nordfaas:%1$s.discovery], set: {nordfaas:%1$s.jwks: https://maskinporten.no/jwk}}"
                    .formatted(ISSUER)))
        .isEmpty();
    assertThat(problems(PINNED.formatted("RS256", Jwks.of(Jwks.rsa(2048))))).isEmpty();
  }

  @Test
  void asksForASourceOfItsKeys() {
    assertThat(problems("remove: [nordfaas:%s.discovery]".formatted(ISSUER)))
        .containsExactly(ISSUER + ": says nowhere what its keys are; add discovery, jwks or keys");
  }

  @Test
  void refusesAnIssuerThatIsThereTwice() {
    assertThat(
            problems(
                """
                set:
                  nordfaas:edge.issuers.other:
                    issuer: https://maskinporten.no/
                    jwks: https://maskinporten.no/jwk
                    country: "NO"
                    cidrs: [198.51.100.0/24]
                    audiences: [a]
                """))
        .containsExactly(
            "edge.issuers.other.issuer: https://maskinporten.no/ is already issuer maskinporten; use that one, with all its audiences, in each auth");
  }

  @Test
  void refusesASecondSource() {
    assertThat(problems("set: {nordfaas:%s.jwks: https://maskinporten.no/jwk}".formatted(ISSUER)))
        .containsExactly(
            ISSUER + ".jwks: says again what the keys are, after discovery; keep one of them");
  }

  @Test
  void asksWhereTheHostOfTheKeysIs() {
    assertThat(problems("remove: [nordfaas:%1$s.country, nordfaas:%1$s.cidrs]".formatted(ISSUER)))
        .containsExactly(
            ISSUER
                + ".country: is missing, but the edge connects to maskinporten.no; add the country where that is, such as \"NO\"",
            ISSUER
                + ".cidrs: is missing, and network policies cannot use the name maskinporten.no; add the networks that the host is in, such as [198.51.100.0/24]");
  }

  @Test
  void refusesAHostInAnotherCountry() {
    assertThat(
            RuleCheck.problems(
                new ResidencyRule(), "set: {nordfaas:%s.country: \"SE\"}".formatted(ISSUER)))
        .containsExactly(
            ISSUER
                + ".country: \"SE\" is not on the allow-list: since Schrems II, data that leaves the EEA needs additional safeguards, so it stays in Norway; use \"NO\"");
  }

  @ParameterizedTest
  @CsvSource({
    "sts.windows.net, windows.net",
    "login.microsoftonline.com, microsoftonline.com",
    "accounts.google.com, google.com",
    "tenant.eu.auth0.com, auth0.com",
    "tenant.okta.com, okta.com"
  })
  void refusesAHostUnderTheLawOfAnother(String host, String domain) {
    assertThat(
            RuleCheck.problems(
                new ResidencyRule(),
                "set: {nordfaas:%s.discovery: https://%s/a/.well-known/openid-configuration}"
                    .formatted(ISSUER, host)))
        .containsExactly(
            ISSUER
                + ".discovery: "
                + domain
                + " is subject to the law of another country, wherever its disks are; use keys instead, so that the edge asks nobody");
  }

  @Test
  void refusesNetworksOfTheCluster() {
    assertThat(
            RuleCheck.problems(
                new EgressRule(),
                "set: {nordfaas:%s.cidrs: [203.0.113.0/24, 10.42.7.0/24, 192.0.2.10/32]}"
                    .formatted(ISSUER)))
        .containsExactly(
            ISSUER
                + ".cidrs[1]: 10.42.7.0/24 is within the network of the pods, 10.42.0.0/16; use a network outside the cluster; of one that contains it, it is left out",
            ISSUER
                + ".cidrs[2]: 192.0.2.10/32 is within the address of node oslo-1, 192.0.2.10; use a network outside the cluster; of one that contains it, it is left out");
  }

  @Test
  void refusesWhatIsOfNoUseWithKeysInTheConfig() {
    assertThat(
            problems(
                """
                remove: [nordfaas:%1$s.discovery]
                set:
                  nordfaas:%1$s.keys: '%2$s'
                  nordfaas:%1$s.roots: "%3$s"
                """
                    .formatted(ISSUER, Jwks.of(Jwks.rsa(2048)), ROOT.replace("\n", "\\n"))))
        .containsExactlyInAnyOrder(unused("country"), unused("cidrs"), unused("roots"));
  }

  private static String unused(String key) {
    return ISSUER
        + ".%s: is not used, as the keys are in the config and the edge connects to nobody; remove it, or use discovery or jwks instead of keys"
            .formatted(key);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ca.crt", "-----BEGIN PRIVATE KEY-----AAAA-----END PRIVATE KEY-----"})
  void refusesRootsThatAreNoPemAndDoesNotShowThem(String roots) {
    assertThat(problems("set: {nordfaas:%s.roots: '%s'}".formatted(ISSUER, roots)))
        .containsExactly(
            ISSUER
                + ".roots: is not one or more certificates in PEM; use blocks from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----, and nothing else");
  }

  @Test
  void refusesALargeLeeway() {
    assertThat(problems("set: {nordfaas:%s.leeway: 301s}".formatted(ISSUER)))
        .containsExactly(
            ISSUER
                + ".leeway: 301s is out of range; use 0s to 5m: the clocks of hosts are set over the network");
    assertThat(problems("set: {nordfaas:%s.leeway: 5m}".formatted(ISSUER))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "keys",
        "[]",
        "{}",
        "{\"keys\": []}",
        "{\"keys\": {}}",
        "{\"keys\": [], \"keys\": []}",
        "{\"keys\": []} {}"
      })
  void refusesKeysThatAreNoSetOfThem(String keys) {
    assertThat(problems(PINNED.formatted("RS256", keys)))
        .containsExactly(
            ISSUER
                + ".keys: is not a JWK set; use what the issuer's jwks_uri returns, such as '{\"keys\": [...]}'");
  }

  @Test
  void refusesAPrivateKeyAndDoesNotShowIt() {
    for (var member : List.of("d", "p", "q", "dp", "dq", "qi", "oth")) {
      var key = Jwks.with(Jwks.rsa(2048), member, "c2VjcmV0");
      assertThat(problems(PINNED.formatted("RS256", Jwks.of(Jwks.rsa(2048), key))))
          .as(member)
          .containsExactly(
              ISSUER
                  + ".keys: key 2 is private, and in plain text here; have the issuer replace it, as it is no longer private, and use its public keys");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"kty\": \"oct\"}", "{\"kty\": \"RSA\", \"k\": \"AAAA\"}"})
  void refusesASymmetricKey(String key) {
    assertThat(problems(PINNED.formatted("RS256", Jwks.of(key))))
        .containsExactly(
            ISSUER
                + ".keys: key 1 is symmetric: with it, the edge could not only check tokens but make them; use an issuer that signs with a private key");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "7",
        "{}",
        "{\"kty\": \"RSA\"}",
        "{\"kty\": \"RSA\", \"n\": \"AQAB\", \"e\": \"AQAB\"}",
        "{\"kty\": \"EC\", \"crv\": \"P-256\", \"x\": \"AQAB\", \"y\": \"AQAB\"}",
        "{\"kty\": \"EC\", \"crv\": \"secp256k1\", \"x\": \"AQAB\", \"y\": \"AQAB\"}",
        "{\"kty\": \"OKP\", \"crv\": \"X25519\", \"x\": \"AQAB\"}",
        "{\"kty\": \"OKP\", \"crv\": \"Ed25519\", \"x\": \"not base64\"}"
      })
  void refusesWhatIsNoPublicKey(String key) {
    assertThat(problems(PINNED.formatted("RS256", Jwks.of(key)))).containsExactly(noPublicKey());
  }

  /** The sets of many issuers have one: the edge would refuse the whole set. */
  @ParameterizedTest
  @CsvSource({"use, enc", "alg, RSA-OAEP", "alg, ES256"})
  void refusesAKeyThatIsNotForSignatures(String member, String value) {
    var other = Jwks.with(Jwks.rsa(2048), member, value);

    assertThat(problems(PINNED.formatted("RS256", Jwks.of(Jwks.rsa(2048), other))))
        .containsExactly(
            ISSUER
                + ".keys: key 2 is not for signatures that the edge checks, and it would not start with it; leave it out of the set");
  }

  @Test
  void allowsAKeyThatSaysWhatItIsFor() {
    var key = Jwks.with(Jwks.with(Jwks.rsa(2048), "use", "sig"), "alg", "PS256");

    assertThat(problems(PINNED.formatted("PS256", Jwks.of(key)))).isEmpty();
    assertThat(problems(PINNED.formatted("RS256", Jwks.of(key))))
        .containsExactly(
            ISSUER
                + ".keys: has no key for RS256; set algorithms to what the keys are for, such as PS256");
  }

  @Test
  void refusesAShortKey() {
    assertThat(problems(PINNED.formatted("RS256", Jwks.of(Jwks.rsa(1024)))))
        .containsExactly(noPublicKey());
  }

  private static String noPublicKey() {
    return ISSUER
        + ".keys: key 1 is no public key that signatures are checked with; use RSA with 2048 bits or more, EC with P-256, P-384 or P-521, or OKP with Ed25519";
  }

  @ParameterizedTest
  @CsvSource({"secp256r1, ES256", "secp384r1, ES384", "secp521r1, ES512"})
  void allowsEachCurveForItsAlgorithm(String curve, String algorithm) {
    var keys = Jwks.of(Jwks.ec(curve));

    assertThat(problems(PINNED.formatted(algorithm, keys))).isEmpty();
    assertThat(problems(PINNED.formatted("RS256, EdDSA", keys)))
        .containsExactly(
            ISSUER
                + ".keys: has no key for RS256, EdDSA; set algorithms to what the keys are for, such as "
                + algorithm);
  }

  @Test
  void allowsEd25519() {
    var key = "{\"kty\": \"OKP\", \"crv\": \"Ed25519\", \"x\": \"%s\"}".formatted("A".repeat(43));

    assertThat(problems(PINNED.formatted("EdDSA", Jwks.of(key)))).isEmpty();
  }

  private static List<String> problems(String patch) {
    return RuleCheck.problems(new IssuerRule(), patch);
  }
}
