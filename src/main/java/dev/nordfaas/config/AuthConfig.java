package dev.nordfaas.config;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Who may use a route: one or several ways in, of which a caller needs one. */
public record AuthConfig(
    @Key(
            value = "Issuer in edge.issuers whose tokens are accepted (Authorization: Bearer).",
            pattern = Patterns.DNS_LABEL,
            hint = Patterns.DNS_LABEL_HINT,
            example = "maskinporten")
        Optional<String> issuer,
    @Key(
            value =
                "Audience that the token has to be for, one of the issuer's. Default: any of these.",
            pattern = Patterns.VISIBLE,
            hint = Patterns.AUDIENCE_HINT,
            example = "https://orders.example.no")
        Optional<String> audience,
    @Key(
            value = "Scopes that the token needs, all of them.",
            defaultValue = "[]",
            pattern = Patterns.VISIBLE,
            hint = Patterns.SCOPE_HINT,
            example = "[orders.write]")
        List<String> scopes,
    @Key(
            value =
                "Claims that the token needs, all of them, with their values; of a list, one element has to be the value.",
            defaultValue = "{}",
            keyPattern = Patterns.CLAIM,
            keyHint = Patterns.CLAIM_HINT,
            pattern = Patterns.TEXT,
            hint = Patterns.CLAIM_VALUE_HINT,
            example = "{consumer.ID: \"0192:991825827\"}")
        Map<String, String> claims,
    @Key(
            value = "Keys in edge.apiKeys that are accepted (X-Api-Key), by name.",
            defaultValue = "[]",
            pattern = Patterns.DNS_LABEL,
            hint = Patterns.DNS_LABEL_HINT,
            example = "[partner-a]")
        List<String> apiKeys,
    @Key("Client certificates that are accepted.") Optional<Mtls> mtls,
    @Key(
            value =
                "Keys in edge.apiKeys that are accepted as a user's password (Authorization: Basic), by name, which is the user's.",
            defaultValue = "[]",
            pattern = Patterns.DNS_LABEL,
            hint = Patterns.DNS_LABEL_HINT,
            example = "[ops]")
        List<String> basic,
    @Key(
            name = "public",
            value = "Whether anybody may use the route, without a credential; alone.",
            defaultValue = "false")
        boolean everybody) {

  /** Whether some credential lets a caller in. */
  public boolean asksForCredentials() {
    return issuer.isPresent() || !apiKeys.isEmpty() || mtls.isPresent() || !basic.isEmpty();
  }

  /** Client certificates of an authority of the user's own. */
  public record Mtls(
      @Key(
              value = "Authority in edge.authorities that issued them.",
              pattern = Patterns.DNS_LABEL,
              hint = Patterns.DNS_LABEL_HINT,
              example = "partners")
          String authority,
      @Key(
              value =
                  "Whom the certificates are for: their whole distinguished name, such as CN=NAME,O=ORGANIZATION, or a DNS name, URI or e-mail address among their alternative names.",
              notEmpty = true,
              pattern = Patterns.TEXT,
              hint = Patterns.CERTIFICATE_SUBJECT_HINT,
              example = "[client.example.no]")
          List<String> subjects) {}
}
