package dev.nordfaas.config.check;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The edge's name as people write it. */
class DomainNameTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Faas.Oslo.Example.no | has capital letters; write faas.oslo.example.no
          faas.example.no. | ends in a dot; write faas.example.no
          *.example.no | is a wildcard, and the edge serves one name; write faas.example.no
          blåbær.no | has letters that DNS does not have; write xn--blbr-roah.no
          Ærlig.Blåbær.no. | ends in a dot; write xn--rlig-uoa.xn--blbr-roah.no
          https://faas.example.no/x | is a URL, not a name; write faas.example.no
          faas.example.no:8443 | has a port, and the edge always uses 443; write faas.example.no
          192.0.2.10 | is an IP address, and a certificate and the edge's routes are for a name; use a DNS name, such as faas.oslo.example.no
          2001:db8::1 | is an IP address, and a certificate and the edge's routes are for a name; use a DNS name, such as faas.oslo.example.no
          faas_oslo.example.no | is not valid; use a DNS name, such as faas.oslo.example.no
          -faas.example.no | is not valid; use a DNS name, such as faas.oslo.example.no
          """)
  void refusesWhatIsNoName(String domain, String problem) {
    assertThat(
            RuleCheck.problems(
                (config, plan, problems) -> {},
                "set: {nordfaas:datacenter.domain: \"%s\"}".formatted(domain)))
        .containsExactly("datacenter.domain: \"%s\" %s".formatted(domain, problem));
  }

  @ParameterizedTest
  @ValueSource(strings = {"faas.oslo.example.no", "xn--blbr-roah.no", "oslo", "1.example.no"})
  void allowsNames(String domain) {
    assertThat(
            RuleCheck.problems(
                (config, plan, problems) -> {},
                "set: {nordfaas:datacenter.domain: \"%s\"}".formatted(domain)))
        .isEmpty();
  }
}
