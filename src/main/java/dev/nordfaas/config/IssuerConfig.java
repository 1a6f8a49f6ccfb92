package dev.nordfaas.config;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Who issues tokens (JWT), and what the edge asks of them. */
public record IssuerConfig(
    @Key(
            value = "What the claim iss of a token has to be, exactly.",
            pattern = Patterns.ISSUER_URL,
            hint = Patterns.ISSUER_URL_HINT,
            example = "https://maskinporten.no/")
        String issuer,
    @Key(
            value =
                "URL of the issuer's metadata, which say where its keys are: on a host within cidrs, at the same port. Either this, jwks or keys.",
            pattern = Patterns.ISSUER_URL,
            hint = Patterns.ISSUER_URL_HINT,
            example = "https://maskinporten.no/.well-known/oauth-authorization-server")
        Optional<String> discovery,
    @Key(
            value = "URL of the issuer's public keys. Either this, discovery or keys.",
            pattern = Patterns.ISSUER_URL,
            hint = Patterns.ISSUER_URL_HINT,
            example = "https://maskinporten.no/jwk")
        Optional<String> jwks,
    @Key(
            value =
                "The issuer's public keys, as the JSON of a JWK set: the edge asks nobody. Either this, discovery or jwks.",
            example = "'{\"keys\": [...]}'")
        Optional<String> keys,
    @Key(
            value =
                "Country where the host of discovery or jwks is located, as ISO 3166-1 alpha-2 code, in quotes; required with these. Has to be on the allow-list, like datacenter.country.",
            pattern = Patterns.COUNTRY,
            hint = Patterns.COUNTRY_HINT,
            example = "\"NO\"")
        Optional<String> country,
    @Key(
            value =
                "Networks of the addresses of that host; required with discovery and jwks. The edge may connect only to these, at the port of the URL.",
            defaultValue = "[]",
            pattern = Cidr.PATTERN,
            hint = Cidr.HINT,
            example = "[198.51.100.0/24]")
        List<Cidr> cidrs,
    @Key(
            value =
                "PEM certificates of the authorities that issued that host's own certificate. Default: those that the image trusts.",
            example = "-----BEGIN CERTIFICATE-----")
        Optional<String> roots,
    @Key(
            value = "Whom tokens are for: a token needs one of them in its claim aud.",
            notEmpty = true,
            pattern = Patterns.VISIBLE,
            hint = Patterns.AUDIENCE_HINT,
            example = "[https://orders.example.no]")
        List<String> audiences,
    @Key(
            value = "Algorithms of signatures that are accepted.",
            defaultValue = "[RS256, ES256]",
            notEmpty = true,
            pattern = Patterns.SIGNATURE,
            hint = Patterns.SIGNATURE_HINT)
        List<String> algorithms,
    @Key(value = "How far the issuer's clock may be off, from 0s to 5m.", defaultValue = "30s")
        Duration leeway,
    @Key(
            value = "Claim that says who the caller is; dots lead into objects.",
            defaultValue = "sub",
            pattern = Patterns.CLAIM,
            hint = Patterns.CLAIM_HINT)
        String subject,
    @Key(
            value = "Claims that functions get, in Nordfaas-Caller-Claims; none by default.",
            defaultValue = "[]",
            pattern = Patterns.CLAIM,
            hint = Patterns.CLAIM_HINT,
            example = "[scope, consumer]")
        List<String> claims) {

  /** Where the edge asks for the issuer's keys; empty if they are in the config. */
  public Optional<HttpsUrl> host() {
    return discovery.or(() -> jwks).map(HttpsUrl::parse);
  }
}
